import { randomUUID } from 'node:crypto';
import type { AssertionSigner, ResolvedClientAuthentication } from '../ports/authorizationServer.ts';

/** What proves the client in one request: parameters for the body, headers, or both. */
export interface ClientProof {
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ClientAuthenticationInput {
  readonly clientId: string;
  readonly authentication: ResolvedClientAuthentication;
  /** The audience of an assertion that names none of its own. */
  readonly tokenEndpoint: string;
  readonly nowEpochMs: number;
  /** For Basic: whether id and secret are form-encoded; true when absent. */
  readonly basicFormEncoding?: boolean | undefined;
}

const ASSERTION_LIFETIME_SECONDS = 300;
/** A server whose clock is behind ours takes no assertion that was issued in its future. */
const ISSUED_BEFORE_SECONDS = 10;

// RFC 6749 §2.3.1 and appendix B: both halves are form-urlencoded before they are joined.
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const base64url = (data: Uint8Array | string): string => Buffer.from(data).toString('base64url');

/** A signed client assertion. @see RFC 7523 §3 */
const clientAssertion = async (
  signer: AssertionSigner,
  {
    clientId,
    audience,
    nowEpochMs,
    lifetimeSeconds,
  }: { clientId: string; audience: string; nowEpochMs: number; lifetimeSeconds: number },
): Promise<string> => {
  const issuedAt = Math.floor(nowEpochMs / 1000) - ISSUED_BEFORE_SECONDS;
  const header = {
    alg: signer.algorithm,
    typ: 'JWT',
    ...(signer.keyId === undefined ? {} : { kid: signer.keyId }),
    ...(signer.certificateThumbprintSha256 === undefined
      ? {}
      : { 'x5t#S256': signer.certificateThumbprintSha256 }),
  };
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: randomUUID(),
    iat: issuedAt,
    exp: issuedAt + lifetimeSeconds,
  };
  const signingInput = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
  const signature = await signer.sign(new TextEncoder().encode(signingInput));
  return `${signingInput}.${base64url(signature)}`;
};

/**
 * How the client proves itself in one request, by exactly one method (RFC 6749 §2.3). Rejects when
 * the signer does: nothing has been sent by then.
 */
export const proveClient = async (input: ClientAuthenticationInput): Promise<ClientProof> => {
  const { clientId, authentication, tokenEndpoint, nowEpochMs } = input;
  switch (authentication.method) {
    case 'client_secret_basic': {
      const encode = input.basicFormEncoding === false ? (text: string) => text : formEncode;
      const pair = `${encode(clientId)}:${encode(authentication.clientSecret)}`;
      return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, parameters: {} };
    }
    case 'client_secret_post':
      return { headers: {}, parameters: { client_id: clientId, client_secret: authentication.clientSecret } };
    case 'private_key_jwt': {
      const {
        signer,
        audience = tokenEndpoint,
        lifetimeSeconds = ASSERTION_LIFETIME_SECONDS,
      } = authentication;
      const claims = { clientId, audience, nowEpochMs, lifetimeSeconds };
      return {
        headers: {},
        parameters: {
          client_id: clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await clientAssertion(signer, claims),
        },
      };
    }
    case 'none':
      return { headers: {}, parameters: { client_id: clientId } };
  }
};
