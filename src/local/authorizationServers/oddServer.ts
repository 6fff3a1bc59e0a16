import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../../lib/kernel/systemClock.ts';
import { type LocalAuthorizationServer, listenOnLoopback } from './localServer.ts';
import { stateFile } from './stateFile.ts';

export interface OddServerOptions {
  readonly name: string;
  readonly lifetimeDays: number;
  readonly nowEpochMs: () => number;
  readonly folder?: string | undefined;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

interface State {
  /** SHA-256 of each refresh token and when it dies. */
  readonly tokens: Record<string, number>;
  readonly clientSecret: string;
}

const DAY_MS = 24 * 60 * 60_000;
/** Younger uses are not written down, see `tokenRecords`: killed with its client, it knows both tokens again. */
const USE_SETTLES_MS = 10_000;
const MAX_REQUEST_BYTES = 64 * 1024;
const JSON_TYPE = 'application/json';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const equal = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(digest(a)), Buffer.from(digest(b)));

/** Every error comes in an HTTP 200. */
const refusal = (error: string): Answer => ({
  status: 200,
  type: JSON_TYPE,
  body: JSON.stringify({ ok: false, error }),
});

/** The shapes in which it hands out tokens, one after the other: none of them is RFC 6749's. */
const SHAPES: readonly ((tokens: { access_token: string; refresh_token: string }) => Answer)[] = [
  (tokens) => ({
    status: 200,
    type: JSON_TYPE,
    body: JSON.stringify({ ok: true, authed_user: { ...tokens, token_type: 'bot', expires_in: '43200' } }),
  }),
  (tokens) => ({ status: 201, type: 'text/html', body: JSON.stringify({ ok: true, authed_user: tokens }) }),
  (tokens) => ({
    status: 200,
    type: 'application/x-www-form-urlencoded',
    body: new URLSearchParams({ ...tokens, expires_in: '-1' }).toString(),
  }),
  (tokens) => ({
    status: 200,
    type: 'text/plain',
    body: `\uFEFF${JSON.stringify({ ok: true, token_type: 'bot', ...tokens, expires_in: 'soon' })}`,
  }),
];

const bodyOf = async (request: IncomingMessage): Promise<URLSearchParams> => {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MAX_REQUEST_BYTES) break;
  }
  return new URLSearchParams(text);
};

/**
 * A strict token endpoint that conforms to nothing: errors in HTTP 200, tokens inside another object,
 * in a form, under a wrong type, with lifetimes that are no numbers. It is no authorization server
 * beyond that; every other path is 404.
 */
export const startOddServer = async (options: OddServerOptions): Promise<LocalAuthorizationServer> => {
  const { name, lifetimeDays, nowEpochMs, folder } = options;
  const file = stateFile(folder, name);
  const loaded = file.read() as State | undefined;
  const tokens = new Map(Object.entries(loaded?.tokens ?? {}));
  const clientId = `keywatch-${name}`;
  const clientSecret = loaded?.clientSecret ?? randomBytes(24).toString('base64url');
  const usedAtMs = new Map<string, number>();
  let answers = 0;

  const save = (settledMs = USE_SETTLES_MS): void => {
    const nowMs = systemClock.nowEpochMs();
    for (const [key, usedMs] of usedAtMs) {
      if (nowMs - usedMs < settledMs) continue;
      tokens.delete(key);
      usedAtMs.delete(key);
    }
    file.write({ tokens: Object.fromEntries(tokens), clientSecret } satisfies State);
  };
  const issue = (): string => {
    const refreshToken = `odd-1-${randomBytes(24).toString('base64url')}`;
    tokens.set(digest(refreshToken), nowEpochMs() + lifetimeDays * DAY_MS);
    return refreshToken;
  };
  const isLive = (refreshToken: string): boolean =>
    !usedAtMs.has(digest(refreshToken)) && (tokens.get(digest(refreshToken)) ?? 0) > nowEpochMs();

  const refresh = (parameters: URLSearchParams): Answer => {
    const given = (parameter: string): string => parameters.get(parameter) ?? '';
    if (given('client_id') !== clientId || !equal(given('client_secret'), clientSecret))
      return refusal('bad_client_secret');
    if (given('grant_type') !== 'refresh_token') return refusal('invalid_arguments');
    if (!isLive(given('refresh_token'))) return refusal('invalid_refresh_token');
    usedAtMs.set(digest(given('refresh_token')), systemClock.nowEpochMs());
    const refreshToken = issue();
    save();
    const shape = SHAPES[answers % SHAPES.length];
    answers += 1;
    const accessToken = randomBytes(16).toString('base64url');
    return shape?.({ access_token: accessToken, refresh_token: refreshToken }) ?? refusal('fatal_error');
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isToken = request.method === 'POST' && request.url === '/api/token';
    const answer = isToken
      ? refresh(await bodyOf(request))
      : { status: 404, type: 'text/plain', body: 'no such page' };
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
  };
  const server = await listenOnLoopback({
    tokenPath: '/api/token',
    nowEpochMs,
    handlerOf: () => (request, response) => void handle(request, response).catch(() => response.destroy()),
  });
  const close = async (): Promise<void> => {
    await server.close();
    save(0);
  };
  const tokenEndpoint = `${server.origin}/api/token`;
  return {
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
    },
    async mint() {
      const refreshToken = issue();
      save();
      return refreshToken;
    },
    isUsable: async (refreshToken) => isLive(refreshToken),
    endConsents() {
      tokens.clear();
      save();
    },
    scopes: [],
    // It forgets a used token and leaves the grant alone.
    revokedGrants: [],
    tokenRequests: server.tokenRequests,
    inject: server.inject,
    close,
  };
};
