import { type Grant, grantCredentialId } from '../../oauth/rules/grant.ts';
import { type ProviderProfile, refreshUrlOf } from '../../oauth/rules/providerProfile.ts';
import type { RefreshPorts } from '../ports/refreshPorts.ts';
import type { ControlReading } from '../rules/controlRecordText.ts';
import { grantStanding, isFirstRoundOfHour } from '../rules/grantStanding.ts';
import { hostOf } from './reportOutcome.ts';

/**
 * Tells again how a grant stands: one event. A dead or stuck grant sees no further attempt, and its alert
 * would end when the event of its last one is two days old.
 */
export const tellStanding = (
  { telemetry, clock }: Pick<RefreshPorts, 'telemetry' | 'clock'>,
  { grant, profile }: { readonly grant: Grant; readonly profile: ProviderProfile },
  reading: ControlReading,
  periodSeconds: number,
): void => {
  const nowEpochMs = clock.nowEpochMs();
  const standing = grantStanding(reading, nowEpochMs);
  if (standing === undefined || !(standing.isWrong || isFirstRoundOfHour(nowEpochMs, periodSeconds))) return;
  const { owner, runbook, reconnectUrl, targets } = grant;
  telemetry.event('keywatch.grant.observed', {
    credentialId: grantCredentialId(grant.id),
    outcome: standing.outcome,
    reason: standing.reason,
    provider: profile.id,
    tokenEndpointHost: hostOf(refreshUrlOf(profile)),
    targets: targets?.join(','),
    refreshedAt: standing.refreshedAtEpochMs,
    deadline: standing.deadlineEpochMs,
    consentEndsAt: standing.consentEndsAtEpochMs,
    owner,
    runbook,
    reconnectUrl,
  });
};
