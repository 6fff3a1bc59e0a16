import { clientCredentialId } from '../../credentials/credentialIds.ts';
import type { Clock } from '../../kernel/clock.ts';
import { permanentFailure } from '../../kernel/failure.ts';
import type { ClientProof } from '../../oauth/clientAuthentication/clientCredential.ts';
import { holdAnswered, holdingCredentials, holdProof } from '../../oauth/holdingCredentials.ts';
import type { ClientCredentialStore } from '../../oauth/ports.ts';
import { endpointFault } from '../../oauth/rules/endpointFault.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { IssuedToken, ProofContext, ProofFailure, ProvedClient } from '../ports.ts';
import { issuerHostOf, notAsked } from '../proofFailure.ts';
import { boundedRequest, type HttpAnswer, type NoAnswer } from './boundedRequest.ts';
import { tokenResultOf } from './tokenResult.ts';

/** What every flow is made of. */
export interface FlowOptions {
  /** Where the clients' credentials are; asked anew for each proof. */
  readonly store: ClientCredentialStore;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'httpCall'>;
  /** Local mode only: http to this machine. Anything else is https. */
  readonly allowLoopback?: boolean | undefined;
  /** Local mode and tests only: certificates to trust instead of the system's, as PEM. */
  readonly ca?: string | undefined;
}

/** The one POST that a library is let make. It may ask once; what came is read from here, not from the library. */
export interface TokenPost {
  readonly proof: ClientProof;
  /** Sends to the token endpoint of the client, and nowhere else. Throws before a byte leaves where it may not. */
  readonly send: (
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ) => Promise<HttpAnswer | NoAnswer>;
}

/** Drives a library to make the POST. What it returns or throws is of no interest. */
export type MakePost = (post: TokenPost) => Promise<unknown>;

const unproven = (client: ProvedClient, cause: unknown): ProofFailure =>
  notAsked(client, {
    code: 'client_unproven',
    retryable: true,
    message: `Client ${client.id} could not prove itself: its credential could not be used.`,
    action:
      'Nothing now: it is asked again at the next run; if it lasts, look at the key or identity that it is proven with.',
    cause,
  });

/** The library's own word, where it is one: `missing_tenant_id_error`. Its message may hold what it was given. */
const wordOf = (error: unknown): string => {
  const { errorCode, code } = (error ?? {}) as { errorCode?: unknown; code?: unknown };
  const word = [errorCode, code].find((one) => typeof one === 'string' && /^[A-Za-z_]{3,60}$/.test(one));
  return word === undefined ? '' : ` (${word})`;
};

/** Nothing was sent, and will not be before the config is corrected. */
export const unsent = (client: ProvedClient, why: string): ProofFailure =>
  notAsked(
    client,
    permanentFailure({
      code: 'request_unmade',
      message: `Client ${client.id} could not ask ${issuerHostOf(client)} for a token: ${why}.`,
      action: 'Correct the entry of this client in the config: issuer, scopes and client authentication.',
    }),
  );

/**
 * Opens the credential, lets `make` drive its library to one POST, and says what came of it. Never rejects.
 * @param tokenEndpoint of the client; nothing is sent elsewhere
 */
export const proveByPost = async (
  { store, clock, telemetry, allowLoopback = false, ca }: FlowOptions,
  client: ProvedClient,
  { signal, hold }: ProofContext,
  tokenEndpoint: string,
  make: MakePost,
): Promise<IssuedToken | ProofFailure> => {
  const fault = endpointFault(tokenEndpoint, allowLoopback);
  if (fault !== undefined) return unsent(client, fault);
  let proof: ClientProof;
  try {
    const opened = await client.credential.open(holdingCredentials(store, hold));
    if (!opened.ok) return notAsked(client, opened);
    const { clientId } = client;
    proof = await opened.authenticate({ clientId, tokenEndpoint, nowEpochMs: clock.nowEpochMs() });
  } catch (cause) {
    return unproven(client, cause);
  }
  holdProof(proof, hold);

  let seen: HttpAnswer | NoAnswer | undefined;
  const send: TokenPost['send'] = async (address, headers, body) => {
    const url = new URL(address);
    const own = new URL(tokenEndpoint);
    if (seen !== undefined || url.origin !== own.origin || url.pathname !== own.pathname)
      throw new Error('only one request is made, and only to the token endpoint of the client');
    seen = { kind: 'unanswered', isSent: true, reason: 'no answer' };
    const run = () => boundedRequest({ url, method: 'POST', headers, body, signal, ca, tls: proof.tls });
    const call = { method: 'POST', url: tokenEndpoint, credentialId: clientCredentialId(client.id) } as const;
    // What was called off before is no call.
    seen = signal.aborted ? await run() : await telemetry.httpCall(call, run, ({ httpStatus }) => httpStatus);
    return seen;
  };
  let word = '';
  try {
    await make({ proof, send });
  } catch (error) {
    word = wordOf(error);
  }
  if (seen === undefined) return unsent(client, `the request could not be made${word}`);
  const result = tokenResultOf(client, seen, clock.nowEpochMs());
  if (result.ok) holdAnswered(result.accessToken, hold);
  return result;
};
