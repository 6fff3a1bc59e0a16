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
}

const ASSERTION_LIFETIME_SECONDS = 300;

// RFC 6749 §2.3.1 and appendix B: both halves are form-urlencoded before they are joined.
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

const base64url = (data: Uint8Array | string): string => Buffer.from(data).toString('base64url');

/** A signed client assertion. @see RFC 7523 §3 */
const clientAssertion = async (
  signer: AssertionSigner,
  { clientId, audience, nowEpochMs }: { clientId: string; audience: string; nowEpochMs: number },
): Promise<string> => {
  const issuedAt = Math.floor(nowEpochMs / 1000);
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
    nbf: issuedAt,
    exp: issuedAt + ASSERTION_LIFETIME_SECONDS,
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
      const pair = `${formEncode(clientId)}:${formEncode(authentication.clientSecret)}`;
      return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }, parameters: {} };
    }
    case 'client_secret_post':
      return { headers: {}, parameters: { client_id: clientId, client_secret: authentication.clientSecret } };
    case 'private_key_jwt': {
      const audience = authentication.audience ?? tokenEndpoint;
      return {
        headers: {},
        parameters: {
          client_id: clientId,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await clientAssertion(authentication.signer, { clientId, audience, nowEpochMs }),
        },
      };
    }
    case 'none':
      return { headers: {}, parameters: { client_id: clientId } };
  }
};
