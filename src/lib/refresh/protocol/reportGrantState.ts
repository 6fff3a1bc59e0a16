import { grantCredentialId } from '../../credentials/credentialIds.ts';
import { HOUR_MS } from '../../kernel/time.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import { type ProviderProfile, refreshUrlOf } from '../../oauth/rules/providerProfile.ts';
import type { RefreshPorts } from '../ports.ts';
import type { ControlReading } from '../rules/controlRecordText.ts';
import { grantState, isFirstRunOf } from '../rules/grantState.ts';
import { hostOf } from './reportOutcome.ts';
import { stateAction } from './stateAction.ts';

/**
 * Reports again how a grant stands: one event. A dead or stuck grant sees no further attempt, and its alert
 * would end when the event of its last one is two days old.
 */
export const reportGrantState = (
  { telemetry, clock }: Pick<RefreshPorts, 'telemetry' | 'clock'>,
  { grant, profile }: { readonly grant: Grant; readonly profile: ProviderProfile },
  reading: ControlReading,
  periodSeconds: number,
): void => {
  const nowEpochMs = clock.nowEpochMs();
  const state = grantState(reading, nowEpochMs);
  if (state === undefined || !(state.isWrong || isFirstRunOf(HOUR_MS, nowEpochMs, periodSeconds))) return;
  const { owner, runbook, reconnectUrl, targets } = grant;
  telemetry.event('keywatch.grant.observed', {
    credentialId: grantCredentialId(grant.id),
    outcome: state.outcome,
    reason: state.reason,
    action: reading.kind === 'record' ? stateAction(grant, profile, reading.record) : undefined,
    provider: profile.id,
    tokenEndpointHost: hostOf(refreshUrlOf(profile)),
    targets: targets?.join(','),
    refreshedAt: state.refreshedAtEpochMs,
    deadline: state.deadlineEpochMs,
    consentEndsAt: state.consentEndsAtEpochMs,
    owner,
    runbook,
    reconnectUrl,
  });
};
