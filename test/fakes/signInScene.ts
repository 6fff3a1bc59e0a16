import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { SignJWT } from 'jose';
import { openIdCodes } from '../../src/lib/callers/openId/openIdCodes.ts';
import type { IdentityProvider } from '../../src/lib/callers/ports.ts';
import { createSessions, SESSION_COOKIE } from '../../src/lib/callers/sessions.ts';
import { createSignIn } from '../../src/lib/callers/signIn.ts';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { readCookie } from '../../src/lib/web/cookies.ts';
import type { PageAnswer } from '../../src/lib/web/page.ts';
import { listen } from '../../src/local/listen.ts';
import { consentingBrowser } from './consentingBrowser.ts';
import { fakeTicketStore } from './fakeTicketStore.ts';
import { recordingTelemetry } from './recordingTelemetry.ts';
import { startOidcProvider } from './startOidcProvider.ts';

export const TENANT = '22222222-2222-4222-8222-222222222222';
export const CLIENT = '33333333-3333-4333-8333-333333333333';
export const ANA = '44444444-4444-4444-8444-444444444444';

/** The sign-in of a deployment, over HTTP, at a real OpenID provider that any person signs in at under an object id. */
export const startSignIn = async () => {
  const state = { aheadMs: 0 };
  const clock = { nowEpochMs: () => systemClock.nowEpochMs() + state.aheadMs };
  const tickets = fakeTicketStore();
  const telemetry = recordingTelemetry();
  const sessions = createSessions({ tickets, clock });
  const server = createServer();
  const publicUrl = await listen(server, 0);
  const redirectUri = `${publicUrl}/api/sign-in/callback`;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const tokenEndpoint = await startOidcProvider({
    clients: [
      {
        client_id: CLIENT,
        grant_types: ['authorization_code'],
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kty: 'EC' }] },
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub', 'tid', 'oid', 'roles'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: true } },
    findAccount: async (_context, accountId) => ({
      accountId,
      claims: async () => ({ sub: accountId, oid: accountId, tid: TENANT, roles: ['Keywatch.Read'] }),
    }),
  });
  const issuer = new URL(tokenEndpoint).origin;
  const held: string[] = [];
  const provider: IdentityProvider = {
    ...{ issuer, tenantId: TENANT, tokenEndpoint, jwksUri: `${issuer}/jwks` },
    authorizationEndpoint: `${issuer}/auth`,
    async clientAssertion() {
      const nowSeconds = Math.floor(systemClock.nowEpochMs() / 1000);
      const assertion = await new SignJWT({ jti: randomUUID(), iss: CLIENT, sub: CLIENT, aud: issuer })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuedAt(nowSeconds)
        .setExpirationTime(nowSeconds + 60)
        .sign(privateKey);
      held.push(assertion);
      return assertion;
    },
  };
  const codes = openIdCodes({ provider, clientId: CLIENT, clock, telemetry, allowLoopback: true });
  const signIn = createSignIn(
    { clientId: CLIENT, redirectUri },
    { provider, tickets, clock, sessions, codes, telemetry },
  );
  const answerTo = async (url: string, cookie: string | undefined): Promise<PageAnswer> => {
    const request = { url, headers: new Headers(cookie === undefined ? {} : { cookie }) };
    const { pathname } = new URL(url);
    if (pathname === '/api/sign-in') return signIn.begin(request);
    if (pathname === '/api/sign-in/callback') return signIn.complete(request);
    const handle = readCookie(cookie, SESSION_COOKIE);
    const read = handle === undefined ? undefined : await sessions.read(handle);
    const caller = read?.ok ? read.caller : undefined;
    return { status: caller === undefined ? 401 : 200, headers: {}, body: JSON.stringify(caller ?? {}) };
  };
  server.on('request', async (request, response) => {
    const url = `${publicUrl}${request.url}`;
    const { status, headers, body, cookies = [] } = await answerTo(url, request.headers.cookie);
    response.setHeader(
      'set-cookie',
      cookies.map(({ name, value }) => `${name}=${value}`),
    );
    response.writeHead(status, headers).end(body);
  });

  /** A browser of a person, who signs in under this object id. */
  const browserOf = (person = ANA) => consentingBrowser({ login: person, password: 'any' });
  type Browser = ReturnType<typeof browserOf>;
  const isCallback = (url: string): boolean => url.startsWith(redirectUri);
  return {
    ...{ publicUrl, issuer, provider, tickets, telemetry, sessions, codes, held, state, clock, browserOf },
    /** Begins, signs in at the provider, and stops before our callback. @returns its address */
    async upToCallback(browser: Browser, to = '/api/board'): Promise<string> {
      const link = `${publicUrl}/api/sign-in?to=${encodeURIComponent(to)}`;
      return (await browser.open(link, isCallback)).url;
    },
    /** Signs in to the end. */
    signIn: (browser: Browser, to = '/api/board') =>
      browser.open(`${publicUrl}/api/sign-in?to=${encodeURIComponent(to)}`),
  };
};
