import type { Clock } from '../kernel/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { DailyReport } from './dailyReport.ts';
import { findTargets, planScan } from './planScan.ts';
import type { CredentialSource, PoisonQueues } from './ports.ts';
import { reportDiscovery, reportNothingToScan, reportPoisonCounts, reportRequested } from './reportScan.ts';
import type { ScanRequest } from './rules/scanRequest.ts';

export interface StartScanPorts {
  readonly sources: readonly CredentialSource[];
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Telemetry;
  readonly dailyReports: DailyReport;
  /** Absent where no queue service is named. */
  readonly poisonQueues: PoisonQueues | undefined;
  readonly newScanId: () => string;
}

export interface ScanRun {
  /** Absent before the first run. */
  readonly lastRunEpochMs: number | undefined;
  /** Between two runs; absent where nobody knows. */
  readonly periodSeconds: number | undefined;
}

/**
 * What a run of the scan timer does: decides what is scanned and how much of it is reported, and reports
 * what it asks for, so that a target which never answers is missed for as long as it is asked for.
 * @returns one request per target, to be queued by the caller
 */
export const startScan = async (
  { sources, clock, telemetry, dailyReports, poisonQueues, newScanId }: StartScanPorts,
  { lastRunEpochMs, periodSeconds }: ScanRun,
): Promise<readonly ScanRequest[]> => {
  const search = async () => {
    const startedMs = clock.monotonicMs();
    const found = await findTargets(sources);
    return { found, durationMs: clock.monotonicMs() - startedMs };
  };
  // None of them waits for another.
  const [isDue, { found, durationMs }, poisonCounts] = await Promise.all([
    dailyReports.whatIsDue(lastRunEpochMs),
    search(),
    poisonQueues?.counts() ?? [],
  ]);
  const plan = planScan(found, (target) => (isDue(target) ? 'full' : 'attention'), newScanId);
  for (const discovery of plan.discoveries)
    reportDiscovery(telemetry, { ...discovery, runId: newScanId(), durationMs });
  const { requests } = plan;
  if (plan.discoveryFailures.length === 0 && requests.length === 0) reportNothingToScan(telemetry);
  for (const { source, target, runId, mode } of requests) {
    const vault = sources.find(({ name }) => name === source)?.policyOf(target).name ?? target;
    reportRequested(telemetry, source, { vault, runId, mode, periodSeconds });
  }
  reportPoisonCounts(telemetry, poisonCounts);
  return requests;
};
