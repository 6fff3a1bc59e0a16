import type { Clock } from '../kernel/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { reportObserved } from './reportScan.ts';
import type { ScanRequest } from './rules/scanRequest.ts';
import type { Observe } from './scanTarget.ts';

/**
 * How many events one scan emits before it waits for them to be sent. The host hands an instance up to 24
 * messages of a queue at a time by default (a batch of 16 and half of the next), and telemetry holds 50,000
 * events: so vaults of any size are reported whole.
 */
export const EVENTS_BETWEEN_FLUSHES = 2_000;

export interface ReportPorts {
  readonly telemetry: Telemetry;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * Reports the credentials of one scan as {@link reportObserved} does, and holds the scan back while telemetry
 * is sent, so that the inventory of a large vault is neither dropped nor piled up in memory.
 * @param patienceMs how long it waits in all; after that an ingestion that is down no longer delays the scan,
 * and what telemetry cannot hold it drops and counts
 */
export const reportPaced = (
  { telemetry, clock }: ReportPorts,
  { runId, mode }: ScanRequest,
  patienceMs: number,
): Observe => {
  const report = reportObserved(telemetry, runId, mode);
  let leftMs = patienceMs;
  let unsent = 0;
  let sending: Promise<void> | undefined;

  const send = async (): Promise<void> => {
    const startedMs = clock.monotonicMs();
    await telemetry.flush(leftMs);
    leftMs -= clock.monotonicMs() - startedMs;
    sending = undefined;
  };

  return (assessment) => {
    unsent += report(assessment);
    if (sending === undefined && unsent >= EVENTS_BETWEEN_FLUSHES && leftMs > 0) {
      unsent = 0;
      sending = send();
    }
    return sending;
  };
};
