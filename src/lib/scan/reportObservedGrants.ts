import { grantCredentialId } from '../credentials/credentialIds.ts';
import type { Clock } from '../kernel/clock.ts';
import { vaultNameOf } from '../kernel/vaultUrl.ts';
import { type ConfiguredGrant, grantSubject } from '../oauth/rules/grant.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import type { DailyReport } from './dailyReport.ts';
import type { Inventory } from './ports.ts';
import { staleRotation, unreadableCopy } from './rules/staleRotation.ts';
import { currentVersion } from './rules/versions.ts';

interface ObservedGrantPorts {
  readonly inventory: Inventory;
  readonly telemetry: Telemetry;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/**
 * Looks at the grants that another system refreshes and reports those whose stored copy is not to be read, or older
 * than its cycle allows. A vault that cannot be listed says so in its own scan.
 * @returns false when looking again may tell more
 */
export const reportObservedGrants = async (
  { inventory, telemetry, clock }: ObservedGrantPorts,
  grants: readonly ConfiguredGrant[],
  runId: string,
): Promise<boolean> => {
  let isWhole = true;
  const look = async ({ grant, profile }: ConfiguredGrant): Promise<void> => {
    const { id: grantId, secret, rotationCycleDays, owner, runbook } = grant;
    const listing = await inventory.listVersions(secret.vaultUrl, 'secret', secret.name);
    isWhole &&= listing.ok || !listing.retryable;
    if (!listing.ok) return;
    const current = currentVersion(listing.versions);
    const { createdEpochMs: writtenAtEpochMs, expiresOnEpochMs } = current ?? {};
    const vault = vaultNameOf(secret.vaultUrl);
    const finding =
      current?.enabled === true
        ? staleRotation(
            { grantId, writtenAtEpochMs, expiresOnEpochMs, rotationCycleDays, idleDays: profile.idleDays },
            clock.nowEpochMs(),
          )
        : unreadableCopy(grantId, { vault, name: secret.name, isThere: current !== undefined });
    if (finding === undefined) return;
    telemetry.event('keywatch.finding.observed', {
      credentialId: grantCredentialId(grantId),
      vault,
      finding: finding.code,
      detail: finding.detail,
      owner,
      runbook,
      runId,
    });
  };
  for (const observed of grants.filter(({ grant }) => grant.mode === 'observed')) {
    const { grant } = observed;
    const message = `Grant ${grant.id}: the daily look at it failed.`;
    const done = await turnOf(telemetry, message, () => look(observed), grantSubject(grant));
    if (!done) isWhole = false;
  }
  return isWhole;
};

/** Of the daily report; no vault is called so. */
const OBSERVED_GRANTS = 'observed-grants';

interface DailyRun {
  readonly dailyReports: DailyReport;
  readonly lastRunEpochMs: number | undefined;
  readonly runId: string;
}

/** Does so once a day. What it throws is reported and breaks nothing else. */
export const reportGrantsDaily = async (
  ports: ObservedGrantPorts,
  grants: readonly ConfiguredGrant[],
  { dailyReports, lastRunEpochMs, runId }: DailyRun,
): Promise<void> => {
  if (!grants.some(({ grant }) => grant.mode === 'observed')) return;
  const message = 'The daily check of observed grants failed.';
  await turnOf(ports.telemetry, message, async () => {
    const isDue = await dailyReports.whatIsDue(lastRunEpochMs);
    if (!isDue(OBSERVED_GRANTS)) return;
    const ended = await dailyReports.startReport(OBSERVED_GRANTS);
    const isWhole = await reportObservedGrants(ports, grants, runId);
    await ended(isWhole ? 'all' : 'some');
  });
};
