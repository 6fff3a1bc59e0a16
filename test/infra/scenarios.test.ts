import { expect, it } from 'vitest';
import { alertRules } from '../../src/local/kql/alertRules.ts';
import { proveScenarios } from './proveScenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import { GRANT_AND_CALL_SCENARIOS } from './scenariosOfGrantsAndCalls.ts';
import { ROUND_SCENARIOS } from './scenariosOfRounds.ts';

proveScenarios([...SCENARIOS, ...ROUND_SCENARIOS]);

it('every rule fires in some scenario and is quiet in most', () => {
  const all = [...SCENARIOS, ...ROUND_SCENARIOS, ...GRANT_AND_CALL_SCENARIOS];
  const fired = all.flatMap(({ fires }) => Object.keys(fires));
  expect([...new Set(fired)].sort()).toEqual(alertRules.map(({ name }) => name).sort());
  expect(all.length).toBeGreaterThanOrEqual(30);
});
