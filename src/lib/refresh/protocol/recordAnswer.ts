import type { TokenAnswer, Tokens } from '../../oauth/ports.ts';
import { refreshUrlOf } from '../../oauth/rules/providerProfile.ts';
import { canLoseToken } from '../../oauth/rules/rotation.ts';
import { type FailedOutcome, lasting, passing, type RefreshOutcome } from '../refreshOutcome.ts';
import type { DeadPhase } from '../rules/controlRecord.ts';
import { type PreparedAttempt, withFailure } from './attempt.ts';
import type { Exchange, Lost } from './exchange.ts';
import { keepAccessToken } from './keepAccessToken.ts';
import { evidenceText, keepEvidence } from './keepEvidence.ts';
import { noteDead } from './recordDead.ts';
import { recordDoubtful } from './recordDoubtful.ts';
import { recordTokens } from './recordTokens.ts';
import { refusalAction } from './refusalAction.ts';
import { clientDigestOf } from './renewedClient.ts';
import { hostOf } from './reportOutcome.ts';
import { doubtfulAction } from './stateAction.ts';

type Answered = Extract<Exchange, { kind: 'answered' }>;

/** Brings an attempt to its end, whatever the authorization server said. */
export const recordAnswer = (
  prepared: PreparedAttempt,
  { answer, posts, lost }: Answered,
): Promise<RefreshOutcome> => {
  switch (answer.kind) {
    case 'tokens':
      return answered(prepared, answer, lost);
    case 'not_sent':
      return unspent(prepared, notSent(prepared, answer));
    case 'ambiguous':
      return answerLost(prepared, answer);
    case 'refused':
      return answer.class === 'dead'
        ? noteDead(prepared, answer, posts)
        : unspent(prepared, refusal(prepared, answer));
  }
};

const answered = async (
  prepared: PreparedAttempt,
  answer: Tokens,
  lost: Lost | undefined,
): Promise<RefreshOutcome> => {
  const outcome = await (recordDoubtful(prepared, answer, lost) ?? recordTokens(prepared, answer));
  // Of the consent that a person has just replaced.
  const isReplaced = 'code' in outcome && outcome.code === 'superseded';
  const { nextSeq: seq, startedAtEpochMs: obtainedAtEpochMs } = prepared.intent;
  if (!isReplaced) await keepAccessToken(prepared, answer, { seq, obtainedAtEpochMs });
  return outcome;
};

/** What the settings make impossible stays so until a person corrects them; a connection comes back by itself. */
const notSent = (
  { grant, profile, clientMadeEpochMs }: PreparedAttempt,
  { reason, isOfSettings, cause }: Extract<TokenAnswer, { kind: 'not_sent' }>,
): FailedOutcome => ({
  kind: isOfSettings === true ? 'misconfigured' : 'transient_failure',
  code: isOfSettings === true ? 'request_impossible' : 'not_sent',
  ok: false,
  retryable: isOfSettings !== true,
  clientDigest: isOfSettings === true ? clientDigestOf({ grant, profile }, clientMadeEpochMs) : undefined,
  message: `Grant ${grant.id}: nothing was sent to the token endpoint (${reason}).`,
  action:
    isOfSettings === true
      ? `Correct the settings of provider ${profile.id} in keywatch.config.json.`
      : `Nothing now: it is tried again; if it lasts, check what was said of ${hostOf(refreshUrlOf(profile))}: its name, its certificate, the network to it, and the key that signs for the client.`,
  cause,
});

type Refused = Extract<TokenAnswer, { kind: 'refused' }>;

const refusal = (
  { grant, profile, intent, clientMadeEpochMs }: PreparedAttempt,
  answer: Refused,
): FailedOutcome => {
  const said = answer.oauthError ?? `HTTP ${answer.httpStatus}`;
  const facts = { oauthError: answer.oauthError, httpStatus: answer.httpStatus };
  if (answer.class === 'retry_later') {
    return passing('transient_failure', {
      code: answer.httpStatus === 429 ? 'throttled' : 'server_unavailable',
      message: `Grant ${grant.id}: the authorization server asks to come back later (${said}).`,
      action: 'Nothing now: it is tried again.',
      retryAfterSeconds: answer.retryAfterSeconds,
      ...facts,
    });
  }
  const ours = answer.class === 'client';
  return lasting('misconfigured', {
    code: answer.oauthError ?? (ours ? 'client_refused' : 'request_refused'),
    message: `Grant ${grant.id}: the authorization server refuses ${ours ? `client ${grant.clientId}` : 'the request'} (${said}); the refresh token was not judged.${intent.isRetry ? ' How the attempt before it ended stays unknown.' : ''}`,
    action: refusalAction(grant, profile, answer),
    clientDigest: clientDigestOf({ grant, profile }, clientMadeEpochMs),
    ...facts,
  });
};

/** The token is as good as before: withdraw the intent. After a lost answer it stays: that one is still unknown. */
const unspent = async (prepared: PreparedAttempt, failed: FailedOutcome): Promise<RefreshOutcome> => {
  const { intent, profile } = prepared;
  const withdrawn = intent.again ? { ...intent.again, isAsked: true } : ({ state: 'idle' } as const);
  const phase = intent.isRetry && canLoseToken(profile.rotation) ? { ...intent, reported: true } : withdrawn;
  await prepared.leased.write(withFailure(prepared, prepared.record, failed, phase));
  return failed;
};

const answerLost = (prepared: PreparedAttempt, answer: Lost): Promise<RefreshOutcome> => {
  const { httpStatus, retryAfterSeconds, cause } = answer;
  const lost = {
    ok: false,
    code: 'answer_lost',
    retryable: true,
    httpStatus,
    retryAfterSeconds,
    cause,
  } as const;
  const { again } = prepared.intent;
  if (again !== undefined) return lostAgain(prepared, answer, lost, again);
  return canLoseToken(prepared.profile.rotation)
    ? lostInDoubt(prepared, answer, lost)
    : lostForNow(prepared, answer, lost);
};

type LostFailure = Omit<FailedOutcome, 'kind' | 'message' | 'action'>;

/** The dead token was sent once more. */
const lostAgain = async (
  prepared: PreparedAttempt,
  { reason, evidence }: Lost,
  lost: LostFailure,
  again: DeadPhase,
): Promise<RefreshOutcome> => {
  const { grant, leased, record } = prepared;
  const kept = evidence && (await keepEvidence(prepared, evidence));
  const failed: FailedOutcome = {
    kind: 'transient_failure',
    ...lost,
    message: `Grant ${grant.id}: the dead token was sent once more and no usable answer came (${reason}); the grant stays dead.${evidenceText(evidence, kept)}`,
    action: `Look whether the authorization server answers, then: npm run refresh -- --grant ${grant.id} --again`,
  };
  const phase = { ...again, triedEpochMs: leased.storeNowEpochMs(), isAsked: undefined };
  await leased.write(withFailure(prepared, record, failed, phase));
  return failed;
};

const lostForNow = async (
  prepared: PreparedAttempt,
  { reason }: Lost,
  lost: LostFailure,
): Promise<RefreshOutcome> => {
  const { grant, leased, record } = prepared;
  const failed: FailedOutcome = {
    kind: 'transient_failure',
    ...lost,
    message: `Grant ${grant.id}: no usable answer (${reason}); the old token stays good at this provider.`,
    action: 'Nothing now: it is tried again.',
  };
  await leased.write(withFailure(prepared, record, failed, { state: 'idle' }));
  return failed;
};

/** The intent stays: only a later look, or the next answer, tells what became of the token. */
const lostInDoubt = async (
  prepared: PreparedAttempt,
  { reason, evidence }: Lost,
  lost: LostFailure,
): Promise<RefreshOutcome> => {
  const { grant, profile, intent, leased } = prepared;
  const kept = evidence && (await keepEvidence(prepared, evidence));
  const record = withFailure(prepared, prepared.record, lost, intent);
  const failed: FailedOutcome = {
    kind: 'ambiguous',
    ...lost,
    message: `Grant ${grant.id}: the request was sent and no usable answer came (${reason}); the token may have been replaced.${evidenceText(evidence, kept)}`,
    action: doubtfulAction(profile, intent, record.failures),
  };
  await leased.write(record);
  return failed;
};
