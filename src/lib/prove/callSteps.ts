import { PROOF_OUTCOMES } from '../credentials/proofOutcomes.ts';
import type { ProofCall } from '../oauth/rules/providerProfile.ts';
import { type ConfiguredClient, subjectIdOf } from './configuredClient.ts';
import type { CallAnswer } from './ports.ts';
import { failureOf } from './proofFailure.ts';
import {
  askTwice,
  credentialWords,
  type Evidence,
  endedBy,
  type ProofStep,
  type StepResult,
  TOKEN_SETTLES,
  type Work,
} from './proofWork.ts';
import { canFailBy, claimsChallenge, readCallAnswer } from './rules/callAnswer.ts';

const callOf = ({ call }: ConfiguredClient): ProofCall => {
  if (call === undefined) throw new Error('a call is made where one is configured');
  return call;
};

/**
 * One call with what the evidence holds, recorded so that a refusal arrives as a 401: where a new token is refused in
 * its first seconds, the answer after them alone, as the other is none of a fault.
 */
const makeCall = (work: Work, { token, key }: Pick<Evidence, 'token' | 'key'>): Promise<CallAnswer> => {
  const { ports, configured, context } = work;
  const { url, method = 'GET' } = callOf(configured);
  const { subject } = configured;
  const headers =
    key !== undefined && subject.kind === 'api_key'
      ? { [subject.key.header]: `${subject.key.prefix}${key}` }
      : {};
  const request = { url, method, headers, token: token?.accessToken, signal: context.signal };
  const afterRefusal = (answer: CallAnswer) =>
    token !== undefined && isRefused(work, answer) && claimsOf(answer) === undefined
      ? TOKEN_SETTLES
      : undefined;
  return ports.telemetry.httpCall(
    { method, url, credentialId: subjectIdOf(configured) },
    () => askTwice(work, afterRefusal, () => ports.resource.call(request)),
    (answer) => (answer.kind === 'answered' ? answer.httpStatus : undefined),
  );
};

/** Not recorded as a call of the credential: its 401 is what is wanted. */
const makeCallWithout = ({ ports: { resource }, configured, context: { signal } }: Work) => {
  const { url, method = 'GET' } = callOf(configured);
  return resource.call({ url, method, headers: {}, token: undefined, signal });
};

/** Whether the call is able to fail: what answers everybody proves nothing. */
export const callWithout: ProofStep = {
  name: 'call without it',
  isFor: ({ call }) => call !== undefined,
  async take(work) {
    const { url, expectedStatus } = callOf(work.configured);
    const answer = await makeCallWithout(work);
    if (answer.kind === 'unanswered') return { shown: `no answer: ${answer.reason}` };
    const { httpStatus } = answer;
    const canFail = canFailBy(answer, expectedStatus);
    if (canFail === undefined) return { shown: `${httpStatus}, which says nothing of it` };
    if (canFail)
      return {
        shown: `${httpStatus}, as it should be`,
        evidence: { canFail, isForbiddenWithout: isForbidden(work, answer) },
      };
    const { host } = new URL(url);
    const detail = `The call to ${host} that proves it is answered ${httpStatus} without a credential, too.`;
    return {
      shown: `${httpStatus}: it answers everybody`,
      evidence: { canFail },
      findings: [{ code: 'proof_proves_nothing', detail }],
    };
  },
};

const outcomeOf = ({ configured }: Work, answer: CallAnswer) => {
  if (answer.kind === 'unanswered') return undefined;
  const reading = readCallAnswer(answer, callOf(configured).expectedStatus);
  return reading.kind === 'refused' ? reading.outcome : undefined;
};

const isForbidden = (work: Work, answer: CallAnswer): boolean => outcomeOf(work, answer) === 'call_forbidden';

const isRefused = (work: Work, answer: CallAnswer): boolean =>
  isForbidden(work, answer) || outcomeOf(work, answer) === 'call_refused';

/**
 * Whether whoever brings no credential is answered 403 as well: to many a server that is whom it does not know.
 * @see https://github.com/spring-projects/spring-security/issues/15424
 * @see https://github.com/forcedotcom/SalesforceMobileSDK-Android/pull/2430
 * @see https://github.com/aws/chalice/issues/1835
 */
const isForbiddenWithout = async (work: Work): Promise<boolean> =>
  work.evidence.isForbiddenWithout ?? isForbidden(work, await makeCallWithout(work));

const readAnswer = async (work: Work, answer: CallAnswer): Promise<StepResult> => {
  const { host } = new URL(callOf(work.configured).url);
  const what = `${host} answered the call with ${credentialWords(work.configured)}`;
  if (answer.kind === 'unanswered') {
    const message = `${host} did not answer the call: ${answer.reason}.`;
    return endedBy(failureOf('call_failed', message, { cause: answer.cause }));
  }
  const { httpStatus, retryAfterSeconds } = answer;
  const reading = readCallAnswer(answer, callOf(work.configured).expectedStatus);
  if (reading.kind === 'expected') return { shown: `${httpStatus}, as it should be`, httpStatus };
  const isUnsure = isForbidden(work, answer) && (await isForbiddenWithout(work));
  const said = isUnsure ? `${reading.said}, as it does without it` : reading.said;
  const outcome = isUnsure ? 'call_refused' : reading.outcome;
  const action = outcome === 'call_refused' ? { action: refusedActionOf(work, isUnsure) } : {};
  return endedBy(failureOf(outcome, `${what} with ${said}.`, { ...action, httpStatus, retryAfterSeconds }));
};

/** What the table says of a refused call is about tokens: a key has no audience and no issuer. */
const refusedActionOf = ({ configured }: Work, isUnsure: boolean): string => {
  const action =
    configured.subject.kind === 'api_key'
      ? `Get a new key from whoever issues it and write it into ${credentialWords(configured)}: the one there is not accepted.`
      : PROOF_OUTCOMES.call_refused.action;
  return isUnsure ? `${action} Where it is known to be good, give it the right that the call needs.` : action;
};

const claimsOf = (answer: CallAnswer): string | undefined =>
  answer.kind === 'answered' ? claimsChallenge(answer.wwwAuthenticate) : undefined;

/** The call that consumers of the credential make, or one that is as good. */
export const callWith: ProofStep = {
  name: 'call with it',
  isFor: ({ call }) => call !== undefined,
  async take(work) {
    const answer = await makeCall(work, work.evidence);
    const claims = claimsOf(answer);
    const { client } = work.evidence;
    if (claims === undefined || client?.issuer.kind !== 'entra') return readAnswer(work, answer);
    // The resource wants a newer token than it got, once: the session was revoked, or a policy changed.
    const token = await work.ports.flow.request(client, { ...work.context, claims });
    // What the resource asked for may be nonsense: then its own answer counts, not what became of that.
    if (!token.ok && ['resource_wrong', 'unavailable', 'throttled', 'not_asked'].includes(token.code))
      return readAnswer(work, answer);
    if (!token.ok) return endedBy(token);
    const again = await readAnswer(work, await makeCall(work, { token }));
    return { ...again, shown: `${again.shown} (after a claims challenge)` };
  },
};
