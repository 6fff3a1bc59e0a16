import type { IncomingMessage, ServerResponse } from 'node:http';
import OAuth2Server, { type AuthorizationCode, type RefreshToken } from '@node-oauth/oauth2-server';
import { afterAll } from 'vitest';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { listenOnLoopback } from '../../src/local/authorizationServers/localServer.ts';

/** A second authorization server, by other people, whose person consents at once: client `client` with its secret. */
export const startNodeOauthConsents = async (redirectUris: readonly string[]) => {
  /** What the next consents leave out, or change. */
  const consents: { scope?: string[] } = {};
  const client = {
    id: 'client',
    grants: ['authorization_code', 'refresh_token'],
    // It compares them to the letter, as most providers do.
    redirectUris: [...redirectUris],
  };
  const codes = new Map<string, AuthorizationCode>();
  const live = new Map<string, RefreshToken>();

  const oauth = new OAuth2Server({
    model: {
      getClient: async (id, secret) =>
        id === client.id && (secret === null || secret === undefined || secret === 'secret-of-the-client')
          ? client
          : false,
      validateScope: async (_user, _client, scope) => consents.scope ?? scope ?? [],
      saveAuthorizationCode: async (code, ofClient, user) => {
        const saved = { ...code, client: ofClient, user };
        codes.set(code.authorizationCode, saved);
        return saved;
      },
      getAuthorizationCode: async (code) => codes.get(code),
      revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
      getRefreshToken: async (value) => live.get(value),
      revokeToken: async ({ refreshToken }) => live.delete(refreshToken),
      saveToken: async (token, ofClient, user) => {
        const saved = { ...token, client: ofClient, user };
        if (token.refreshToken !== undefined)
          live.set(token.refreshToken, { ...saved, refreshToken: token.refreshToken });
        return saved;
      },
      getAccessToken: async () => undefined,
    },
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const asked = new OAuth2Server.Request({
      method: request.method ?? '',
      headers: request.headers as Record<string, string>,
      query: Object.fromEntries(url.searchParams),
      body: Object.fromEntries(new URLSearchParams(body)),
    });
    const answer = new OAuth2Server.Response();
    const signedIn = { authenticateHandler: { handle: async () => ({ id: 'anna' }) } };
    // What it throws is in the answer already.
    await (url.pathname === '/token'
      ? oauth.token(asked, answer)
      : oauth.authorize(asked, answer, signedIn)
    ).catch(() => undefined);
    response.writeHead(answer.status ?? 500, { ...answer.headers, 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  };

  const server = await listenOnLoopback({
    tokenPath: '/token',
    nowEpochMs: systemClock.nowEpochMs,
    handlerOf: () => (request, response) => void handle(request, response),
  });
  afterAll(() => server.close());
  return {
    consents,
    /** Refresh tokens that it takes. */
    live,
    facts: {
      tokenEndpoint: `${server.origin}/token`,
      authorization: { endpoint: `${server.origin}/authorize` },
    },
  };
};
