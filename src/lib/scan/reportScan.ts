import { RUN_MODES, type SightMode } from '../credentials/runModes.ts';
import { CREDENTIAL_SOURCES, type SourceName, WHERE_TO_NAME_TARGETS } from '../credentials/sources.ts';
import { needsAttention, STATUSES_WORST_FIRST } from '../credentials/statuses.ts';
import { permanentFailure } from '../kernel/failure.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { EventAttributes } from '../telemetry/catalog.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { PoisonCount, SourceDiscovery } from './ports.ts';
import { CLOCK_SKEW_ACTION, describeClockSkew } from './rules/clockSkew.ts';
import type { Assessment } from './rules/credential.ts';
import { describeRenewal } from './rules/renewal.ts';
import type { TargetScan } from './scanTarget.ts';

/**
 * Reports credentials as a scan sees them: those that need attention, or all when the mode says so.
 * @returns for each, how many events it took
 */
export const reportObserved =
  (telemetry: Telemetry, runId: string, mode: SightMode) =>
  (assessment: Assessment): number => {
    const { reportsAll } = RUN_MODES[mode];
    if (!reportsAll && !needsAttention(assessment)) return 0;
    const { credentialId, kind, vault, name, version, status, owner, runbook, targets } = assessment;
    const { suppressed, findings } = assessment;
    telemetry.event('keywatch.credential.observed', {
      credentialId,
      kind,
      vault,
      name,
      version,
      appId: assessment.appId,
      rotation: assessment.rotationId,
      createdOn: assessment.createdEpochMs,
      status,
      expiresOn: assessment.expiresOnEpochMs,
      notBefore: assessment.notBeforeEpochMs,
      warningAt: assessment.warningAtEpochMs,
      criticalAt: assessment.criticalAtEpochMs,
      alertUntil: assessment.alertUntilEpochMs,
      owner,
      ownerUnread: assessment.isOwnerUnread === true ? true : undefined,
      runbook,
      targets: targets?.join(','),
      suppressed,
      snoozedUntil: assessment.snoozedUntilEpochMs,
      renewal: assessment.renewal && describeRenewal(assessment.renewal),
      findings: findings.length === 0 ? undefined : [...new Set(findings.map(({ code }) => code))].join(','),
      runId,
      mode,
    });
    if (!reportsAll) return 1;
    for (const { code, detail } of findings) {
      telemetry.event('keywatch.finding.observed', {
        credentialId,
        vault,
        finding: code,
        detail,
        owner,
        runbook,
        suppressed,
        runId,
      });
    }
    return 1 + findings.length;
  };

/** Reports that the scan of a target is asked for: whoever is asked and never ends a run is missed. */
export const reportRequested = (
  telemetry: Telemetry,
  source: SourceName,
  request: Omit<EventAttributes<'keywatch.run.requested'>, 'job'>,
): void => telemetry.event('keywatch.run.requested', { job: CREDENTIAL_SOURCES[source].job, ...request });

/** Reports how the scan of one target ended: the heartbeat, the counts (zeros too), and what went wrong. */
export const reportScan = (telemetry: Telemetry, scan: TargetScan): void => {
  const { vault, runId, mode, outcome, failure, counts, pages, durationMs } = scan;
  const { byStatus, ...totals } = counts;
  telemetry.event('keywatch.run.completed', {
    job: CREDENTIAL_SOURCES[scan.source].job,
    vault,
    runId,
    mode,
    outcome,
    reason: failure?.reason,
    httpStatus: failure?.httpStatus,
    pages,
    durationMs,
    ...byStatus,
    ...totals,
  });
  telemetry.metric('keywatch.scan.duration', durationMs / 1000, { vault, outcome });
  telemetry.metric('keywatch.scan.pages', pages, { vault });
  if (failure === undefined) reportCounts(telemetry, scan);
  // By the name that tables and alerts show: the adapter knows the address alone.
  else telemetry.failure({ ...failure, subject: { ...failure.subject, vault } });
  reportClockSkew(telemetry, scan);
};

/** Of a complete scan only: counts of half a target would look like credentials that went away. */
const reportCounts = (telemetry: Telemetry, { vault, counts }: TargetScan): void => {
  for (const status of STATUSES_WORST_FIRST) {
    telemetry.metric('keywatch.credentials', counts.byStatus[status], { vault, status });
  }
};

const reportClockSkew = (telemetry: Telemetry, { vault, clockSkewMs }: TargetScan): void => {
  const message = describeClockSkew(vault, clockSkewMs);
  if (message === undefined) return;
  const action = CLOCK_SKEW_ACTION;
  telemetry.failure(permanentFailure({ code: 'clock_skew', message, action, subject: { vault } }));
};

/** How the search for the targets of a source ended. */
export interface DiscoveryRun extends SourceDiscovery {
  readonly source: SourceName;
  readonly runId: string;
  readonly durationMs: number;
}

/** Reports how a search for targets ended. Where it failed, whatever is only there is not watched now. */
export const reportDiscovery = (telemetry: Telemetry, run: DiscoveryRun): void => {
  const { source, runId, found, failure, durationMs } = run;
  telemetry.event('keywatch.run.completed', {
    job: CREDENTIAL_SOURCES[source].discoveryJob,
    runId,
    mode: 'timer',
    outcome: failure === undefined ? 'complete' : 'failed',
    reason: failure?.reason,
    httpStatus: failure?.httpStatus,
    objects: found,
    pages: 0,
    durationMs,
  });
  if (failure !== undefined) telemetry.failure(failure);
};

/** Reports that a run found nothing to scan: an empty list would look like health otherwise. */
export const reportNothingToScan = (telemetry: Telemetry): void =>
  telemetry.failure(
    permanentFailure({
      code: 'nothing_to_scan',
      message: 'There is nothing to scan: nothing is named, and nothing was found where it was looked for.',
      action: `Name ${WHERE_TO_NAME_TARGETS}; of subscriptions, check that the scanner identity has Key Vault Reader there.`,
    }),
  );

/** Reports how much work was given up on, zeros too; a queue that could not be asked is reported as that. */
export const reportPoisonCounts = (
  telemetry: Pick<Telemetry, 'metric' | 'failure'>,
  counts: readonly (PoisonCount | StoreFailure)[],
): void => {
  for (const count of counts) {
    if (count.ok) telemetry.metric('keywatch.queue.poison', count.messages, { queue: count.queue });
    else telemetry.failure(count);
  }
};
