import { isoSeconds } from '../../kernel/instant.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import { type FailedOutcome, lasting, passing, type RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlRecord, DeadPhase, IntentPhase, TokenRefusal } from '../rules/controlRecord.ts';
import { contradictedByRefusal, rotationDeviation } from '../rules/observedRotation.ts';
import {
  type Attempt,
  type DeclaredAttempt,
  type LatestToken,
  readLatestToken,
  withFailure,
  withSpent,
} from './attempt.ts';
import { markDead } from './markDead.ts';
import { recoverFromFallback } from './recoverFromFallback.ts';
import { type Restoring, restoreCovered } from './restoreCovered.ts';

/**
 * The server says that the token is dead. That is noted first: whoever comes next, after a crash or once the
 * stores answer again, then neither asks a second time nor takes this answer for one that never came.
 */
export const noteDead = async (
  prepared: DeclaredAttempt,
  answer: TokenRefusal,
  posts: number,
): Promise<RefreshOutcome> => {
  const { record, intent } = prepared;
  // An earlier request with this token, of this attempt or of one before it, has no known end.
  const isRetry = intent.isRetry || posts > 1 || record.failures.lastCode === 'answer_lost';
  const refusal: TokenRefusal = { oauthError: answer.oauthError, httpStatus: answer.httpStatus };
  const noted = { ...record, phase: { ...intent, isRetry, refusal } };
  await prepared.leased.write(noted);
  return recordDead({ ...prepared, record: noted, intent: noted.phase }, refusal);
};

/**
 * A refusal for good is believed only after every place was looked at where a newer token can be: losing a
 * race is not a death. Then the grant is left alone until somebody writes another token.
 */
export const recordDead = async (prepared: DeclaredAttempt, facts: TokenRefusal): Promise<RefreshOutcome> => {
  const { grant, profile, record, intent, base, leased } = prepared;
  const read = await readLatestToken(prepared, record.salt);
  if (!read.ok) {
    // The intent stays, with the answer: the next look goes on from here.
    return { kind: 'transient_failure', ...read, ...facts };
  }
  const isOther = read.latest.fingerprint !== base.fingerprint;
  const below = isOther ? undefined : await inspectBelow(prepared);
  if (below?.kind === 'unknown') return { kind: 'transient_failure', ...below.failure, ...facts };
  if (isOther || below?.kind === 'restored') {
    const overtaken: FailedOutcome = passing('transient_failure', {
      code: 'overtaken',
      needsPerson: true,
      message: `Grant ${grant.id}: the token was refused, and another one ${isOther ? 'was written to the vault' : 'lay below it in the vault'}; that one is used next.`,
      action: 'Nothing, if a person consented again; otherwise find out what else refreshes this grant.',
      ...facts,
    });
    // Refused for good: it wins over nothing any more, and what a person had replaced by it may come back.
    const { previousFingerprint, isPreviousUnspent } = record;
    await leased.write({
      ...record,
      spentFingerprints: withSpent(record, base.fingerprint),
      previousFingerprint: isPreviousUnspent === true ? undefined : previousFingerprint,
      isPreviousUnspent: undefined,
      phase: { state: 'idle' },
      reconciledAtEpochMs: undefined,
    });
    return overtaken;
  }
  const kept = await recoverFromFallback(prepared, record, intent.baseVersions, true);
  if (kept.kind === 'done') return kept.outcome;

  const nowEpochMs = leased.storeNowEpochMs();
  const lost = intent.isRetry;
  const contradicted = lost
    ? contradictedByRefusal(profile, intent.graceUntilEpochMs, leased.storeNowEpochMs())
    : undefined;
  const phase: DeadPhase = {
    state: 'dead',
    sinceEpochMs: intent.again?.sinceEpochMs ?? nowEpochMs,
    triedEpochMs: intent.again && nowEpochMs,
    reason: intent.again?.reason ?? (lost ? 'answer_lost' : 'refused'),
    oauthError: facts.oauthError,
    fingerprint: base.fingerprint,
    reported: false,
  };
  const said = deadOutcome(grant, phase);
  const message = contradicted
    ? `${said.message} Deviation: ${rotationDeviation(profile, contradicted).text}.`
    : said.message;
  const dead: FailedOutcome = { ...said, message, ...facts };
  const { version } = read.latest;
  const observedRotation = record.observedRotation ?? contradicted;
  await leased.write(withFailure(prepared, { ...record, version, observedRotation }, dead, phase));
  await markDead(prepared, read.latest, phase.sinceEpochMs);
  return dead;
};

/** An attempt that asked once more about a death has no answer: that stands, and its token is not sent a third time. */
export const stayDead = async (
  attempt: Attempt,
  record: ControlRecord,
  intent: IntentPhase,
  again: DeadPhase,
  latest: LatestToken,
): Promise<RefreshOutcome> => {
  const phase: DeadPhase = { ...again, triedEpochMs: intent.startedAtEpochMs, isAsked: undefined };
  await attempt.leased.write({ ...record, version: latest.version, phase });
  await markDead(attempt, latest, phase.sinceEpochMs);
  const { action } = deadOutcome(attempt.grant, phase);
  return { kind: 'quarantined', sinceEpochMs: phase.sinceEpochMs, action };
};

/** A person may have consented again, and one of our writes may lie on top of it; or on a token of our own. */
const inspectBelow = ({ ports, grant, record, intent, base }: DeclaredAttempt): Promise<Restoring> =>
  restoreCovered({ ports, grant }, record, {
    versions: intent.baseVersions,
    fingerprints: [base.fingerprint],
    seq: Number.POSITIVE_INFINITY,
    isRefused: true,
  });

/** What people are told of a dead grant: which, why, since when, and what to do. */
export const deadOutcome = (grant: Grant, phase: DeadPhase): FailedOutcome => {
  const since = isoSeconds(phase.sinceEpochMs);
  const lost = phase.reason === 'answer_lost';
  return lasting('dead', {
    code: lost ? 'answer_lost' : (phase.oauthError ?? 'invalid_grant'),
    message: lost
      ? `Grant ${grant.id} is dead since ${since}: an earlier refresh was carried out, its answer never arrived, and the old token is refused.`
      : `Grant ${grant.id} is dead since ${since}: the authorization server refuses its refresh token for good.`,
    action: `${
      grant.reconnectUrl === undefined
        ? `Consent again: npm run connect -- --grant ${grant.id}.`
        : `Consent again at ${grant.reconnectUrl}; where that page does not store the new refresh token itself, write it into the secret.`
    } If what it was refused for has passed (an account or an app that was switched off, a policy): npm run refresh -- --grant ${grant.id} --again`,
    oauthError: phase.oauthError,
  });
};
