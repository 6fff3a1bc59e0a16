import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import OAuth2Server, { type AuthorizationCode, type RefreshToken } from '@node-oauth/oauth2-server';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';
import { listenOnLoopback } from '../../../src/local/authorizationServers/localServer.ts';
import { listen, stop } from '../../../src/local/listen.ts';
import { connectScene } from '../../fakes/connectScene.ts';

const aside = createServer();
const port = Number(new URL(await listen(aside, 0)).port);
await stop(aside);

const client = {
  id: 'client',
  grants: ['authorization_code', 'refresh_token'],
  // It compares the port too, as most providers do.
  redirectUris: [`http://127.0.0.1:${port}/callback/strict`],
};
const codes = new Map<string, AuthorizationCode>();
const live = new Map<string, RefreshToken>();
/** What the next consents leave out, or change. */
const consents: { scope?: string[] } = {};

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

const scene = () =>
  connectScene({
    tokenEndpoint: `${server.origin}/token`,
    authorization: { endpoint: `${server.origin}/authorize` },
  });

describe('at a second authorization server', () => {
  it('a grant is connected by a redirect address that has its port, and refreshes', async () => {
    const at = scene();
    const { outcome } = await at.connectAs('anna', { port });
    expect(outcome).toMatchObject({ kind: 'refreshed' });
    expect(live.has(at.world.vault.versions.at(-1)?.value ?? '')).toBe(true);
    expect(await at.refresher.refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({
      kind: 'refreshed',
      rotated: true,
    });
  });

  it('a consent to more than was asked for is taken in, and reported as such', async () => {
    const at = scene();
    consents.scope = ['api.read', 'api.write'];
    expect((await at.connectAs('anna', { port })).outcome).toMatchObject({ kind: 'refreshed' });
    expect(at.world.telemetry.eventsNamed('keywatch.finding.observed')).toMatchObject([
      { detail: expect.stringContaining('1 of its scopes') },
    ]);
  });

  it('a consent to less than was asked for changes nothing', async () => {
    const at = scene();
    consents.scope = ['other'];
    const { outcome } = await at.connectAs('anna', { port });
    expect(outcome).toMatchObject({ kind: 'not_connected', failure: { code: 'scope_missing' } });
    expect(at.world.vault.versions).toEqual([]);
  });
});
