import type { Tokens } from '../../oauth/ports.ts';
import type { Seal } from '../../stores/ports.ts';
import type { RefreshOutcome } from '../refreshOutcome.ts';
import { type ControlRecord, NO_FAILURES } from '../rules/controlRecord.ts';
import { endsAfterRefresh } from '../rules/grantEnds.ts';
import type { Attempt, HoldingAttempt, LatestToken } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';
import { keepAccessToken } from './keepAccessToken.ts';
import { persistToken } from './persist.ts';
import { believedNow, recordPersisted } from './recordTokens.ts';

/** A new token of a person's consent, and what it replaces. */
export interface NewConsent {
  readonly refreshToken: string;
  readonly account: string | undefined;
  readonly answer: Tokens;
  /** Absent: the secret is not there yet. */
  readonly latest: LatestToken | undefined;
  readonly seal: Seal;
}

/**
 * Keeps the refresh token of a new consent as that of a refresh is kept: sealed into the record and written to
 * the vault side by side, read back, on record as idle. It replaces whatever the vault had, dead or alive, as
 * it does when a person writes a token by hand.
 */
export const storeConsent = async (
  attempt: Attempt,
  found: ControlRecord,
  { refreshToken, account, answer, latest, seal }: NewConsent,
): Promise<RefreshOutcome> => {
  const { ports, profile, leased } = attempt;
  const usedAtEpochMs = believedNow(leased.storeNowEpochMs(), answer.serverDateEpochMs);
  const anew: ControlRecord = {
    ...found,
    account,
    accessToken: undefined,
    consentedAtEpochMs: usedAtEpochMs,
    consentEndsAtEpochMs: undefined,
    issuedAtEpochMs: undefined,
    refreshedAtEpochMs: undefined,
    deadlineEpochMs: undefined,
    failures: NO_FAILURES,
  };
  const { deadlineEpochMs, consentEndsAtEpochMs, issuedAtEpochMs, deviations } = endsAfterRefresh(anew, {
    profile,
    usedAtEpochMs,
    rotated: true,
    expiresInSeconds: answer.refreshTokenExpiresInSeconds,
  });
  const record = { ...anew, consentEndsAtEpochMs, issuedAtEpochMs };
  const holding: HoldingAttempt = { ...attempt, record, seal, intent: { attemptId: ports.newId() } };
  const token = {
    refreshToken,
    fingerprint: fingerprintOf(record.salt, refreshToken),
    seq: Math.max(record.seq, record.reservedSeq) + 1,
    refreshedAtEpochMs: usedAtEpochMs,
    deadlineEpochMs,
    baseFingerprint: latest?.fingerprint,
    baseVersions: latest === undefined ? [] : [latest.version],
    fallbackTags: latest?.tags ?? {},
  };
  const said = { ...answer, deviations: [...answer.deviations, ...deviations] };
  const outcome = await recordPersisted(holding, said, token, await persistToken(holding, token));
  await keepAccessToken(holding, answer, { seq: token.seq, obtainedAtEpochMs: usedAtEpochMs });
  return outcome;
};
