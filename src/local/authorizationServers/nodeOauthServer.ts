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
import { type LocalAuthorizationServer, type LocalServerOptions, listenOnLoopback } from './localServer.ts';
import type { Answer } from './oddAnswers.ts';

export interface NodeOauthOptions extends LocalServerOptions {
  /** Absent: named after the server, with a secret that is made once. */
  readonly client?: { readonly clientId: string; readonly clientSecret: string } | undefined;
  readonly isCallback: (redirectUri: string) => boolean;
  readonly scope: string;
  /** What its token endpoint makes of an answer. Absent: RFC 6749. */
  readonly answerOf?: (given: Response) => Answer;
}

export interface NodeOauthServer extends LocalAuthorizationServer {
  /** What the next consents cover; absent: what was asked for. */
  readonly consents: { scope?: readonly string[] };
  /** The next refresh spends the old token and then fails to save its successor. */
  failNextSave(): void;
}

interface State {
  /** SHA-256 of each refresh token and when it dies. */
  readonly tokens: Record<string, number>;
  readonly clientSecret: string;
}

/** Younger uses are not written down, see `tokenRecords`: killed with its client, it knows both tokens again. */
const USE_SETTLES_MS = 10_000;
const MAX_REQUEST_BYTES = 64 * 1024;
const [TOKEN_PATH, AUTHORIZATION_PATH] = ['/api/token', '/authorize'];

const NO_SUCH_PAGE: Answer = { status: 404, type: 'text/plain', body: 'no such page' };
/** Where the redirect address or the client is not known, nobody is sent anywhere (RFC 6749 §4.1.2.1). */
const NO_SUCH_REQUEST: Answer = {
  status: 400,
  type: 'text/plain',
  body: 'no such client or redirect address',
};

const asJson = ({ status = 500, body }: Response): Answer => ({
  ...{ status, type: 'application/json', body: JSON.stringify(body) },
});

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
 * A strict authorization server (`@node-oauth/oauth2-server`). The library spends the token that it was given before it
 * saves another one.
 */
export const startNodeOauthServer = async (options: NodeOauthOptions): Promise<NodeOauthServer> => {
  const { name, lifetimeDays, nowEpochMs, folder, isCallback, scope: own, answerOf = asJson } = options;
  const file = stateFile(folder, name);
  const loaded = file.read() as State | undefined;
  const tokens = new Map(Object.entries(loaded?.tokens ?? {}));
  const { clientId, clientSecret } = options.client ?? {
    clientId: `keywatch-${name}`,
    clientSecret: loaded?.clientSecret ?? randomBytes(24).toString('base64url'),
  };
  const usedAtMs = new Map<string, number>();
  const codes = new Map<string, AuthorizationCode>();
  const spent = new Set<string>();
  const replays: string[] = [];
  const consents: { scope?: readonly string[] } = {};
  let failsToSave = false;

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
  const newToken = async () => `${name}-1-${randomBytes(24).toString('base64url')}`;
  const oauth = new OAuth2Server({
    model: {
      getClient: async (id, secret) =>
        // None is looked for where a person is asked; a code is given to nobody without one.
        id === clientId && (secret === null || isSameText(secret ?? '', clientSecret)) ? client : false,
      validateRedirectUri: async (redirectUri) => isCallback(redirectUri),
      validateScope: async (_user, _client, scope) => [...(consents.scope ?? scope ?? [own])],
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
      getRefreshToken: async (value) => {
        if (spent.has(digest(value))) replays.push(digest(value));
        return isLive(value) ? { refreshToken: value, client, user: {} } : undefined;
      },
      revokeToken: async ({ refreshToken }: RefreshToken) => {
        spent.add(digest(refreshToken));
        usedAtMs.set(digest(refreshToken), systemClock.nowEpochMs());
        return true;
      },
      saveToken: async (token, ofClient, user) => {
        const isLost = failsToSave;
        failsToSave = false;
        if (isLost) throw new Error('the store of the authorization server is down');
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
    return answerOf(given);
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
      authorization: { endpoint: `${server.origin}${AUTHORIZATION_PATH}` },
    },
    consents,
    failNextSave() {
      failsToSave = true;
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
    scopes: [own],
    revokedGrants: replays,
    close,
  };
};
