import { describe, expect, it } from 'vitest';
import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import { ALL_SCENARIOS } from './allScenarios.ts';
import { proveScenarios } from './proveScenarios.ts';

proveScenarios(ALL_SCENARIOS);

describe.each(alertRules.map(({ name }) => name))('the rule %s', (rule) => {
  it('is proven both ways: one scenario makes it fire, another comes close', () => {
    expect(ALL_SCENARIOS.filter(({ fires }) => rule in fires).length).toBeGreaterThan(0);
    expect(ALL_SCENARIOS.filter(({ spares = [] }) => spares.includes(rule)).length).toBeGreaterThan(0);
  });
});

it('no scenario names a rule that is not there, spares one that fires, or shares its name', () => {
  const rules = alertRules.map(({ name }) => name);
  const named = ALL_SCENARIOS.flatMap(({ fires, spares = [] }) => [...Object.keys(fires), ...spares]);
  expect(named.filter((rule) => !rules.includes(rule))).toEqual([]);
  expect(ALL_SCENARIOS.filter(({ fires, spares = [] }) => spares.some((rule) => rule in fires))).toEqual([]);
  expect(new Set(ALL_SCENARIOS.map(({ name }) => name)).size).toBe(ALL_SCENARIOS.length);
  expect(ALL_SCENARIOS.length).toBeGreaterThanOrEqual(30);
});
