import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { TokenAnswer } from '../../oauth/ports/authorizationServer.ts';
import type { NewTokenVersion } from '../ports/tokenStore.ts';
import type { RefreshOutcome } from '../refreshOutcome.ts';
import { endsAfterRefresh } from '../rules/grantEnds.ts';
import { contradictedByRotation, rotationFault } from '../rules/observedRotation.ts';
import { type ArmedAttempt, withFailure, withStoredToken } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';
import { grantTags, TOKEN_CONTENT_TYPE } from './grantTags.ts';
import { type Persisted, persistToken, sealedPhase } from './persist.ts';
import type { PlacedToken } from './placeToken.ts';
import { setAside } from './recoverSealed.ts';
import { settleStored } from './settle.ts';
import { storeProblem } from './storeProblem.ts';
import { type Uncovering, uncoverToken } from './uncoverToken.ts';

type Tokens = Extract<TokenAnswer, { kind: 'tokens' }>;

/** The server answered with tokens: store the new refresh token, or note that the old one stays. */
export const settleTokens = async (declared: ArmedAttempt, said: Tokens): Promise<RefreshOutcome> => {
  const { armed: attempt, answer: given } = withObservation(declared, said);
  const { base, intent } = attempt;
  const usedAtEpochMs = believedNow(attempt.journal.storeNowEpochMs(), given.serverDateEpochMs);
  const rotated = isRotated(attempt, given);
  const { deadlineEpochMs, consentEndsAtEpochMs, issuedAtEpochMs, faults } = endsAfterRefresh(
    attempt.record,
    {
      profile: attempt.profile,
      usedAtEpochMs,
      rotated,
      expiresInSeconds: given.refreshTokenExpiresInSeconds,
    },
  );
  const answer = { ...given, faults: [...given.faults, ...faults] };
  const record = { ...attempt.record, consentEndsAtEpochMs, issuedAtEpochMs };
  const armed = { ...attempt, record };
  if (!rotated || answer.refreshToken === undefined)
    return keepToken(armed, answer, usedAtEpochMs, deadlineEpochMs);
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
  const persisted = await persistToken(armed, token);
  return settlePersisted(armed, answer, token, persisted);
};

const isRotated = ({ base }: ArmedAttempt, { refreshToken }: Tokens): boolean =>
  refreshToken !== undefined && refreshToken !== base.value;

/** An answer against the configured class is remembered, and told with each answer until the config says so. */
const withObservation = (armed: ArmedAttempt, answer: Tokens): { armed: ArmedAttempt; answer: Tokens } => {
  const { record, profile, journal } = armed;
  const seen = isRotated(armed, answer)
    ? contradictedByRotation(profile, journal.storeNowEpochMs())
    : undefined;
  const observedRotation = record.observedRotation ?? seen;
  if (observedRotation === undefined) return { armed, answer };
  const faults = [...answer.faults, rotationFault(profile, observedRotation)];
  return { armed: { ...armed, record: { ...record, observedRotation } }, answer: { ...answer, faults } };
};

const settlePersisted = async (
  armed: ArmedAttempt,
  answer: Tokens,
  token: PlacedToken,
  persisted: Persisted,
): Promise<RefreshOutcome> => {
  const { inJournal, inVault, wroteBlindly, envelope } = persisted;
  const refreshed: RefreshOutcome = {
    kind: 'refreshed',
    rotated: true,
    seq: token.seq,
    deadlineEpochMs: token.deadlineEpochMs,
    httpStatus: answer.httpStatus,
    faults: answer.faults,
  };
  if (inJournal.kind === 'overtaken' || inVault.kind === 'overtaken') {
    if (inJournal.kind === 'sealed' && envelope !== undefined) {
      return setAside(
        armed,
        armed.record,
        sealedPhase(armed, token, envelope, armed.journal.storeNowEpochMs()),
      );
    }
    return notStored(armed, token, persisted);
  }
  if (inVault.kind === 'failed') return notStored(armed, token, persisted);
  if (inJournal.kind === 'already_settled') {
    if (wroteBlindly) await revealCovered(armed, token);
    return refreshed;
  }
  // The journal may not have it, or only not have said so; the vault does, and the next look settles it.
  const settled = await settleStored(armed, armed.record, token, wroteBlindly);
  if (settled.kind !== 'unverified') return refreshed;
  return {
    kind: 'not_stored',
    ...settled.problem,
    permanence: 'transient',
    action: 'Nothing now: the vault is compared with the record again at the next tick.',
    seq: token.seq,
  };
};

/** A token that our blind write may have covered goes on top again; the next look takes it up. */
const revealCovered = (armed: ArmedAttempt, token: PlacedToken): Promise<Uncovering> => {
  const known = {
    versions: token.baseVersions,
    fingerprints: [token.fingerprint, token.baseFingerprint],
    seq: armed.record.seq,
  };
  return uncoverToken(armed, armed.record, known);
};

/** What is known about a token that is not in the vault, and where it is. */
const notStored = (armed: ArmedAttempt, token: PlacedToken, persisted: Persisted): RefreshOutcome => {
  const { inJournal, inVault, inOrphanSink } = persisted;
  const problem =
    inVault.kind === 'failed'
      ? storeProblem(armed.grant, inVault.failure)
      : { code: 'superseded', permanence: 'transient' as const, detail: '', action: '', cause: undefined };
  const { id } = armed.grant;
  const common = { kind: 'not_stored' as const, seq: token.seq, cause: problem.cause };
  if (inJournal.kind === 'sealed' || inOrphanSink) {
    const where = inJournal.kind === 'sealed' ? 'in its control blob' : 'in the third sink';
    return {
      ...common,
      code: problem.code,
      permanence: problem.permanence,
      detail: `Grant ${id}: the new token is not in the vault; it is kept sealed ${where}. ${problem.detail}`,
      action: problem.action || 'Nothing, if a person consented again: the newer token is used.',
    };
  }
  return {
    ...common,
    code: 'lost_in_memory',
    permanence: 'permanent',
    detail: `Grant ${id}: a new token was received, and neither vault, control store nor third sink accepted it in time.`,
    action:
      'Restore Key Vault or the storage account; if the next attempt reports the grant dead, consent again.',
  };
};

/** No new token came: the old one stays good (RFC 6749 §6), and its idle limit starts anew. */
const keepToken = async (
  armed: ArmedAttempt,
  answer: Tokens,
  usedAtEpochMs: number,
  deadlineEpochMs: number | undefined,
): Promise<RefreshOutcome> => {
  const { grant, record, base, journal } = armed;
  const tags = grantTags(base.tags, grant, {
    ...record,
    stage: 'current',
    refreshedAtEpochMs: usedAtEpochMs,
    deployment: record.deployment,
  });
  const kept = await moveEnd(armed, { tags, expiresOnEpochMs: deadlineEpochMs });
  if (!kept.ok) {
    const problem = storeProblem(grant, kept);
    await journal.write(withFailure(armed, record, problem, { state: 'idle' }));
    return { kind: 'transient_failure', ...problem };
  }
  await journal.write(
    withStoredToken(record, {
      seq: record.seq,
      version: kept.version,
      fingerprint: base.fingerprint,
      previousVersions: record.previousVersions,
      refreshedAtEpochMs: usedAtEpochMs,
      deadlineEpochMs,
      lookedAtEpochMs: journal.storeNowEpochMs(),
    }),
  );
  return {
    kind: 'refreshed',
    rotated: false,
    seq: record.seq,
    deadlineEpochMs,
    httpStatus: answer.httpStatus,
    faults: answer.faults,
  };
};

/** Says of the token that stays when it ends now. Key Vault moves the end of a version and never takes it away. */
const moveEnd = async (
  { ports, grant, base, intent }: ArmedAttempt,
  end: Pick<NewTokenVersion, 'tags' | 'expiresOnEpochMs'>,
): Promise<{ readonly ok: true; readonly version: string } | StoreFailure> => {
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
const believedNow = (nowEpochMs: number, serverDateEpochMs: number | undefined): number =>
  serverDateEpochMs !== undefined && nowEpochMs - serverDateEpochMs <= DAY_MS
    ? Math.min(serverDateEpochMs, nowEpochMs)
    : nowEpochMs;
