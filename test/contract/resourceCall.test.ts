import { describe, expect, it, onTestFinished } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { resourceCall } from '../../src/lib/prove/resource/resourceCall.ts';
import { manualClock } from '../fakes/manualClock.ts';
import { manualLimits } from '../fakes/manualLimits.ts';
import { httpAnswer, startRawHttpServer } from '../fakes/rawHttpServer.ts';

const calling = async (
  answer: string | undefined,
  request: { method?: 'GET' | 'POST'; headers?: Record<string, string>; token?: string } = {},
) => {
  const pass = manualLimits();
  const server = await startRawHttpServer((socket) => {
    if (answer === undefined) pass(MINUTE_MS);
    else socket.end(answer);
  });
  onTestFinished(() => server.close());
  const { method = 'GET', headers = {}, token } = request;
  const url = `http://127.0.0.1:${server.port}/me?top=1`;
  const { signal } = new AbortController();
  const clock = manualClock();
  const result = await resourceCall({ clock }).call({ url, method, headers, token, signal });
  return { result, sent: server.received.join('\n') };
};

describe('the call of a resource', () => {
  it('carries the token, and gives status and headers of the answer', async () => {
    const headers = { 'www-authenticate': 'Bearer error="invalid_token"', 'content-type': 'text/plain' };
    const { result, sent } = await calling(httpAnswer(401, { ...headers, 'retry-after': '9' }, 'no'), {
      token: 'a-token',
    });
    expect(sent).toMatch(/^GET \/me\?top=1 HTTP\/1\.1\r\n/);
    expect(sent).toMatch(/authorization: Bearer a-token\r\n/i);
    expect(result).toEqual({
      ...{ kind: 'answered', httpStatus: 401, contentType: 'text/plain', retryAfterSeconds: 9 },
      wwwAuthenticate: 'Bearer error="invalid_token"',
      isRateSpent: false,
    });
  });

  it.each([
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:40 GMT' }, { retryAfterSeconds: 40 }],
    [{ 'x-ratelimit-remaining': '0' }, { isRateSpent: true }],
    [{ 'x-ratelimit-remaining': '4999' }, { isRateSpent: false }],
  ])('knows by %j whether it is to wait', async (headers, expected) => {
    expect((await calling(httpAnswer(403, headers, ''))).result).toMatchObject(expected);
  });

  it('carries nothing where there is no token, and the key in the header that is named', async () => {
    expect((await calling(httpAnswer(200, {}, ''))).sent).not.toMatch(/authorization/i);
    const { sent } = await calling(httpAnswer(200, {}, ''), { headers: { 'x-api-key': 'k' } });
    expect(sent).toMatch(/x-api-key: k\r\n/);
  });

  it('posts an empty body', async () => {
    const { result, sent } = await calling(httpAnswer(204, {}, ''), { method: 'POST', token: 't' });
    expect([sent.split(' ')[0], result]).toMatchObject(['POST', { httpStatus: 204 }]);
    expect(sent).toMatch(/content-length: 0\r\n/i);
  });

  it('follows no redirect', async () => {
    const { result } = await calling(httpAnswer(302, { location: 'http://127.0.0.1:1/elsewhere' }, ''), {
      token: 't',
    });
    expect(result).toMatchObject({ kind: 'answered', httpStatus: 302 });
  });

  it.each<[string, string | undefined, RegExp]>([
    ['nothing', undefined, /in time/],
    ['half an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', /./],
    ['what is no HTTP', 'CANARY\r\n\r\n', /./],
  ])('is unanswered by %s, in words without what came', async (_what, answer, words) => {
    const { result } = await calling(answer, { token: 'CANARY' });
    expect(result).toMatchObject({ kind: 'unanswered', reason: expect.stringMatching(words) });
    expect(JSON.stringify(result)).not.toContain('CANARY');
  });

  it('reads no more than 256 kB, and knows the answer by its status all the same', async () => {
    const { result } = await calling(
      'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'.concat('x'.repeat(300_000)),
    );
    expect(result).toMatchObject({ kind: 'answered', httpStatus: 200 });
  });
});
