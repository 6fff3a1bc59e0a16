import type { AzureFailure } from '../azure/azureErrorReason.ts';
import { needsAttention, STATUSES_WORST_FIRST } from '../credentials/statuses.ts';
import { permanentFailure } from '../kernel/failure.ts';
import type { EventAttributes } from '../telemetry/catalog.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { CLOCK_SKEW_ACTION, describeClockSkew } from './rules/clockSkew.ts';
import type { Assessment } from './rules/credential.ts';
import type { ScanMode } from './rules/vaultScan.ts';
import type { VaultScan } from './scanVault.ts';

/**
 * Reports credentials as a scan sees them: those that need attention, or all when the mode says so.
 * @returns for each, how many events it took
 */
export const reportObserved =
  (telemetry: Telemetry, runId: string, mode: ScanMode | 'object') =>
  (assessment: Assessment): number => {
    if (mode === 'attention' && !needsAttention(assessment)) return 0;
    const { credentialId, kind, vault, name, version, status, owner, runbook, targets } = assessment;
    const { suppressed, findings } = assessment;
    telemetry.event('keywatch.credential.observed', {
      credentialId,
      kind,
      vault,
      name,
      version,
      createdOn: assessment.createdEpochMs,
      status,
      expiresOn: assessment.expiresOnEpochMs,
      notBefore: assessment.notBeforeEpochMs,
      warningAt: assessment.warningAtEpochMs,
      criticalAt: assessment.criticalAtEpochMs,
      alertUntil: assessment.alertUntilEpochMs,
      owner,
      runbook,
      targets: targets?.join(','),
      suppressed,
      snoozedUntil: assessment.snoozedUntilEpochMs,
      findings: findings.length === 0 ? undefined : [...new Set(findings.map(({ code }) => code))].join(','),
      runId,
      mode,
    });
    if (mode === 'attention') return 1;
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

/** Reports that the scan of a vault is asked for: whoever is asked and never ends a run is missed. */
export const reportRequested = (
  telemetry: Telemetry,
  request: Omit<EventAttributes<'keywatch.run.requested'>, 'job'>,
): void => telemetry.event('keywatch.run.requested', { job: 'keyvault-scan', ...request });

/** Reports how the scan of one vault ended: the heartbeat, the counts (zeros too), and what went wrong. */
export const reportScan = (telemetry: Telemetry, scan: VaultScan): void => {
  const { vault, runId, mode, outcome, failure, counts, pages, durationMs } = scan;
  const { byStatus, ...totals } = counts;
  telemetry.event('keywatch.run.completed', {
    job: 'keyvault-scan',
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
  else telemetry.failure(failure);
  reportClockSkew(telemetry, scan);
};

/** Of a complete scan only: counts of half a vault would look like credentials that went away. */
const reportCounts = (telemetry: Telemetry, { vault, counts }: VaultScan): void => {
  for (const status of STATUSES_WORST_FIRST) {
    telemetry.metric('keywatch.credentials', counts.byStatus[status], { vault, status });
  }
};

const reportClockSkew = (telemetry: Telemetry, { vault, clockSkewMs }: VaultScan): void => {
  const message = describeClockSkew(vault, clockSkewMs);
  if (message === undefined) return;
  const action = CLOCK_SKEW_ACTION;
  telemetry.failure(permanentFailure({ code: 'clock_skew', message, action, subject: { vault } }));
};

/** How the search for the vaults of subscriptions ended. */
export interface DiscoveryRun {
  readonly runId: string;
  readonly vaults: number;
  readonly failure: AzureFailure | undefined;
  readonly durationMs: number;
}

/** Reports how a search for vaults ended. Where it failed, whatever is only there is not watched now. */
export const reportDiscovery = (telemetry: Telemetry, run: DiscoveryRun): void => {
  const { runId, vaults, failure, durationMs } = run;
  telemetry.event('keywatch.run.completed', {
    job: 'vault-discovery',
    runId,
    mode: 'timer',
    outcome: failure === undefined ? 'complete' : 'failed',
    reason: failure?.reason,
    httpStatus: failure?.httpStatus,
    objects: vaults,
    pages: 0,
    durationMs,
  });
  if (failure !== undefined) telemetry.failure(failure);
};

/** Reports that a run found nothing to scan: an empty list of vaults would look like health otherwise. */
export const reportNothingToScan = (telemetry: Telemetry): void =>
  telemetry.failure(
    permanentFailure({
      code: 'nothing_to_scan',
      message: 'There is no vault to scan: none is named, and none was found in a subscription.',
      action:
        'Name vaults in KEYWATCH_VAULTS or in the config file, or subscriptions in KEYWATCH_SUBSCRIPTIONS; of those named, check that the scanner identity has Key Vault Reader there.',
    }),
  );
