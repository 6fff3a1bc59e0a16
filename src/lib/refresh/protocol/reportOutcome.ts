import { grantCredentialId } from '../../credentials/credentialIds.ts';
import { permanenceOf } from '../../kernel/failure.ts';
import { type Grant, grantSubject } from '../../oauth/rules/grant.ts';
import { type ProviderProfile, refreshUrlOf } from '../../oauth/rules/providerProfile.ts';
import type { RefreshPorts } from '../ports.ts';
import { type RefreshOutcome, UNREPORTED } from '../refreshOutcome.ts';
import type { ControlReading } from '../rules/controlRecordText.ts';

/** Reports the world what came of an attempt: one event, and one exception when it did not end well. */
export const reportOutcome = (
  { telemetry }: Pick<RefreshPorts, 'telemetry'>,
  { grant, profile }: { readonly grant: Grant; readonly profile: ProviderProfile },
  outcome: RefreshOutcome,
  durationMs: number,
  reading: ControlReading | undefined,
): void => {
  const { kind } = outcome;
  if (isUnreported(kind)) return;
  const { owner, runbook, reconnectUrl, targets } = grant;
  const credentialId = grantCredentialId(grant.id);
  const failed = 'code' in outcome ? outcome : undefined;
  const ended = 'seq' in outcome ? outcome : undefined;
  const known = reading?.kind === 'record' ? reading.record : undefined;
  telemetry.event('keywatch.grant.refreshed', {
    credentialId,
    outcome: kind,
    permanence: failed && permanenceOf(failed),
    reason: failed?.code,
    oauthError: failed?.oauthError,
    httpStatus: 'httpStatus' in outcome ? outcome.httpStatus : undefined,
    provider: profile.id,
    tokenEndpointHost: hostOf(refreshUrlOf(profile)),
    targets: targets?.join(','),
    rotated: outcome.kind === 'refreshed' ? outcome.rotated : undefined,
    seq: ended?.seq,
    deadline: 'deadlineEpochMs' in outcome ? outcome.deadlineEpochMs : known?.deadlineEpochMs,
    consentEndsAt: known?.consentEndsAtEpochMs,
    durationMs,
    owner,
    runbook,
    reconnectUrl,
    action: failed?.action,
  });
  telemetry.metric('keywatch.refresh.duration', durationMs / 1000, {
    provider: profile.id,
    outcome: outcome.kind,
  });
  if (failed === undefined) return;
  telemetry.failure({ ...failed, subject: grantSubject(grant) });
};

const isUnreported = (kind: RefreshOutcome['kind']): kind is (typeof UNREPORTED)[number] =>
  UNREPORTED.some((unreported) => unreported === kind);

/** Host and port of an address; `unknown` for what is none. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'unknown');
