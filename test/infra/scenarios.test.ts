import { describe, expect, it } from 'vitest';
import { alertRules } from '../../src/local/kql/alertRules.ts';
import { proveScenarios } from './proveScenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import { DISORDER_SCENARIOS } from './scenariosOfDisorder.ts';
import { GRANT_SCENARIOS } from './scenariosOfGrants.ts';
import { GRANT_AND_CALL_SCENARIOS } from './scenariosOfGrantsAndCalls.ts';
import { ROUND_SCENARIOS } from './scenariosOfRounds.ts';
import { TARGET_SCENARIOS } from './scenariosOfTargets.ts';

const ALL = [
  ...SCENARIOS,
  ...ROUND_SCENARIOS,
  ...GRANT_SCENARIOS,
  ...GRANT_AND_CALL_SCENARIOS,
  ...TARGET_SCENARIOS,
  ...DISORDER_SCENARIOS,
];

proveScenarios(ALL);

describe.each(alertRules.map(({ name }) => name))('the rule %s', (rule) => {
  it('is proven both ways: one scenario makes it fire, another comes close', () => {
    expect(ALL.filter(({ fires }) => rule in fires).length).toBeGreaterThan(0);
    expect(ALL.filter(({ spares = [] }) => spares.includes(rule)).length).toBeGreaterThan(0);
  });
});

it('no scenario names a rule that is not there, spares one that fires, or shares its name', () => {
  const rules = alertRules.map(({ name }) => name);
  const named = ALL.flatMap(({ fires, spares = [] }) => [...Object.keys(fires), ...spares]);
  expect(named.filter((rule) => !rules.includes(rule))).toEqual([]);
  expect(ALL.filter(({ fires, spares = [] }) => spares.some((rule) => rule in fires))).toEqual([]);
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  expect(ALL.length).toBeGreaterThanOrEqual(30);
});
