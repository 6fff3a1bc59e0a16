import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import OAuth2Server, { type RefreshToken } from '@node-oauth/oauth2-server';
import {
  type LocalAuthorizationServer,
  listenOnLoopback,
} from '../../../src/local/authorizationServers/localServer.ts';

/** The second authorization server that Keywatch's authors did not write, with what only tests ask of it. */
export interface NodeOauthServer extends LocalAuthorizationServer {
  /** The next refresh revokes the old token and then fails to save its successor. */
  failNextSave(): void;
}

const DAYS_90_SECONDS = 90 * 24 * 3600;
const NAME = 'node-oauth';

const formOf = async (request: IncomingMessage): Promise<Record<string, string>> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
};

/**
 * `@node-oauth/oauth2-server` on loopback, over tokens in memory. The library revokes the token that it was
 * given before it issues and saves another one, so a failure in between spends it without a successor.
 * It judges expiry by the machine's clock, so no test may move its own clock beyond 90 days.
 */
export const startNodeOauthServer = async (nowEpochMs: () => number): Promise<NodeOauthServer> => {
  const clientId = `keywatch-${NAME}`;
  const clientSecret = randomBytes(24).toString('base64url');
  const live = new Map<string, RefreshToken>();
  const used = new Set<string>();
  const replays: string[] = [];
  const client = { id: clientId, grants: ['refresh_token'] };
  let failsToSave = false;

  const oauth = new OAuth2Server({
    model: {
      getClient: async (id, secret) => (id === clientId && secret === clientSecret ? client : false),
      getRefreshToken: async (value) => {
        if (used.has(value)) replays.push(value);
        return live.get(value);
      },
      revokeToken: async ({ refreshToken }) => {
        used.add(refreshToken);
        return live.delete(refreshToken);
      },
      saveToken: async (token, ofClient, user) => {
        if (failsToSave) {
          failsToSave = false;
          throw new Error('the store of the authorization server is down');
        }
        const { refreshToken } = token;
        if (refreshToken === undefined) throw new Error('no refresh token was generated');
        const saved = { ...token, refreshToken, client: ofClient, user };
        live.set(refreshToken, saved);
        return saved;
      },
      getAccessToken: async () => undefined,
    },
    refreshTokenLifetime: DAYS_90_SECONDS,
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = new OAuth2Server.Request({
      method: request.method ?? '',
      headers: request.headers as Record<string, string>,
      query: {},
      body: await formOf(request),
    });
    const answer = new OAuth2Server.Response();
    // What it throws is in the answer already.
    await oauth.token(asked, answer).catch(() => undefined);
    response.writeHead(answer.status ?? 500, { ...answer.headers, 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  };

  const server = await listenOnLoopback({
    tokenPath: '/token',
    nowEpochMs,
    handlerOf: () => (request, response) => void handle(request, response),
  });
  return {
    ...server,
    name: NAME,
    clientId,
    clientSecret,
    tokenEndpoint: `${server.origin}/token`,
    provider: {
      displayName: NAME,
      tokenEndpoint: `${server.origin}/token`,
      absoluteDays: 90,
      absoluteFrom: 'issue',
      rotation: { kind: 'strict' },
    },
    scopes: [],
    endConsents: () => live.clear(),
    revokedGrants: replays,
    async mint(accountId) {
      const refreshToken = randomBytes(32).toString('base64url');
      live.set(refreshToken, { refreshToken, client, user: { accountId } });
      return refreshToken;
    },
    isUsable: async (refreshToken) => live.has(refreshToken),
    failNextSave() {
      failsToSave = true;
    },
    close: server.close,
  };
};
