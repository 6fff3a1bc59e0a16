import { createHmac, timingSafeEqual } from 'node:crypto';
import { DAY_MS } from '../../lib/kernel/time.ts';
import { WireError } from './errors.ts';
import type { Identity } from './identities.ts';

const AUDIENCE = 'https://vault.azure.net';
const TENANT = '00000000-0000-4000-8000-000000000000';

/**
 * What a request without a good token gets back: where to ask for one, and for which resource.
 * The SDK clients send their first request bare on purpose, to be reported.
 */
export const CHALLENGE = `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="${AUDIENCE}"`;

/**
 * A hundred years. Local time can be moved forward by months while SDK clients cache tokens by the
 * machine's own clock: a token that lapsed by local time would never be asked for again.
 */
const DEFAULT_LIFETIME_MS = 100 * 365.25 * DAY_MS;

export interface TokenIssuer {
  /** Makes the tokens of an identity good, those of an earlier run included. */
  know(identity: Identity): void;
  mint(identity: Identity, lifetimeMs?: number): { token: string; expiresOnTimestamp: number };
  /** Gives the identity that an `Authorization` header proves; refuses with 401. */
  verify(authorization: string | undefined): Identity;
}

/** Issues the only tokens that the stand-in accepts: a name and an end, signed with `signingKey`. */
export const createTokenIssuer = (signingKey: Buffer, nowEpochMs: () => number): TokenIssuer => {
  const identities = new Map<string, Identity>();
  const sign = (payload: string) => createHmac('sha256', signingKey).update(payload).digest();

  const unauthorized = (message: string) => new WireError(401, 'Unauthorized', message);

  return {
    know: (identity) => void identities.set(identity.name, identity),
    mint(identity, lifetimeMs = DEFAULT_LIFETIME_MS) {
      identities.set(identity.name, identity);
      const expiresOnTimestamp = nowEpochMs() + lifetimeMs;
      const claims = { sub: identity.name, aud: AUDIENCE, exp: expiresOnTimestamp };
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
      return { token: `${payload}.${sign(payload).toString('base64url')}`, expiresOnTimestamp };
    },
    verify(authorization) {
      const bearer = authorization?.match(/^Bearer ([\w-]+)\.([\w-]+)$/i);
      if (!bearer) throw unauthorized('the request carries no bearer token');
      const [payload = '', signature = ''] = bearer.slice(1);
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(payload);
      if (given.length !== expected.length || !timingSafeEqual(given, expected))
        throw unauthorized('the token was not issued here');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub: string; exp: number };
      if (claims.exp <= nowEpochMs()) throw unauthorized('the token has expired');
      const identity = identities.get(claims.sub);
      if (identity === undefined) throw unauthorized(`nobody is known as ${claims.sub}`);
      return identity;
    },
  };
};
