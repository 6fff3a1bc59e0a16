import { describeFaults, faultsToTell } from '../../domain/answerFaultsTold.ts';
import { type Grant, grantCredentialId } from '../../domain/grant.ts';
import { vaultNameOf } from '../../domain/vaultUrl.ts';
import type { Journal } from './journal.ts';
import type { RefreshOutcome } from './refreshOutcome.ts';
import type { RefreshPorts } from './refreshPorts.ts';

/**
 * Tells what a provider answers wrongly although its token was used: once a day and grant, as a finding, so that it
 * is mended before it costs a token. Remembered after telling: twice is better than never.
 */
export const tellFaults = async (
  { telemetry, clock, newId }: Pick<RefreshPorts, 'telemetry' | 'clock' | 'newId'>,
  { id, secret, owner, runbook }: Grant,
  outcome: RefreshOutcome,
  journal: Pick<Journal, 'reading' | 'write'>,
): Promise<void> => {
  const reading = journal.reading();
  if (outcome.kind !== 'refreshed' || reading.kind !== 'record') return;
  const { record } = reading;
  const { untold, told } = faultsToTell(outcome.faults, record.faultsTold ?? {}, clock.nowEpochMs());
  if (untold.length === 0) return;
  telemetry.event('keywatch.finding.observed', {
    credentialId: grantCredentialId(id),
    vault: vaultNameOf(secret.vaultUrl),
    finding: 'provider_answer',
    detail: describeFaults(untold),
    owner,
    runbook,
    scanId: newId(),
  });
  await journal.write({ ...record, faultsTold: told });
};
