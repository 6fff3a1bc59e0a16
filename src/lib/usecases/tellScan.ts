import { type Assessment, CREDENTIAL_STATUSES, needsAttention } from '../domain/credential.ts';
import type { ScanMode } from '../domain/vaultScan.ts';
import type { InventoryFailure } from '../ports/inventory.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { VaultScan } from './scanVault.ts';

/** A difference that no network delay explains, and that would move a status by itself. */
const MAXIMUM_CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Tells of credentials as a scan sees them: those that need attention, or all when the mode says so.
 * @returns for each, how many events it took
 */
export const tellObserved =
  (telemetry: Telemetry, scanId: string, mode: ScanMode | 'object') =>
  (assessment: Assessment): number => {
    if (mode === 'attention' && !needsAttention(assessment)) return 0;
    const { credentialId, kind, vault, name, version, status, owner, runbook, suppressed, findings } =
      assessment;
    telemetry.event('keywatch.credential.observed', {
      credentialId,
      kind,
      vault,
      name,
      version,
      status,
      expiresOn: assessment.expiresOnEpochMs,
      notBefore: assessment.notBeforeEpochMs,
      warnAt: assessment.warnAtEpochMs,
      pageAt: assessment.pageAtEpochMs,
      owner,
      runbook,
      suppressed,
      snoozedUntil: assessment.snoozedUntilEpochMs,
      findings: findings.length === 0 ? undefined : [...new Set(findings.map(({ code }) => code))].join(','),
      scanId,
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
        scanId,
      });
    }
    return 1 + findings.length;
  };

/** Tells how the scan of one vault ended: the heartbeat, the counts (zeros too), and what went wrong. */
export const tellScan = (telemetry: Telemetry, scan: VaultScan): void => {
  const { vault, scanId, mode, outcome, failure, counts, pages, durationMs } = scan;
  const { byStatus, objects, findings, snoozed, ignored, managed } = counts;
  telemetry.event('keywatch.scan.completed', {
    scanner: 'keyvault-scan',
    vault,
    scanId,
    mode,
    outcome,
    reason: failure?.reason,
    httpStatus: failure?.httpStatus,
    objects,
    pages,
    durationMs,
    ...byStatus,
    findings,
    snoozed,
    ignored,
    managed,
  });
  telemetry.metric('keywatch.scan.duration', durationMs / 1000, { vault, outcome });
  telemetry.metric('keywatch.scan.pages', pages, { vault });
  // Counts of half a vault would look like credentials that went away.
  if (failure === undefined) {
    for (const status of CREDENTIAL_STATUSES) {
      telemetry.metric('keywatch.credentials', byStatus[status], { vault, status });
    }
  } else {
    telemetry.exception({
      code: `scan_${failure.reason}`,
      permanence: failure.permanence,
      message: failure.message,
      action: failure.action,
      vault,
      cause: failure.cause,
    });
  }
  tellClockSkew(telemetry, scan);
};

const tellClockSkew = (telemetry: Telemetry, { vault, clockSkewMs }: VaultScan): void => {
  if (clockSkewMs === undefined || Math.abs(clockSkewMs) <= MAXIMUM_CLOCK_SKEW_MS) return;
  const minutes = Math.round(Math.abs(clockSkewMs) / 60_000);
  telemetry.exception({
    code: 'clock_skew',
    permanence: 'permanent',
    message: `This machine's clock is ${minutes} minutes ${clockSkewMs > 0 ? 'ahead of' : 'behind'} that of vault ${vault}.`,
    action: 'Set the clock of the machine; statuses were decided by the clock of Key Vault meanwhile.',
    vault,
  });
};

/** Tells that subscriptions could not be asked for their vaults: whatever is only there is not watched now. */
export const tellDiscoveryFailure = (telemetry: Telemetry, failure: InventoryFailure): void =>
  telemetry.exception({
    code: `discovery_${failure.reason}`,
    permanence: failure.permanence,
    message: failure.message,
    action: failure.action,
    cause: failure.cause,
  });
