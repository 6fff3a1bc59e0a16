import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alertRules, type Repeated } from '../../src/lib/alerts/alertRules.ts';
import {
  type AlertEvaluation,
  type Dimensions,
  evaluateAlerts,
} from '../../src/lib/alerts/evaluateAlerts.ts';
import { type TelemetryStore, telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { type Emitter, startEmitting } from './emitter.ts';
import type { Scenario } from './scenario.ts';
import { NOW } from './scenario.ts';

const heartbeats = (emit: Emitter) => {
  emit.scan('kv-quiet', 15);
  emit.run('token-refresh', 5);
  emit.run('credential-proof', 5);
};

/** Off by default, but no less proven. */
const EVERY_RULE = alertRules.map((rule) => ({ ...rule, enabled: true }));

const repeatedFor = (whom: Repeated['of']): string[] =>
  EVERY_RULE.filter(({ name, digest }) => name !== 'digest' && digest.some(({ of }) => of === whom)).map(
    ({ name }) => name,
  );
const REPEATED = repeatedFor('owner');
const OF_KEYWATCH = repeatedFor('keywatch');

const owners = (alerts: readonly Dimensions[] = []) =>
  [...new Set(alerts.map((alert) => `${alert['Deployment']}: ${alert['Owner']}`))].sort();

const firing = (evaluations: readonly AlertEvaluation[]) =>
  Object.fromEntries(evaluations.filter(({ fires }) => fires).map(({ rule, alerts }) => [rule.name, alerts]));

/**
 * Lets each scenario happen and evaluates the rules on what the SDK emitted: those that it is about, and in a test
 * of its own all of them. Once a file, because the SDK is one per process.
 */
export const proveScenarios = (scenarios: readonly Scenario[]): void => {
  const { emit, take, close } = startEmitting();
  let store: TelemetryStore;

  beforeAll(async () => {
    store = await telemetryStore();
    // The SDK starts with the first fact; spans that are made before are lost.
    emit.run('token-refresh', 0);
    await take();
  });
  afterEach(() => store.clear());
  afterAll(async () => {
    store.close();
    await close();
  });

  const happen = async (scenario: Scenario) => {
    if (scenario.silent === undefined) heartbeats(emit);
    scenario.happened(emit);
    const sent = await take();
    // What happened last arrives first: no rule may go by the order of arrival.
    await store.insertEnvelopes(sent.toReversed());
    await store.insertRows(scenario.signIns ?? []);
    return sent;
  };
  const evaluate = (names?: readonly string[]) =>
    evaluateAlerts(
      store,
      NOW,
      EVERY_RULE.filter(({ name }) => names === undefined || names.includes(name)),
    );

  describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    'on telemetry that the real SDK emitted: %s',
    (_name, scenario) => {
      const { fires, says = {}, spares } = scenario;

      it('fires what it is about, and spares what it comes close to', async () => {
        const sent = await happen(scenario);
        const fired = firing(await evaluate(Object.keys(fires)));
        expect(Object.keys(fired).sort()).toEqual(Object.keys(fires).sort());
        for (const [rule, alerts] of Object.entries(fires)) {
          expect(fired[rule]).toHaveLength(alerts.length);
          expect(fired[rule]).toEqual(
            expect.arrayContaining(alerts.map((alert) => expect.objectContaining(alert))),
          );
        }
        for (const [rule, words] of Object.entries(says)) {
          const [said] = await evaluate([rule]);
          expect(JSON.stringify(said?.rows)).toMatch(words);
        }
        if (spares === undefined) return;
        expect(firing(await evaluate(spares))).toEqual({});
        // Delivery is at least once: what comes close does not fire because it arrives again.
        await store.insertEnvelopes(sent);
        expect(firing(await evaluate(spares))).toEqual({});
      });

      it('fires nothing else, and the digest repeats it', { tags: ['exhaustive'] }, async () => {
        await happen(scenario);
        const fired = firing(await evaluate());
        const ofKeywatch = OF_KEYWATCH.flatMap((rule) => fired[rule] ?? []).map((alert) => ({
          ...alert,
          Owner: 'Keywatch itself',
        }));
        const repeated = owners([...REPEATED.flatMap((rule) => fired[rule] ?? []), ...ofKeywatch]);
        const digest = repeated.length > 0 ? ['digest'] : [];
        expect(Object.keys(fired).sort()).toEqual([...new Set([...Object.keys(fires), ...digest])].sort());
        expect(owners(fired['digest'])).toEqual(expect.arrayContaining(repeated));
        if (fires['digest'] === undefined) expect(owners(fired['digest'])).toEqual(repeated);
      });
    },
  );
};
