import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import { type Grant, grantCredentialId } from '../../oauth/rules/grant.ts';
import type { RefreshPorts } from '../ports/refreshPorts.ts';
import type { RefreshOutcome } from '../refreshOutcome.ts';
import { describeFaults, faultsToTell } from '../rules/answerFaultsTold.ts';
import type { Journal } from './journal.ts';

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
