import { beforeAll, describe, expect, it } from 'vitest';
import { alertRules, type Repeated } from '../../src/lib/alerts/alertRules.ts';
import type { Dimensions } from '../../src/lib/alerts/evaluateAlerts.ts';
import { ALL_SCENARIOS } from './allScenarios.ts';
import { evaluateScenarios, type Fired, type Outcome } from './evaluateScenarios.ts';
import type { Scenario } from './scenario.ts';

let evaluated: Awaited<ReturnType<typeof evaluateScenarios>>;
beforeAll(async () => {
  evaluated = await evaluateScenarios(ALL_SCENARIOS);
}, 120_000);

const repeatedFor = (whom: Repeated['of']): string[] =>
  alertRules
    .filter(({ name, digest }) => name !== 'digest' && digest.some(({ of }) => of === whom))
    .map(({ name }) => name);
const REPEATED = repeatedFor('owner');
const OF_KEYWATCH = repeatedFor('keywatch');

const ownersOf = (alerts: readonly Dimensions[] = []) =>
  [...new Set(alerts.map((alert) => alert['Owner']))].sort();

/** Of whom the digest must tell: the owners of what fires, and Keywatch itself. */
const ownersToTell = (fired: Fired) => {
  const alertsOf = (rules: readonly string[]) => rules.flatMap((rule) => fired[rule]?.alerts ?? []);
  return ownersOf([
    ...alertsOf(REPEATED),
    ...alertsOf(OF_KEYWATCH).map((alert) => ({ ...alert, Owner: 'Keywatch itself' })),
  ]);
};

const expectWhatItNames = ({ fires, says = {} }: Scenario, fired: Fired) => {
  const owners = ownersToTell(fired);
  const digest = owners.length > 0 ? ['digest'] : [];
  expect(Object.keys(fired).sort()).toEqual([...new Set([...Object.keys(fires), ...digest])].sort());
  for (const [rule, alerts] of Object.entries(fires))
    expect([rule, fired[rule]?.alerts]).toEqual([
      rule,
      expect.arrayContaining(alerts.map((alert) => expect.objectContaining(alert))),
    ]);
  for (const [rule, words] of Object.entries(says))
    expect(`${rule}: ${JSON.stringify(fired[rule]?.rows)}`).toMatch(words);
  const told = ownersOf(fired['digest']?.alerts);
  if (fires['digest'] === undefined) expect(told).toEqual(owners);
  else expect(told).toEqual(expect.arrayContaining(owners));
};

const countsOf = (alertsByRule: Readonly<Record<string, readonly unknown[]>>) =>
  Object.fromEntries(Object.entries(alertsByRule).map(([rule, alerts]) => [rule, alerts.length]));

describe.each(ALL_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  'on telemetry that the real SDK emitted: %s',
  (_name, scenario) => {
    const outcome = () => evaluated.outcomes.get(scenario) as Outcome;

    it('fires what it names, one alert each and nothing else, and the digest repeats it', () => {
      const { once } = outcome();
      expectWhatItNames(scenario, once);
      const fired = Object.keys(scenario.fires).map((rule) => [rule, once[rule]?.alerts ?? []]);
      expect(countsOf(Object.fromEntries(fired))).toEqual(countsOf(scenario.fires));
    });

    // Delivery is at least once.
    it('fires the same rules and no other where all of it arrives twice', () => {
      expectWhatItNames(scenario, outcome().twice);
    });
  },
);

it('no alert is about a deployment in which nothing happened, or stands for several', () => {
  expect(evaluated.ofNobody).toEqual({});
});

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
