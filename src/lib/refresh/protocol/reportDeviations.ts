import { grantCredentialId } from '../../credentials/credentialIds.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import type { LeasedRecord } from '../../stores/leasedRecord.ts';
import type { RefreshPorts } from '../ports.ts';
import type { RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { describeDeviations, deviationsToReport } from '../rules/reportedDeviations.ts';

/**
 * Reports what a provider answers wrongly although its token was used: once a day and grant, as a finding, so that it
 * is mended before it costs a token. Remembered after telling: twice is better than never.
 */
export const reportDeviations = async (
  { telemetry, clock, newId }: Pick<RefreshPorts, 'telemetry' | 'clock' | 'newId'>,
  { id, secret, owner, runbook }: Grant,
  outcome: RefreshOutcome,
  leased: Pick<LeasedRecord<ControlRecord>, 'reading' | 'write'>,
): Promise<void> => {
  const reading = leased.reading();
  if (outcome.kind !== 'refreshed' || reading.kind !== 'record') return;
  const { record } = reading;
  const { unreported, known } = deviationsToReport(
    outcome.deviations,
    record.reportedDeviations ?? {},
    clock.nowEpochMs(),
  );
  if (unreported.length === 0) return;
  telemetry.event('keywatch.finding.observed', {
    credentialId: grantCredentialId(id),
    vault: vaultNameOf(secret.vaultUrl),
    finding: 'provider_answer',
    detail: describeDeviations(unreported),
    owner,
    runbook,
    runId: newId(),
  });
  await leased.write({ ...record, reportedDeviations: known });
};
