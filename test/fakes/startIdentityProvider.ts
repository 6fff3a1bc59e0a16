import type { KeyObject } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import type { IdentityProvider } from '../../src/lib/callers/ports.ts';
import { listen, stop } from '../../src/local/listen.ts';
import { rsaPair } from './rsaPair.ts';

export const TENANT_ID = '11111111-1111-4111-8111-111111111111';
export const CLIENT_ID = '22222222-2222-4222-8222-222222222222';
export const PROGRAM = {
  azp: '33333333-3333-4333-8333-333333333333',
  oid: '44444444-4444-4444-8444-444444444444',
};
export const PERSON = { azp: PROGRAM.azp, oid: '55555555-5555-4555-8555-555555555555' };

const [FIRST, SECOND, STRANGER] = [rsaPair(0), rsaPair(1), rsaPair(2)];

/** Members of claims or header; `undefined` leaves one out. */
type Members = Readonly<Record<string, unknown>>;

export interface TokenWish {
  readonly claims?: Members;
  readonly header?: Members;
  readonly key?: 'first' | 'second' | 'stranger';
}

const PRIVATE: Readonly<Record<string, KeyObject>> = {
  first: FIRST.privateKey,
  second: SECOND.privateKey,
  stranger: STRANGER.privateKey,
};

/** The public key of the provider's first signing key, as a forger takes it from its key set. */
export const FIRST_PUBLIC_KEY = FIRST.publicKey;

/** A tenant of Entra ID on this machine, as far as its tokens and its key set go. */
export const startIdentityProvider = async (nowEpochMs: () => number) => {
  let published: readonly (readonly [string, KeyObject])[] = [['first', FIRST.publicKey]];
  let requests = 0;
  let answer = async (response: ServerResponse): Promise<void> => {
    const keys = published.map(async ([kid, key]) => ({
      ...(await exportJWK(key)),
      kid,
      use: 'sig',
      x5c: ['MII'],
    }));
    response.end(JSON.stringify({ keys: await Promise.all(keys) }));
  };
  const server = createServer((_request, response) => {
    requests += 1;
    void answer(response);
  });
  const origin = await listen(server, 0);
  onTestFinished(() => stop(server));
  const issuer = `${origin}/${TENANT_ID}/v2.0`;
  const provider: IdentityProvider = {
    issuer,
    tenantId: TENANT_ID,
    jwksUri: `${origin}/keys`,
    authorizationEndpoint: `${origin}/authorize`,
    tokenEndpoint: `${origin}/token`,
    clientAssertion: async () => 'assertion',
  };
  /** An access token of a program; `claims` and `header` change it. */
  const tokenOf = ({ claims = {}, header = {}, key = 'first' }: TokenWish = {}): Promise<string> => {
    const now = Math.floor(nowEpochMs() / 1000);
    const payload = {
      ...{ iss: issuer, aud: CLIENT_ID, tid: TENANT_ID, ver: '2.0', iat: now, nbf: now, exp: now + 3_600 },
      ...{ ...PROGRAM, sub: PROGRAM.oid, idtyp: 'app', roles: [], ...claims },
    };
    return new SignJWT(payload as JWTPayload)
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: key, ...header })
      .sign(PRIVATE[key] ?? FIRST.privateKey);
  };
  return {
    provider,
    tokenOf,
    requests: () => requests,
    publishAlso: () => {
      published = [...published, ['second', SECOND.publicKey]];
    },
    /** Answers so for the key set. @returns what publishes it again */
    answerWith: (other: (response: ServerResponse) => void): (() => void) => {
      const publish = answer;
      answer = async (response) => other(response);
      return () => {
        answer = publish;
      };
    },
  };
};
