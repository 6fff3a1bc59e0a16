import type { Clock } from '../kernel/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { DailyReport } from './dailyReport.ts';
import { planScan, type ScanScope } from './planScan.ts';
import type { PoisonQueues } from './ports/poisonQueues.ts';
import type { VaultDiscovery } from './ports/vaultDiscovery.ts';
import { reportPoisonCounts } from './reportPoisonCounts.ts';
import { reportDiscovery, reportNothingToScan, reportRequested } from './reportScan.ts';
import type { ScanRequest } from './rules/scanRequest.ts';

export interface StartScanPorts {
  readonly discovery: VaultDiscovery;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Telemetry;
  readonly dailyReports: DailyReport;
  /** Absent where no queue service is named. */
  readonly poisonQueues: PoisonQueues | undefined;
  readonly newScanId: () => string;
}

export interface StartScanScope extends ScanScope {
  /** What a vault is called in telemetry. */
  nameOf(vaultUrl: string): string;
}

export interface ScanRun {
  /** Absent before the first run. */
  readonly lastRunEpochMs: number | undefined;
  /** Between two runs; absent where nobody knows. */
  readonly periodSeconds: number | undefined;
}

/**
 * What a run of the scan timer does: decides what is scanned and how much is reported it, and tells what
 * it asks for, so that a vault which never answers is missed for as long as it is asked for.
 * @returns one request per vault, to be queued by the caller
 */
export const startScan = async (
  { discovery, clock, telemetry, dailyReports, poisonQueues, newScanId }: StartScanPorts,
  scope: StartScanScope,
  { lastRunEpochMs, periodSeconds }: ScanRun,
): Promise<readonly ScanRequest[]> => {
  const isDue = await dailyReports.whatIsDue(lastRunEpochMs);
  const modeOf = (vaultUrl: string) => (isDue(vaultUrl) ? 'full' : 'attention');
  const startedMs = clock.monotonicMs();
  const { requests, found, discoveryFailure: failure } = await planScan(discovery, scope, modeOf, newScanId);
  if (scope.subscriptionIds.length > 0) {
    const durationMs = clock.monotonicMs() - startedMs;
    reportDiscovery(telemetry, { runId: newScanId(), vaults: found, failure, durationMs });
  }
  if (failure === undefined && requests.length === 0) reportNothingToScan(telemetry);
  for (const { vaultUrl, runId, mode } of requests)
    reportRequested(telemetry, { vault: scope.nameOf(vaultUrl), runId, mode, periodSeconds });
  if (poisonQueues !== undefined) reportPoisonCounts(telemetry, await poisonQueues.counts());
  return requests;
};
