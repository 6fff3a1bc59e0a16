import { alertRules } from '../../src/lib/alerts/alertRules.ts';
import { type AlertEvaluation, evaluateAlerts } from '../../src/lib/alerts/evaluateAlerts.ts';
import { telemetryStore } from '../../src/local/telemetry/telemetryStore.ts';
import { CAPTURED_DEPLOYMENT } from '../fakes/captureTelemetry.ts';
import { type Emitter, startEmitting } from './emitter.ts';
import { NOW, type Scenario } from './scenario.ts';

/** By the name of each rule that fires, its rows and its alerts. */
export type Fired = Readonly<Record<string, Pick<AlertEvaluation, 'rows' | 'alerts'>>>;

/** What fires in the two deployments of a scenario: the telemetry of one arrived once, that of the other twice. */
export type Outcome = Readonly<Record<'once' | 'twice', Fired>>;

/** Off by default, but no less proven. */
const EVERY_RULE = alertRules.map((rule) => ({ ...rule, enabled: true }));

const heartbeats = (emit: Emitter) => {
  emit.scan('kv-quiet', 15);
  emit.run('token-refresh', 5);
  emit.run('credential-proof', 5);
};

type Names = readonly (readonly [from: string, to: string])[];

/** A deployment has an id, hosts and applications of its own; in Azure its id is the name of its role, too. */
const namesOf = (id: string): Names => [
  [CAPTURED_DEPLOYMENT, `kw-${id}`],
  ['"ai.cloud.role":"keywatch"', `"ai.cloud.role":"kw-${id}"`],
  ['.example', `.of-${id}.example`],
  ['-8000-', `-${id}-`],
];
const renamed = <T>(value: T, names: Names): T =>
  JSON.parse(names.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)));

/** Calls and requests are reported by the role that makes or answers them, whoever deployed the rule. */
const deploymentOf = (row: Readonly<Record<string, unknown>>) => row['AppRoleName'] ?? row['Deployment'];

const firedOf = (
  evaluations: readonly AlertEvaluation[],
  isMeant: (deployment: unknown) => boolean = () => true,
): Fired => {
  const meant = <R extends object>(rows: readonly R[]) =>
    rows.filter((row) => isMeant(deploymentOf(row as Record<string, unknown>)));
  return Object.fromEntries(
    evaluations
      .map(({ rule, rows, alerts }) => [rule.name, { rows: meant(rows), alerts: meant(alerts) }] as const)
      .filter(([, { rows }]) => rows.length > 0),
  );
};
const firedIn = (evaluations: readonly AlertEvaluation[], id: string): Fired =>
  renamed(
    firedOf(evaluations, (deployment) => deployment === `kw-${id}`),
    namesOf(id).map(([common, own]) => [own, common]),
  );

/** The scenarios as the SDK emits them, one after the other. It is one per process. */
const emitted = async (scenarios: readonly Scenario[]) => {
  const { emit, take, close } = startEmitting();
  // The SDK starts with the first fact; spans that are made before are lost.
  emit.run('token-refresh', 0);
  await take();
  const all = [];
  for (const [index, scenario] of scenarios.entries()) {
    if (scenario.silent === undefined) heartbeats(emit);
    scenario.happened(emit);
    all.push({ scenario, sent: await take(), once: `${8100 + index}`, twice: `${8500 + index}` });
  }
  await close();
  return all;
};

/**
 * Lets every scenario happen in one workspace, each in two deployments, and evaluates each rule once over all of them.
 * Where nothing at all is sent, the workspace is empty. The rows of no deployment that is there are those of nobody.
 */
export const evaluateScenarios = async (
  scenarios: readonly Scenario[],
): Promise<{ outcomes: ReadonlyMap<Scenario, Outcome>; ofNobody: Fired }> => {
  const store = await telemetryStore();
  const silence = firedOf(await evaluateAlerts(store, NOW, EVERY_RULE));
  const all = await emitted(scenarios);
  const once = all.flatMap((one) => renamed(one.sent, namesOf(one.once)));
  const twice = all.flatMap((one) => renamed(one.sent, namesOf(one.twice)));
  // What happened last arrives first: no rule may go by the order of arrival.
  await store.insertEnvelopes([...once, ...twice].toReversed());
  await store.insertEnvelopes(twice);
  const signIns = all.flatMap(({ scenario, ...ids }) =>
    [ids.once, ids.twice, ids.twice].flatMap((id) => renamed(scenario.signIns ?? [], namesOf(id))),
  );
  await store.insertRows(signIns);
  const evaluations = await evaluateAlerts(store, NOW, EVERY_RULE);
  await store.close();

  const deployments = new Set(all.flatMap((one) => [`kw-${one.once}`, `kw-${one.twice}`]));
  const outcomeOf = ({ sent, ...ids }: (typeof all)[number]): Outcome =>
    sent.length === 0
      ? { once: silence, twice: silence }
      : { once: firedIn(evaluations, ids.once), twice: firedIn(evaluations, ids.twice) };
  return {
    outcomes: new Map(all.map((one) => [one.scenario, outcomeOf(one)])),
    ofNobody: firedOf(evaluations, (deployment) => !deployments.has(String(deployment))),
  };
};
