import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { tokenEndpoint } from '../../../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { bySecret } from '../../../fakes/clientCredential.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { strictProfile } from '../../../fakes/profiles.ts';
import { httpAnswer, type RawHttpServer, startRawHttpServer } from '../../../fakes/rawHttpServer.ts';

const NEW = 'canary-new-token';
const OLD = 'canary-old-token';
const JSON_BODY = JSON.stringify({ access_token: 'canary-access', token_type: 'Bearer', refresh_token: NEW });
const JSON_TYPE = { 'content-type': 'application/json' };

let server: RawHttpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const refreshAgainst = async (
  answer: (socket: Socket) => void,
  { profile = {}, timeoutMs = 5000 }: { profile?: Partial<ProviderProfile>; timeoutMs?: number } = {},
) => {
  server = await startRawHttpServer(answer);
  return refresh(`http://127.0.0.1:${server.port}/token`, profile, timeoutMs);
};

const refresh = (
  address: string,
  profile: Partial<ProviderProfile> = {},
  timeoutMs = 5000,
  mayStillSend?: () => boolean,
) =>
  tokenEndpoint({ clock: manualClock(), allowLoopback: true }).refresh({
    grantId: 'partner-eu',
    profile: strictProfile({ tokenEndpoint: address, ...profile }),
    clientId: 'client 1',
    authenticate: bySecret('client_secret_post', 's&t'),
    refreshToken: OLD,
    timeoutMs,
    mayStillSend,
  });

const saying = (bytes: string | Buffer) => (socket: Socket) => void socket.end(bytes);

const gzipped = (body: Buffer, encoding: string) =>
  Buffer.concat([
    Buffer.from(httpAnswer(200, { 'content-encoding': encoding, 'content-length': String(body.length) }, '')),
    body,
  ]);

const longTail = `${JSON_BODY.slice(0, -1)},"pad":"${'x'.repeat(10 * 1024 * 1024)}"}`;

describe('a token that reached the socket', () => {
  const chunk = `${JSON_BODY.length.toString(16)}\r\n${JSON_BODY}\r\n`;
  const chunkedHead = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
  it.each<[string, (socket: Socket) => void, number?]>([
    ['a plain answer', saying(httpAnswer(200, JSON_TYPE, JSON_BODY))],
    ['201', saying(httpAnswer(201, JSON_TYPE, JSON_BODY))],
    ['gzip that nobody asked for', saying(gzipped(gzipSync(JSON_BODY), 'gzip'))],
    ['brotli', saying(gzipped(brotliCompressSync(JSON_BODY), 'br'))],
    ['an encoding that is not there', saying(httpAnswer(200, { 'content-encoding': 'gzip' }, JSON_BODY))],
    ['gzip without its end', saying(gzipped(gzipSync(JSON_BODY).subarray(0, -9), 'gzip'))],
    ['a connection that breaks in the body', saying(httpAnswer(200, { 'content-length': '999' }, JSON_BODY))],
    ['a body of 10 MB', saying(httpAnswer(200, JSON_TYPE, longTail))],
    ['chunks that never end', (socket) => void socket.write(chunkedHead + chunk), 300],
    ['a chunk of a broken length', saying(`${chunkedHead}${chunk}zz\r\n`)],
    ['two lengths that disagree', saying(httpAnswer(200, { 'transfer-encoding': 'chunked' }, JSON_BODY))],
    ['a header that is not one', saying(httpAnswer(200, { 'x y': '\u0001' }, JSON_BODY))],
    ['no HTTP at all', saying(JSON_BODY)],
    ['no length', saying(`HTTP/1.0 200 OK\r\n\r\n${JSON_BODY}`)],
  ])('survives %s', async (_, answer, timeoutMs = 5000) => {
    expect(await refreshAgainst(answer, { timeoutMs })).toMatchObject({ kind: 'tokens', refreshToken: NEW });
  });
});

describe('an exchange without a usable answer', () => {
  it.each<[string, (socket: Socket) => void, number?]>([
    ['the connection is reset', (socket) => void socket.resetAndDestroy()],
    ['the connection is closed', (socket) => void socket.end()],
    ['nothing comes within the timeout', () => undefined, 200],
    ['the protocol is switched', saying('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')],
    ['only half a token came', saying(httpAnswer(200, { 'content-length': '999' }, JSON_BODY.slice(0, -8)))],
    ['a page came', saying(httpAnswer(200, { 'content-type': 'text/html' }, '<html></html>'))],
  ])('is ambiguous when %s', async (_, answer, timeoutMs = 5000) => {
    expect(await refreshAgainst(answer, { timeoutMs })).toMatchObject({ kind: 'ambiguous' });
  });

  it('repeats nothing of the body, not even what the parser stumbled over', async () => {
    for (const body of [`{"token": ${NEW}}`, `HTTP/9 ${NEW} ${OLD}\r\n\r\n${NEW}`]) {
      const answer = await refreshAgainst(saying(body));
      expect(answer.kind).toBe('ambiguous');
      expect(inspect(answer, { depth: 9, showHidden: true })).not.toContain('canary');
      await server?.close();
      server = undefined;
    }
  });
});

describe('the request', () => {
  it('is one POST with the token and the client in its form, on a connection that ends', async () => {
    await refreshAgainst(saying(httpAnswer(503, {}, '')), {
      profile: { extraParameters: { audience: 'api' } },
    });
    expect(server?.received).toHaveLength(1);
    const [head = '', body = ''] = (server?.received[0] ?? '').split('\r\n\r\n');
    expect(head).toMatch(/^POST \/token HTTP\/1\.1\r\n/);
    expect(head.toLowerCase()).toContain('connection: close');
    expect(head.toLowerCase()).toContain('accept: application/json');
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      audience: 'api',
      grant_type: 'refresh_token',
      refresh_token: OLD,
      client_id: 'client 1',
      client_secret: 's&t',
    });
  });

  it('goes as JSON or in the query where the profile says so', async () => {
    await refreshAgainst(saying(httpAnswer(503, {}, '')), { profile: { bodyFormat: 'json' } });
    expect(JSON.parse(server?.received[0]?.split('\r\n\r\n')[1] ?? '')).toMatchObject({ refresh_token: OLD });
    await server?.close();
    await refreshAgainst(saying(httpAnswer(503, {}, '')), { profile: { bodyFormat: 'query' } });
    expect(server?.received[0]).toMatch(
      /^POST \/token\?grant_type=refresh_token&refresh_token=canary-old-token/,
    );
  });

  it('is not begun when the connection is up and it may no longer be sent', async () => {
    server = await startRawHttpServer(saying(httpAnswer(200, JSON_TYPE, JSON_BODY)));
    let asked = 0;
    const mayStillSend = () => {
      asked++;
      return false;
    };
    const address = `http://127.0.0.1:${server.port}/token`;
    const answer = await refresh(address, {}, 5000, mayStillSend);
    expect([answer, asked, server.received.join('')]).toEqual([{ kind: 'fenced' }, 1, '']);
  });

  it('never goes where a redirect points', async () => {
    const target = await startRawHttpServer(saying(httpAnswer(200, JSON_TYPE, JSON_BODY)));
    const location = `http://127.0.0.1:${target.port}/token`;
    const answer = await refreshAgainst(saying(httpAnswer(307, { location }, '')));
    expect(answer).toMatchObject({ kind: 'refused', class: 'configuration', httpStatus: 307 });
    expect(target.received).toEqual([]);
    await target.close();
  });

  it('goes to the refresh URL where there is one', async () => {
    server = await startRawHttpServer(saying(httpAnswer(200, JSON_TYPE, JSON_BODY)));
    const refreshUrl = `http://127.0.0.1:${server.port}/refresh`;
    expect(await refresh('https://never.example/token', { refreshUrl })).toMatchObject({ kind: 'tokens' });
  });
});
