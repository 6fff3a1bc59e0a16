import type { ProofCall } from '../oauth/rules/providerProfile.ts';
import { type ConfiguredClient, subjectIdOf } from './configuredClient.ts';
import type { CallAnswer } from './ports.ts';
import { failureOf } from './proofFailure.ts';
import {
  credentialWords,
  type Evidence,
  endedBy,
  type ProofStep,
  type StepResult,
  type Work,
} from './proofWork.ts';
import { canFailBy, claimsChallenge, readCallAnswer } from './rules/callAnswer.ts';

const callOf = ({ call }: ConfiguredClient): ProofCall => {
  if (call === undefined) throw new Error('a call is made where one is configured');
  return call;
};

/** One call with what the evidence holds, or without; recorded so that a refusal arrives as a 401. */
const makeCall = (
  { ports: { telemetry, resource }, configured, context: { signal } }: Work,
  { token, key }: Pick<Evidence, 'token' | 'key'>,
): Promise<CallAnswer> => {
  const { url, method = 'GET' } = callOf(configured);
  const { subject } = configured;
  const headers =
    key !== undefined && subject.kind === 'api_key'
      ? { [subject.key.header]: `${subject.key.prefix}${key}` }
      : {};
  return telemetry.httpCall(
    { method, url, credentialId: subjectIdOf(configured) },
    () => resource.call({ url, method, headers, token: token?.accessToken, signal }),
    (answer) => (answer.kind === 'answered' ? answer.httpStatus : undefined),
  );
};

/** Whether the call is able to fail: what answers everybody proves nothing. */
export const callWithout: ProofStep = {
  name: 'call without it',
  isFor: ({ call }) => call !== undefined,
  async take({ ports: { resource }, configured, context: { signal } }) {
    // Not recorded as a call of the credential: its 401 is what is wanted.
    const { url, method = 'GET', expectedStatus } = callOf(configured);
    const answer = await resource.call({ url, method, headers: {}, token: undefined, signal });
    if (answer.kind === 'unanswered') return { shown: `no answer: ${answer.reason}` };
    const { httpStatus } = answer;
    const canFail = canFailBy(answer, expectedStatus);
    if (canFail === undefined) return { shown: `${httpStatus}, which says nothing of it` };
    if (canFail) return { shown: `${httpStatus}, as it should be`, evidence: { canFail } };
    const { host } = new URL(url);
    const detail = `The call to ${host} that proves it is answered ${httpStatus} without a credential, too.`;
    return {
      shown: `${httpStatus}: it answers everybody`,
      evidence: { canFail },
      findings: [{ code: 'proof_proves_nothing', detail }],
    };
  },
};

const readAnswer = (work: Work, answer: CallAnswer): StepResult => {
  const { host } = new URL(callOf(work.configured).url);
  const what = `${host} answered the call with ${credentialWords(work.configured)}`;
  if (answer.kind === 'unanswered') {
    const message = `${host} did not answer the call: ${answer.reason}.`;
    return endedBy(failureOf('call_failed', message, { cause: answer.cause }));
  }
  const { httpStatus, retryAfterSeconds } = answer;
  const reading = readCallAnswer(answer, callOf(work.configured).expectedStatus);
  if (reading.kind === 'expected') return { shown: `${httpStatus}, as it should be`, httpStatus };
  const message = `${what} with ${reading.said}.`;
  const more = reading.outcome === 'call_refused' ? refusedActionOf(work.configured) : {};
  return endedBy(failureOf(reading.outcome, message, { ...more, httpStatus, retryAfterSeconds }));
};

/** What the table says of a refused call is about tokens: a key has no audience and no issuer. */
const refusedActionOf = (configured: ConfiguredClient): { readonly action?: string } => {
  if (configured.subject.kind !== 'api_key') return {};
  const place = credentialWords(configured);
  return {
    action: `Get a new key from whoever issues it and write it into ${place}: the one there is not accepted.`,
  };
};

/** The call that consumers of the credential make, or one that is as good. */
export const callWith: ProofStep = {
  name: 'call with it',
  isFor: ({ call }) => call !== undefined,
  async take(work) {
    const answer = await makeCall(work, work.evidence);
    const claims = answer.kind === 'answered' ? claimsChallenge(answer.wwwAuthenticate) : undefined;
    const { client } = work.evidence;
    if (claims === undefined || client?.issuer.kind !== 'entra') return readAnswer(work, answer);
    // The resource wants a newer token than it got, once: the session was revoked, or a policy changed.
    const token = await work.ports.flow.request(client, { ...work.context, claims });
    // What the resource asked for may be nonsense: then its own answer counts, not what became of that.
    if (!token.ok && ['resource_wrong', 'unavailable', 'throttled', 'not_asked'].includes(token.code))
      return readAnswer(work, answer);
    if (!token.ok) return endedBy(token);
    const again = readAnswer(work, await makeCall(work, { token }));
    return { ...again, shown: `${again.shown} (after a claims challenge)` };
  },
};
