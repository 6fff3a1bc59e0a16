import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import OAuth2Server, {
  type AuthorizationCode,
  type RefreshToken,
  type Request,
  type Response,
} from '@node-oauth/oauth2-server';
import { isSameText } from '../../lib/kernel/sameText.ts';
import { systemClock } from '../../lib/kernel/systemClock.ts';
import { DAY_MS } from '../../lib/kernel/time.ts';
import { requestBody } from '../requestBody.ts';
import { stateFile } from '../stateFile.ts';
import { CONSENT_PAGE } from './consentPage.ts';
import {
  type LocalAuthorizationServer,
  type LocalServerOptions,
  listenOnLoopback,
  providerId,
} from './localServer.ts';
import { type Answer, oddAnswers } from './oddAnswers.ts';

interface State {
  /** SHA-256 of each refresh token and when it dies. */
  readonly tokens: Record<string, number>;
  readonly clientSecret: string;
}

/** Younger uses are not written down, see `tokenRecords`: killed with its client, it knows both tokens again. */
const USE_SETTLES_MS = 10_000;
const MAX_REQUEST_BYTES = 64 * 1024;
const SCOPE = 'points.read';
const [TOKEN_PATH, AUTHORIZATION_PATH] = ['/api/token', '/authorize'];

const NO_SUCH_PAGE: Answer = { status: 404, type: 'text/plain', body: 'no such page' };
/** Where the redirect address or the client is not known, nobody is sent anywhere (RFC 6749 §4.1.2.1). */
const NO_SUCH_REQUEST: Answer = {
  status: 400,
  type: 'text/plain',
  body: 'no such client or redirect address',
};

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const asked = async (request: IncomingMessage): Promise<Request> => {
  const body = await requestBody(request, MAX_REQUEST_BYTES);
  return new OAuth2Server.Request({
    method: request.method ?? '',
    headers: request.headers as Record<string, string>,
    query: Object.fromEntries(new URL(request.url ?? '', 'http://127.0.0.1').searchParams),
    body: Object.fromEntries(new URLSearchParams(body?.toString())),
  });
};

/**
 * A strict authorization server (`@node-oauth/oauth2-server`) whose token endpoint conforms to nothing: errors in
 * HTTP 200, tokens inside another object, in a form, under a wrong type, with lifetimes that are no numbers.
 */
export const startOddServer = async (options: LocalServerOptions): Promise<LocalAuthorizationServer> => {
  const { name, lifetimeDays, nowEpochMs, folder } = options;
  const file = stateFile(folder, name);
  const loaded = file.read() as State | undefined;
  const tokens = new Map(Object.entries(loaded?.tokens ?? {}));
  const clientId = `keywatch-${name}`;
  const clientSecret = loaded?.clientSecret ?? randomBytes(24).toString('base64url');
  const usedAtMs = new Map<string, number>();
  const codes = new Map<string, AuthorizationCode>();
  const oddAnswer = oddAnswers();

  const save = (settledMs = USE_SETTLES_MS): void => {
    const nowMs = systemClock.nowEpochMs();
    for (const [key, usedMs] of usedAtMs) {
      if (nowMs - usedMs < settledMs) continue;
      tokens.delete(key);
      usedAtMs.delete(key);
    }
    file.write((): State => ({ tokens: Object.fromEntries(tokens), clientSecret }));
  };
  const keep = (refreshToken: string): void => {
    tokens.set(digest(refreshToken), nowEpochMs() + lifetimeDays * DAY_MS);
    save();
  };
  const isLive = (refreshToken: string): boolean =>
    !usedAtMs.has(digest(refreshToken)) && (tokens.get(digest(refreshToken)) ?? 0) > nowEpochMs();

  const client = {
    id: clientId,
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: ['http://127.0.0.1'],
  };
  const callbacks = new RegExp(
    `^http://127\\.0\\.0\\.1:\\d+/(api/reconnect/)?callback/${providerId({ name })}$`,
  );
  const newToken = async () => `odd-1-${randomBytes(24).toString('base64url')}`;
  const oauth = new OAuth2Server({
    model: {
      getClient: async (id, secret) =>
        // None is looked for where a person is asked; a code is given to nobody without one.
        id === clientId && (secret === null || isSameText(secret ?? '', clientSecret)) ? client : false,
      // Any port of the loopback is the client's (RFC 8252).
      validateRedirectUri: async (redirectUri) => callbacks.test(redirectUri),
      validateScope: async (_user, _client, scope) => scope ?? [SCOPE],
      saveAuthorizationCode: async (code, ofClient, user) => {
        const saved = { ...code, client: ofClient, user };
        codes.set(code.authorizationCode, saved);
        return saved;
      },
      getAuthorizationCode: async (code) => codes.get(code),
      revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
      generateAccessToken: newToken,
      generateRefreshToken: newToken,
      // Without an end of its own: the library would judge it by the machine's clock.
      getRefreshToken: async (value) =>
        isLive(value) ? { refreshToken: value, client, user: {} } : undefined,
      revokeToken: async ({ refreshToken }: RefreshToken) => {
        usedAtMs.set(digest(refreshToken), systemClock.nowEpochMs());
        return true;
      },
      saveToken: async (token, ofClient, user) => {
        if (token.refreshToken !== undefined) keep(token.refreshToken);
        return { ...token, client: ofClient, user };
      },
      getAccessToken: async () => undefined,
    },
  });

  const giveTokens = async (request: Request): Promise<Answer> => {
    const given = new OAuth2Server.Response();
    // What it throws is in the answer already.
    await oauth.token(request, given).catch(() => undefined);
    return oddAnswer(given.body as Record<string, string>);
  };

  /** Anybody may sign in and consent. */
  const askPerson = async (request: Request): Promise<Response | Answer> => {
    if (request.method !== 'POST')
      return { status: 200, type: 'text/html; charset=utf-8', body: CONSENT_PAGE };
    const { answer, login } = request.body as Record<string, string>;
    request.body = { allowed: String(answer !== 'decline') };
    const given = new OAuth2Server.Response();
    const authenticateHandler = { handle: async () => ({ id: login }) };
    await oauth.authorize(request, given, { authenticateHandler }).catch(() => undefined);
    return given.headers?.['location'] === undefined ? NO_SUCH_REQUEST : given;
  };

  const answerTo = async (request: IncomingMessage): Promise<Response | Answer> => {
    const path = request.url?.split('?')[0];
    if (path === AUTHORIZATION_PATH) return askPerson(await asked(request));
    if (path === TOKEN_PATH && request.method === 'POST') return giveTokens(await asked(request));
    return NO_SUCH_PAGE;
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await answerTo(request);
    if ('type' in answer) response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    else response.writeHead(answer.status ?? 500, answer.headers).end(JSON.stringify(answer.body));
  };
  const server = await listenOnLoopback({
    tokenPath: TOKEN_PATH,
    nowEpochMs,
    handlerOf: () => (request, response) => void handle(request, response).catch(() => response.destroy()),
  });
  const close = async (): Promise<void> => {
    await server.close();
    save(0);
  };
  const tokenEndpoint = `${server.origin}${TOKEN_PATH}`;
  return {
    ...server,
    name,
    tokenEndpoint,
    clientId,
    clientSecret,
    provider: {
      displayName: name,
      tokenEndpoint,
      absoluteDays: lifetimeDays,
      absoluteFrom: 'issue',
      tokenPath: '/authed_user',
      errorIn200: { path: '/error', deadValues: ['invalid_refresh_token'] },
      authorization: { endpoint: `${server.origin}${AUTHORIZATION_PATH}` },
    },
    async mint() {
      const refreshToken = await newToken();
      keep(refreshToken);
      return refreshToken;
    },
    isUsable: async (refreshToken) => isLive(refreshToken),
    endConsents() {
      tokens.clear();
      save();
    },
    scopes: [SCOPE],
    // It forgets a used token and leaves the grant alone.
    revokedGrants: [],
    close,
  };
};
