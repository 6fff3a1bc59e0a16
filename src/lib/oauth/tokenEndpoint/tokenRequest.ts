import { validateHeaderValue } from 'node:http';
import type { ClientProof } from '../clientAuthentication/clientCredential.ts';
import type { CodeCall, RefreshCall } from '../ports.ts';
import { refreshUrlOf } from '../rules/providerProfile.ts';

/** One refresh, or exchange of a code, as it goes on the wire. */
export interface TokenRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of the client, for the connection that it goes over. */
  readonly tls?: ClientProof['tls'];
}

const encodeBody = (parameters: Readonly<Record<string, string>>, format: 'form' | 'json') =>
  format === 'json'
    ? { contentType: 'application/json', body: JSON.stringify(parameters) }
    : { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(parameters).toString() };

/** Where a call goes. */
export const addressOf = (call: RefreshCall | CodeCall): string =>
  'code' in call ? call.profile.tokenEndpoint : refreshUrlOf(call.profile);

const grantOf = (call: RefreshCall | CodeCall): Readonly<Record<string, string>> =>
  'code' in call
    ? {
        grant_type: 'authorization_code',
        code: call.code,
        redirect_uri: call.redirectUri,
        ...(call.codeVerifier === undefined ? {} : { code_verifier: call.codeVerifier }),
      }
    : { grant_type: 'refresh_token', refresh_token: call.refreshToken };

/**
 * No `scope`: omitted means the original one (RFC 6749 §6), and a wider one would be refused.
 * Rejects when the signer does, and for a header that HTTP cannot carry.
 */
export const buildTokenRequest = async (
  call: RefreshCall | CodeCall,
  nowEpochMs: number,
): Promise<TokenRequest> => {
  const { profile, clientId, authenticate } = call;
  const address = addressOf(call);
  const proof = await authenticate({ clientId, tokenEndpoint: address, nowEpochMs });
  const parameters = { ...profile.extraParameters, ...grantOf(call), ...proof.parameters };
  const url = new URL(address);
  const inQuery = profile.bodyFormat === 'query';
  if (inQuery) for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  const { contentType, body } = encodeBody(
    inQuery ? {} : parameters,
    profile.bodyFormat === 'json' ? 'json' : 'form',
  );
  const headers = {
    accept: profile.accept,
    'accept-encoding': 'identity',
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'user-agent': 'keywatch',
    ...proof.headers,
  };
  for (const [name, value] of Object.entries(headers)) validateHeaderValue(name, value);
  return { url, headers, body, ...(proof.tls && { tls: proof.tls }) };
};
