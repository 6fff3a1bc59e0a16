import { firstNamed } from '../../kernel/firstNamed.ts';
import type { StoreAnswer } from '../../kernel/storeFailure.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { Tokens } from '../../oauth/ports.ts';
import type { AnswerDeviation } from '../../oauth/rules/answerDeviation.ts';
import { missingScopes } from '../../oauth/rules/grantedScopes.ts';
import type { NewTokenVersion } from '../../stores/ports.ts';
import { lasting, passing, type RefreshOutcome } from '../refreshOutcome.ts';
import { endsAfterRefresh } from '../rules/grantEnds.ts';
import { contradictedByRotation, rotationDeviation } from '../rules/observedRotation.ts';
import { type HoldingAttempt, type PreparedAttempt, withFailure, withStoredToken } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';
import { grantTags, TOKEN_CONTENT_TYPE } from './grantTags.ts';
import { type Persisted, persistToken, sealedPhase } from './persist.ts';
import type { PlacedToken } from './placeToken.ts';
import { moveToFallback } from './recoverSealed.ts';
import { type Restoring, restoreCovered } from './restoreCovered.ts';
import { recordStored } from './settleStored.ts';
/** The server answered with tokens: store the new refresh token, or note that the old one stays. */
export const recordTokens = async (declared: PreparedAttempt, said: Tokens): Promise<RefreshOutcome> => {
  const { prepared: attempt, answer: given } = withObservation(declared, said);
  const { base, intent } = attempt;
  const usedAtEpochMs = believedNow(attempt.leased.storeNowEpochMs(), given.serverDateEpochMs);
  const rotated = isRotated(attempt, given);
  const { deadlineEpochMs, consentEndsAtEpochMs, issuedAtEpochMs, deviations } = endsAfterRefresh(
    attempt.record,
    {
      profile: attempt.profile,
      usedAtEpochMs,
      rotated,
      expiresInSeconds: given.refreshTokenExpiresInSeconds,
    },
  );
  const answer = {
    ...given,
    deviations: [...given.deviations, ...deviations, ...narrowed(attempt, given)],
  };
  const record = { ...attempt.record, consentEndsAtEpochMs, issuedAtEpochMs };
  const prepared = { ...attempt, record };
  if (!rotated || answer.refreshToken === undefined)
    return keepToken(prepared, answer, usedAtEpochMs, deadlineEpochMs);
  const token: PlacedToken = {
    refreshToken: answer.refreshToken,
    fingerprint: fingerprintOf(record.salt, answer.refreshToken),
    seq: intent.nextSeq,
    refreshedAtEpochMs: usedAtEpochMs,
    deadlineEpochMs,
    baseFingerprint: base.fingerprint,
    baseVersions: intent.baseVersions,
    fallbackTags: base.tags,
  };
  const persisted = await persistToken(prepared, token);
  return recordPersisted(prepared, answer, token, persisted);
};

const MOST_NAMED = 5;

/** A person or the server can take scopes out of a grant without ending it (RFC 6749 §5.1). */
const narrowed = ({ grant, profile }: PreparedAttempt, { scope }: Tokens): readonly AnswerDeviation[] => {
  const missing = missingScopes(grant.scopes ?? [], scope, profile.extraParameters['scope']);
  return missing.length === 0
    ? []
    : [{ code: 'scope_missing', text: `it does not cover ${firstNamed(missing, MOST_NAMED)}` }];
};

const isRotated = ({ base }: PreparedAttempt, { refreshToken }: Tokens): boolean =>
  refreshToken !== undefined && refreshToken !== base.value;

/** An answer against the configured class is remembered, and reported with each answer until the config says so. */
const withObservation = (
  prepared: PreparedAttempt,
  answer: Tokens,
): { prepared: PreparedAttempt; answer: Tokens } => {
  const { record, profile, leased } = prepared;
  const seen = isRotated(prepared, answer)
    ? contradictedByRotation(profile, leased.storeNowEpochMs())
    : undefined;
  const observedRotation = record.observedRotation ?? seen;
  if (observedRotation === undefined) return { prepared, answer };
  const deviations = [...answer.deviations, rotationDeviation(profile, observedRotation)];
  return {
    prepared: { ...prepared, record: { ...record, observedRotation } },
    answer: { ...answer, deviations },
  };
};

/** What came of a new token, once it was offered to the stores: the last steps, where the vault has it. */
export const recordPersisted = async (
  prepared: HoldingAttempt,
  answer: Pick<Tokens, 'httpStatus' | 'deviations'>,
  token: PlacedToken,
  persisted: Persisted,
): Promise<RefreshOutcome> => {
  const { inRecord, inVault, wroteBlindly, envelope } = persisted;
  const refreshed: RefreshOutcome = {
    kind: 'refreshed',
    rotated: true,
    seq: token.seq,
    deadlineEpochMs: token.deadlineEpochMs,
    httpStatus: answer.httpStatus,
    deviations: answer.deviations,
  };
  if (inRecord.kind === 'overtaken' || inVault.kind === 'overtaken') {
    if (inRecord.kind === 'sealed' && envelope !== undefined) {
      return moveToFallback(
        prepared,
        prepared.record,
        sealedPhase(prepared, token, envelope, prepared.leased.storeNowEpochMs()),
      );
    }
    return notStored(prepared, token, persisted);
  }
  if (inVault.kind === 'failed') return notStored(prepared, token, persisted);
  if (inRecord.kind === 'already_settled') {
    if (wroteBlindly) await revealCovered(prepared, token);
    return refreshed;
  }
  // The record may not have it, or only not have said so; the vault does, and the next look settles it.
  const settled = await recordStored(prepared, prepared.record, token, wroteBlindly);
  if (settled.kind !== 'unverified') return refreshed;
  return passing('not_stored', {
    ...settled.problem,
    action: 'Nothing now: the vault is compared with the record again at the next run.',
    seq: token.seq,
  });
};

/** A token that our blind write may have covered goes on top again; the next look takes it up. */
const revealCovered = (prepared: HoldingAttempt, token: PlacedToken): Promise<Restoring> => {
  const known = {
    versions: token.baseVersions,
    fingerprints: [token.fingerprint, token.baseFingerprint],
    seq: prepared.record.seq,
  };
  return restoreCovered(prepared, prepared.record, known);
};

/** What is known about a token that is not in the vault, and where it is. */
const notStored = (prepared: HoldingAttempt, token: PlacedToken, persisted: Persisted): RefreshOutcome => {
  const { inRecord, inVault, inFallbackStore } = persisted;
  const { id } = prepared.grant;
  if (inRecord.kind !== 'sealed' && !inFallbackStore) {
    return lasting('not_stored', {
      code: 'lost_in_memory',
      message: `Grant ${id}: a new token was received, and neither vault, control store nor fallback store accepted it in time.`,
      action:
        'Restore Key Vault or the storage account; if the next attempt reports the grant dead, consent again.',
      cause: inVault.kind === 'failed' ? inVault.failure.cause : undefined,
      seq: token.seq,
    });
  }
  const where = inRecord.kind === 'sealed' ? 'in its control blob' : 'in the fallback store';
  const kept = `Grant ${id}: the new token is not in the vault; it is kept sealed ${where}.`;
  const { seq } = token;
  if (inVault.kind === 'failed') {
    const { failure } = inVault;
    return { kind: 'not_stored', ...failure, message: `${kept} ${failure.message}`, seq };
  }
  return passing('not_stored', {
    code: 'superseded',
    message: kept,
    action: 'Nothing, if a person consented again: the newer token is used.',
    seq,
  });
};

/** No new token came: the old one stays good (RFC 6749 §6), and its idle limit starts anew. */
const keepToken = async (
  prepared: PreparedAttempt,
  answer: Tokens,
  usedAtEpochMs: number,
  deadlineEpochMs: number | undefined,
): Promise<RefreshOutcome> => {
  const { grant, record, base, leased } = prepared;
  const tags = grantTags(base.tags, grant, {
    ...record,
    stage: 'current',
    refreshedAtEpochMs: usedAtEpochMs,
    deployment: record.deployment,
  });
  const kept = await moveEnd(prepared, { tags, expiresOnEpochMs: deadlineEpochMs });
  if (!kept.ok) {
    await leased.write(withFailure(prepared, record, kept, { state: 'idle' }));
    return { kind: 'transient_failure', ...kept };
  }
  await leased.write(
    withStoredToken(record, {
      seq: record.seq,
      version: kept.version,
      fingerprint: base.fingerprint,
      previousVersions: record.previousVersions,
      refreshedAtEpochMs: usedAtEpochMs,
      deadlineEpochMs,
      reconciledAtEpochMs: leased.storeNowEpochMs(),
    }),
  );
  return {
    kind: 'refreshed',
    rotated: false,
    seq: record.seq,
    deadlineEpochMs,
    httpStatus: answer.httpStatus,
    deviations: answer.deviations,
  };
};

/** Says of the token that stays when it ends now. Key Vault moves the end of a version and never takes it away. */
const moveEnd = async (
  { ports, grant, base, intent }: PreparedAttempt,
  end: Pick<NewTokenVersion, 'tags' | 'expiresOnEpochMs'>,
): Promise<StoreAnswer<{ readonly version: string }>> => {
  if (end.expiresOnEpochMs === undefined && base.expiresOnEpochMs !== undefined) {
    return ports.vault.write(grant.secret, { ...end, value: base.value, contentType: TOKEN_CONTENT_TYPE });
  }
  const version = intent.baseVersions.at(-1) ?? base.version;
  const updated = await ports.vault.updateProperties(grant.secret, version, end);
  return updated.ok ? { ok: true, version } : updated;
};

/**
 * When the server counts the token's life from: by its own clock, where that is behind the control store's.
 * One that is ahead only makes the end look later, and a header more than a day away is not its clock.
 */
export const believedNow = (nowEpochMs: number, serverDateEpochMs: number | undefined): number =>
  serverDateEpochMs !== undefined && nowEpochMs - serverDateEpochMs <= DAY_MS
    ? Math.min(serverDateEpochMs, nowEpochMs)
    : nowEpochMs;
