import { grantCredentialId } from '../../credentials/credentialIds.ts';
import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { RefreshOutcome } from '../refreshOutcome.ts';
import { newestOf, type SealedSecret } from '../rules/sealedSecret.ts';
import { type CopyPorts, type CopyResult, placeCopy } from './placeCopy.ts';
import { recordOf } from './tokenPlace.ts';

/** A day after its day. */
const LATE_AFTER_MS = 2 * DAY_MS;

/**
 * Lets the vault follow after a piece of work; whatever comes of it, the work has ended as it did. A value goes there
 * at once where somebody waits for it: the grant died, was recovered or was connected.
 */
export const copyToVault = async (
  copied: CopyPorts,
  outcome: Pick<RefreshOutcome, 'kind'>,
  isConsent = false,
): Promise<void> => {
  const { ports, grant } = copied;
  const isUrgent = isConsent || outcome.kind === 'recovered' || recordOf(copied)?.phase.state === 'dead';
  const look = await ports.vault.readLatest(grant.secret);
  const result: CopyResult = look.ok ? await placeCopy(copied, look.latest, isUrgent) : look;
  if (!result.ok) await reportLate(copied, result);
};

/** Once a day, from the second day on: people and consumers may rely on the vault. */
const reportLate = async (copied: CopyPorts, failure: StoreFailure): Promise<void> => {
  const { ports, grant, document, leased } = copied;
  const nowEpochMs = leased.storeNowEpochMs();
  const found = await document.read();
  const secret = found.ok ? found.secret : undefined;
  if (secret === undefined || !isLate(secret, nowEpochMs)) return;
  ports.telemetry.event('keywatch.finding.observed', {
    credentialId: grantCredentialId(grant.id),
    vault: vaultNameOf(grant.secret.vaultUrl),
    finding: 'vault_copy_late',
    detail: `The newest token is kept sealed and the grant works; its copy in the vault is older than two days. ${failure.message} ${failure.action}`,
    owner: grant.owner,
    runbook: grant.runbook,
    runId: ports.newId(),
  });
  await document.change((current) => {
    const { copy, ...rest } = current ?? secret;
    return { ...rest, copy: { ...copy, lateReportedAtEpochMs: nowEpochMs } };
  });
};

const isLate = ({ versions, state, copy }: SealedSecret, nowEpochMs: number): boolean =>
  state === 'active' &&
  newestOf({ versions })?.fingerprint !== copy.fingerprint &&
  nowEpochMs - (copy.copiedAtEpochMs ?? 0) >= LATE_AFTER_MS &&
  nowEpochMs - (copy.lateReportedAtEpochMs ?? 0) >= DAY_MS;
