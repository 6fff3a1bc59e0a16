import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TelemetryStore, telemetryStore } from '../../src/local/kql/duckdb.ts';
import { type AlertEvaluation, evaluateAlerts } from '../../src/local/kql/evaluateAlerts.ts';
import type { Scenario } from './scenarios.ts';
import { NOW, startTelling, type Telling } from './telling.ts';

const heartbeats = (tell: Telling) => {
  tell.scan('kv-quiet', 15);
  tell.tick('token-refresh', 5);
};

const firing = (evaluations: readonly AlertEvaluation[]) =>
  Object.fromEntries(evaluations.filter(({ fires }) => fires).map(({ rule, alerts }) => [rule.name, alerts]));

/**
 * Lets each scenario happen and evaluates every rule on what the SDK emitted: one test a scenario. Once a
 * file, because the SDK is one per process.
 */
export const proveScenarios = (scenarios: readonly Scenario[]): void => {
  const { telling, take, close } = startTelling();
  let store: TelemetryStore;

  beforeAll(async () => {
    store = await telemetryStore();
    // The SDK starts with the first fact; spans that are made before are lost.
    telling.tick('token-refresh', 0);
    await take();
  });
  afterEach(() => store.clear());
  afterAll(async () => {
    store.close();
    await close();
  });

  describe('on telemetry that the real SDK emitted', () => {
    it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
      '%s',
      async (_name, scenario) => {
        if (scenario.silent === undefined) heartbeats(telling);
        scenario.happened(telling);
        const told = await take();
        // What happened last arrives first: no rule may go by the order of arrival.
        await store.insertEnvelopes(told.toReversed());
        const evaluations = await evaluateAlerts(store, NOW);
        const fired = firing(evaluations);
        expect(Object.keys(fired).sort()).toEqual(Object.keys(scenario.fires).sort());
        for (const [rule, alerts] of Object.entries(scenario.fires)) {
          expect(fired[rule]).toHaveLength(alerts.length);
          expect(fired[rule]).toEqual(
            expect.arrayContaining(alerts.map((alert) => expect.objectContaining(alert))),
          );
        }
        for (const [rule, words] of Object.entries(scenario.says ?? {}))
          expect(JSON.stringify(evaluations.find((one) => one.rule.name === rule)?.rows)).toMatch(words);
        if (scenario.spares === undefined) return;
        // Delivery is at least once: what comes close does not fire because it arrives again.
        await store.insertEnvelopes(told);
        expect(firing(await evaluateAlerts(store, NOW))).toEqual(fired);
      },
    );
  });
};
