import type { Socket } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { bySecret } from '../../../fakes/clientCredential.ts';
import { manualLimits } from '../../../fakes/manualLimits.ts';
import { httpAnswer, startRawHttpServer } from '../../../fakes/rawHttpServer.ts';
import { OLD, refreshAgainst, refreshAt } from '../../../fakes/refreshAt.ts';

const NEW = 'canary-new-token';
const JSON_BODY = JSON.stringify({ access_token: 'canary-access', token_type: 'Bearer', refresh_token: NEW });
const JSON_TYPE = { 'content-type': 'application/json' };

const saying = (bytes: string | Buffer) => (socket: Socket) => void socket.end(bytes);

describe('an exchange without a usable answer', () => {
  it.each<[string, (socket: Socket, pass: (ms: number) => void) => void]>([
    ['the connection is reset', (socket) => void socket.resetAndDestroy()],
    ['the connection is closed', (socket) => void socket.end()],
    ['nothing comes within the timeout', (_socket, pass) => pass(5_000)],
    ['the protocol is switched', saying('HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n')],
    ['only half a token came', saying(httpAnswer(200, { 'content-length': '999' }, JSON_BODY.slice(0, -8)))],
    ['a page came', saying(httpAnswer(200, { 'content-type': 'text/html' }, '<html></html>'))],
  ])('is ambiguous when %s', async (_, answer) => {
    const pass = manualLimits();
    const answering = (socket: Socket) => answer(socket, pass);
    expect((await refreshAgainst(answering, { timeoutMs: 5_000 })).answer).toMatchObject({
      kind: 'ambiguous',
    });
  });

  it('repeats nothing of the body, not even what the parser stumbled over', async () => {
    for (const body of [`{"token": ${NEW}}`, `HTTP/9 ${NEW} ${OLD}\r\n\r\n${NEW}`]) {
      const { answer } = await refreshAgainst(saying(body));
      expect(answer.kind).toBe('ambiguous');
      expect(inspect(answer, { depth: 9, showHidden: true })).not.toContain('canary');
    }
  });
});

describe('the request', () => {
  it('is one POST with the token and the client in its form, on a connection that ends', async () => {
    const { server } = await refreshAgainst(saying(httpAnswer(503, {}, '')), {
      authenticate: bySecret('client_secret_post', 's&t'),
      profile: { extraParameters: { audience: 'api' } },
    });
    expect(server.received).toHaveLength(1);
    const [head = '', body = ''] = (server.received[0] ?? '').split('\r\n\r\n');
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
    const received = async (bodyFormat: 'json' | 'query') => {
      const { server } = await refreshAgainst(saying(httpAnswer(503, {}, '')), { profile: { bodyFormat } });
      return server.received[0] ?? '';
    };
    expect(JSON.parse((await received('json')).split('\r\n\r\n')[1] ?? '')).toMatchObject({
      refresh_token: OLD,
    });
    expect(await received('query')).toMatch(
      /^POST \/token\?grant_type=refresh_token&refresh_token=canary-old-token/,
    );
  });

  it('is not begun when the connection is up and it may no longer be sent', async () => {
    let asked = 0;
    const mayStillSend = () => {
      asked++;
      return false;
    };
    const good = saying(httpAnswer(200, JSON_TYPE, JSON_BODY));
    const { answer, server } = await refreshAgainst(good, { mayStillSend });
    expect([answer, asked, server.received.join('')]).toEqual([{ kind: 'fenced' }, 1, '']);
  });

  it('never goes where a redirect points', async () => {
    const target = await startRawHttpServer(saying(httpAnswer(200, JSON_TYPE, JSON_BODY)));
    const location = `${target.origin}/token`;
    const { answer } = await refreshAgainst(saying(httpAnswer(307, { location }, '')));
    expect(answer).toMatchObject({ kind: 'refused', class: 'configuration', httpStatus: 307 });
    expect(target.received).toEqual([]);
  });

  it('goes to the refresh URL where there is one', async () => {
    const { origin } = await startRawHttpServer(saying(httpAnswer(200, JSON_TYPE, JSON_BODY)));
    const profile = { refreshUrl: `${origin}/refresh` };
    expect(await refreshAt('http://never.example/token', { profile })).toMatchObject({ kind: 'tokens' });
  });
});
