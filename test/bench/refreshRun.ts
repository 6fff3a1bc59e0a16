import { refresherOf } from '../../src/lib/app/refresherOf.ts';
import type { Clock } from '../../src/lib/kernel/clock.ts';
import type { AuthorizationServer } from '../../src/lib/oauth/ports.ts';
import { createRedactor } from '../../src/lib/telemetry/redact.ts';
import { silentTelemetry } from '../../src/lib/telemetry/silentTelemetry.ts';
import { configOf } from '../fakes/config.ts';
import { fakeConnections } from '../fakes/fakeConnections.ts';
import { delayQueue } from './delayQueue.ts';
import { CLOUD_LATENCIES, refreshFleet } from './refreshFleet.ts';

export interface RefreshRunInput {
  readonly endpoints: readonly {
    readonly id: string;
    readonly grants: number;
    readonly maxRefreshPer10Minutes?: number;
  }[];
  readonly concurrency: number;
  readonly runs: number;
  readonly periodSeconds: number;
  /** So that only what Keywatch holds grows; with several runs a grant must be known when it comes again. */
  readonly forgetFinished: boolean;
}

export interface RefreshRun {
  readonly refreshed: number;
  /** Grants whose vault holds a token that no longer works. */
  readonly lost: number;
  readonly sent: number;
  /** From the run of the timer, and from the first message that a worker took, to the last refresh. */
  readonly sinceRunMs: number;
  readonly sinceFirstMs: number;
  /** When each endpoint was asked, in ms since the run. */
  readonly askedMs: Readonly<Record<string, readonly number[]>>;
}

/** Timer runs and workers of the production refresher over a fleet of due grants of strict providers. */
export const runRefresher = async (
  input: RefreshRunInput,
  time: Pick<Clock, 'monotonicMs' | 'sleep'>,
  onRefreshed: (count: number) => void = () => undefined,
): Promise<RefreshRun> => {
  const { endpoints, concurrency, runs, periodSeconds, forgetFinished } = input;
  const queue = delayQueue(time);
  const fleet = await refreshFleet({
    time,
    telemetry: silentTelemetry(() => undefined),
    dispatch: {
      async send(...sent) {
        queue.send(...sent);
        return { ok: true };
      },
    },
    rotation: { kind: 'strict' },
    latencyOf: CLOUD_LATENCIES,
  });
  const startMs = time.monotonicMs();
  const sinceRun = () => time.monotonicMs() - startMs;
  const askedMs = Object.fromEntries(endpoints.map(({ id }): [string, number[]] => [id, []]));
  const server: AuthorizationServer = {
    refresh(call) {
      askedMs[call.profile.id]?.push(sinceRun());
      return fleet.ports.server.refresh(call);
    },
  };
  const grants = endpoints.flatMap(({ grants: count, ...profile }) => fleet.grants(count, profile));
  const { clock, telemetry } = fleet.ports;
  const connections = { clock, telemetry, secrets: createRedactor(), refresh: { ...fleet.ports, server } };
  const refresher = refresherOf({ ...configOf(), grants }, fakeConnections(connections));

  let refreshed = 0;
  let lost = 0;
  let sent = 0;
  let firstMs: number | undefined;
  let lastMs = 0;
  const run = async () => {
    for (let run = 0; run < runs; run += 1) {
      if (run > 0) await time.sleep(Math.max(0, run * periodSeconds * 1000 - sinceRun()));
      const summary = await refresher.startRun(periodSeconds);
      if (summary.failed > 0) throw new Error(`the timer failed at ${summary.failed} grants`);
      sent += summary.sent.length;
    }
    queue.close();
  };
  const work = queue.drain(concurrency, async (message) => {
    firstMs ??= sinceRun();
    const outcome = await refresher.refresh(message);
    if (outcome?.kind !== 'refreshed') return;
    lastMs = sinceRun();
    refreshed += 1;
    if (!fleet.isKept(message.grantId)) lost += 1;
    if (forgetFinished) fleet.forget(message.grantId);
    onRefreshed(refreshed);
  });
  await Promise.all([run(), work]);
  return { refreshed, lost, sent, sinceRunMs: lastMs, sinceFirstMs: lastMs - (firstMs ?? 0), askedMs };
};
