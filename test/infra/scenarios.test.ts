import { expect, it } from 'vitest';
import { alertRules } from '../../src/local/kql/alertRules.ts';
import { proveScenarios } from './proveScenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import { GRANT_AND_CALL_SCENARIOS } from './scenariosOfGrantsAndCalls.ts';
import { ROUND_SCENARIOS } from './scenariosOfRounds.ts';
import { TARGET_SCENARIOS } from './scenariosOfTargets.ts';

const ALL = [...SCENARIOS, ...ROUND_SCENARIOS, ...GRANT_AND_CALL_SCENARIOS, ...TARGET_SCENARIOS];

proveScenarios(ALL);

it('every rule fires in some scenario and is quiet in most', () => {
  const fired = ALL.flatMap(({ fires }) => Object.keys(fires));
  expect([...new Set(fired)].sort()).toEqual(alertRules.map(({ name }) => name).sort());
  expect(ALL.length).toBeGreaterThanOrEqual(30);
});
