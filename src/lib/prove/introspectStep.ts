import type { ClientProof } from '../oauth/clientAuthentication/clientCredential.ts';
import { holdingCredentials, holdProof } from '../oauth/holdingCredentials.ts';
import type { Introspection } from './configuredClient.ts';
import { failureOf } from './proofFailure.ts';
import { askTwice, endedBy, type ProofStep, type StepResult, TOKEN_SETTLES, type Work } from './proofWork.ts';

/** What proves the client that asks, or why it cannot. */
const proofOf = async (
  { ports, context: { hold } }: Work,
  { clientId, credential, tokenEndpoint }: Introspection,
): Promise<{ readonly proof: ClientProof } | { readonly problem: string }> => {
  const opened = await credential.open(holdingCredentials(ports.clientCredentials, hold));
  if (!opened.ok) return { problem: opened.message };
  try {
    const nowEpochMs = ports.clock.nowEpochMs();
    const proof = await opened.authenticate({ clientId, tokenEndpoint, nowEpochMs });
    holdProof(proof, hold);
    return { proof };
  } catch {
    // What a signer says was said when the grant was refreshed by it, a moment ago.
    return { problem: 'The client could not prove itself to ask about the token.' };
  }
};

/** A server that cannot say it is no reason to doubt a token, where a call shows more. */
const unsaid = (
  { configured: { call } }: Work,
  why: string,
  more: { readonly action?: string } = {},
): StepResult => (call === undefined ? endedBy(failureOf('call_failed', why, more)) : { shown: why });

/** Asks the authorization server whether the token is good: the resource may take longer to hear that it is not. */
export const introspect: ProofStep = {
  name: 'ask its server',
  isFor: ({ subject }) => subject.kind === 'grant' && subject.introspection !== undefined,
  async take(work) {
    const { subject } = work.configured;
    const { token } = work.evidence;
    if (subject.kind !== 'grant' || subject.introspection === undefined || token === undefined)
      throw new Error('a token of a grant is asked about where its server can be');
    const { introspection } = subject;
    const { url } = introspection;
    const { host } = new URL(url);
    // Proven anew each time: an assertion may be used once.
    const ask = async () => {
      const ready = await proofOf(work, introspection);
      if ('problem' in ready) return ready;
      const { signal } = work.context;
      return work.ports.introspection.introspect({ url, token: token.accessToken, ...ready, signal });
    };
    const afterRefusal = (said: Awaited<ReturnType<typeof ask>>) =>
      !('problem' in said) && said.kind === 'answered' && said.active === false ? TOKEN_SETTLES : undefined;
    const answer = work.configured.call === undefined ? await askTwice(work, afterRefusal, ask) : await ask();
    if ('problem' in answer) return unsaid(work, answer.problem);
    if (answer.kind === 'unanswered')
      return unsaid(work, `${host} did not say whether the token is good: ${answer.reason}.`);
    const { httpStatus, active } = answer;
    if (httpStatus !== 200 || active === undefined)
      return unsaid(work, `${host} did not say whether the token is good: it answered ${httpStatus}.`);
    if (active) return { shown: `${host} says that it is active`, httpStatus, evidence: { isActive: true } };
    // To whoever may not ask. @see RFC 7662 §2.2, https://github.com/keycloak/keycloak/pull/49131
    return unsaid(
      work,
      `${host} says that the access token it has just issued is not active, or that this client may not ask.`,
      {
        action:
          'See at the authorization server whether the client may ask about its own tokens (at Keycloak it has to be in their audience): where it may not, take introspectionEndpoint out of the provider; where it may, consent again.',
      },
    );
  },
};
