import type { Clock } from '../kernel/clock.ts';
import { eachOf } from '../kernel/eachOf.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { JobRunStore, ScanDispatch } from './ports.ts';
import type { ScanRequest } from './rules/scanRequest.ts';

export interface FirstScanPorts {
  readonly jobRuns: JobRunStore;
  readonly dispatch: ScanDispatch;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'failure'>;
  readonly startScan: () => Promise<readonly ScanRequest[]>;
}

const DONE = 'first-scan';
const BEGUN = 'first-scan-begun';
/** How long one that was begun is left to whoever began it: shorter than the refresh timer takes to start an instance. */
const LEFT_ALONE_MS = 5 * 60_000;
const SENT_AT_A_TIME = 16;

/**
 * Asks for a scan of everything when there never was one, so that nobody waits for the timer of a fresh
 * deployment. It is noted as begun before the first message leaves: the messages bring up instances, and
 * each of these would otherwise ask for everything again. Two that start at once may still both do it:
 * that is harmless. It is done when every request is queued; until then a later instance tries again.
 * @returns how many vaults are scanned for it: none when there was a first scan before, or nobody knows
 */
export const startFirstScan = async (ports: FirstScanPorts): Promise<number> => {
  const { jobRuns, clock, telemetry, startScan } = ports;
  const nowEpochMs = clock.nowEpochMs();

  const reading = await jobRuns.read();
  if (!reading.ok) telemetry.failure(reading);
  if (!reading.ok || reading.doneEpochMs.has(DONE)) return 0;
  const begunEpochMs = reading.doneEpochMs.get(BEGUN);
  if (begunEpochMs !== undefined && Math.abs(nowEpochMs - begunEpochMs) < LEFT_ALONE_MS) return 0;
  const begun = await jobRuns.record(BEGUN, nowEpochMs);
  if (!begun.ok) {
    telemetry.failure(begun);
    return 0;
  }

  const requests = await startScan();
  const { sent, failure } = await sendAll(ports, requests);
  if (failure !== undefined) telemetry.failure(failure);
  if (requests.length > 0 && failure === undefined) {
    const done = await jobRuns.record(DONE, clock.nowEpochMs());
    if (!done.ok) telemetry.failure(done);
  }
  return sent;
};

/** Stops at the first refusal: the queue is the same for all, and one fault is reported once. */
const sendAll = async ({ dispatch }: FirstScanPorts, requests: readonly ScanRequest[]) => {
  let sent = 0;
  let failure: StoreFailure | undefined;
  await eachOf(requests, SENT_AT_A_TIME, async (request) => {
    if (failure !== undefined) return;
    const answer = await dispatch.send(request);
    if (answer.ok) sent += 1;
    else failure ??= answer;
  });
  return { sent, failure };
};
