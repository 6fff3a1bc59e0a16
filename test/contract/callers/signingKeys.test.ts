import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { whoami } from '../../../src/functions/whoami.ts';
import { httpKeySet } from '../../../src/lib/callers/entra/httpKeySet.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import { manualLimits } from '../../fakes/manualLimits.ts';
import { startRawHttpServer } from '../../fakes/rawHttpServer.ts';
import { bearer, startCallers } from '../../fakes/startCallers.ts';
import type { TokenWish } from '../../fakes/startIdentityProvider.ts';

const down = (response: ServerResponse): void => void response.writeHead(503).end();
const silent = (): void => undefined;

const startWithToken = async () => {
  const scene = await startCallers();
  const statusOf = async (wish: TokenWish = {}): Promise<number> =>
    (await scene.call(whoami, bearer(await scene.idp.tokenOf(wish)))).status ?? 200;
  const forged = (index: number): TokenWish => ({ key: 'stranger', header: { kid: `forged-${index}` } });
  return { ...scene, statusOf, forged };
};

describe('the signing keys of the tenant', () => {
  it('are read once for all tokens of an hour', async () => {
    const { idp, clock, statusOf } = await startWithToken();
    expect(await Promise.all(Array.from({ length: 20 }, () => statusOf()))).not.toContain(401);
    await clock.advance(HOUR_MS - 1);
    expect(await statusOf()).toBe(200);
    expect(idp.requests()).toBe(1);
  });

  it('are read once for fifty unknown names at once, and not at all so soon after a reading', async () => {
    const { idp, clock, statusOf, forged, refusals } = await startWithToken();
    const storm = () => Promise.all(Array.from({ length: 50 }, (_, index) => statusOf(forged(index))));
    await statusOf();
    expect(new Set(await storm())).toEqual(new Set([401]));
    expect(idp.requests()).toBe(1);
    await clock.advance(30_000);
    await storm();
    expect(idp.requests()).toBe(2);
    expect(new Set(refusals())).toEqual(new Set(['key_unknown']));
  });

  it('are left alone while their address is down, longer after each try, and the held ones go on', async () => {
    const { idp, clock, telemetry, statusOf, forged } = await startWithToken();
    await statusOf();
    idp.answerWith(down);
    await clock.advance(30_000);
    for (let index = 0; index < 20; index += 1) await statusOf(forged(index));
    expect(idp.requests()).toBe(2);
    await clock.advance(5_000);
    for (let index = 0; index < 20; index += 1) await statusOf(forged(index));
    await clock.advance(5_000);
    for (let index = 0; index < 20; index += 1) await statusOf(forged(index));
    expect(idp.requests()).toBe(3);
    expect(await statusOf()).toBe(200);
    expect(telemetry.failures.map(({ code }) => code)).toEqual(Array(2).fill('signing_keys_unavailable'));
    for (let minute = 0; minute < 60; minute += 1) {
      await clock.advance(60_000);
      await statusOf(forged(minute));
    }
    expect(idp.requests()).toBeLessThan(20);
  });

  it('that never could be read leave open who calls: 503 and no 401, until they can', async () => {
    const { idp, clock, call, statusOf, telemetry } = await startWithToken();
    const publish = idp.answerWith(down);
    const answer = await call(whoami, bearer(await idp.tokenOf()));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(answer.jsonBody).toMatchObject({ reason: 'keys_unavailable' });
    for (let index = 0; index < 20; index += 1) expect(await statusOf()).toBe(503);
    expect(idp.requests()).toBe(1);
    expect(telemetry.failures).toHaveLength(1);
    publish();
    await clock.advance(5_000);
    expect(await statusOf()).toBe(200);
  });

  it('are read again after an hour beside the work, which waits for nothing', async () => {
    const { idp, clock, statusOf } = await startWithToken();
    await statusOf();
    idp.answerWith(silent);
    await clock.advance(HOUR_MS);
    const claims = { exp: Math.floor(clock.nowEpochMs() / 1000) + 60 };
    // Where the key set was waited for, that would never end.
    manualLimits();
    expect(await statusOf({ claims })).toBe(200);
    expect(await statusOf({ claims })).toBe(200);
    await expect.poll(() => idp.requests()).toBe(2);
  });

  it('are known half a minute after they were published, without an hour to wait', async () => {
    const { idp, clock, statusOf } = await startWithToken();
    expect(await statusOf({ key: 'second' })).toBe(401);
    idp.publishAlso();
    await clock.advance(30_000);
    expect(await statusOf({ key: 'second' })).toBe(200);
    expect(await statusOf()).toBe(200);
    expect(idp.requests()).toBe(2);
  });

  it('are asked for first where they are a day old: one may have been withdrawn', async () => {
    const { idp, clock, statusOf } = await startWithToken();
    await statusOf();
    idp.answerWith(
      (response) => void response.end('{"keys":[{"kty":"RSA","kid":"other","n":"AQAB","e":"AQAB"}]}'),
    );
    await clock.advance(DAY_MS);
    expect(await statusOf()).toBe(401);
  });
});

describe('a key set', () => {
  const answering = async (answer: string) => {
    const { origin } = await startRawHttpServer((socket) => void socket.end(answer));
    return httpKeySet({ url: `${origin}/keys`, allowLoopback: true }).load();
  };
  const head = (status: string, more = '') => `HTTP/1.1 ${status}\r\nconnection: close\r\n${more}\r\n`;

  it('is the RSA keys that sign, by their names', async () => {
    const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB' };
    const keys = [
      { ...rsa, kid: 'a', use: 'sig', x5c: ['MII'] },
      { ...rsa, kid: 'b' },
      { ...rsa, kid: 'c', use: 'enc' },
      { ...rsa, kid: undefined },
      { kty: 'EC', kid: 'd', crv: 'P-256', x: 'x', y: 'y' },
      { kty: 'oct', kid: 'e', k: 'AQAB' },
      null,
    ];
    expect(await answering(head('200 OK') + JSON.stringify({ keys }))).toEqual({
      ok: true,
      keys: new Map([
        ['a', rsa],
        ['b', rsa],
      ]),
    });
  });

  it.each<[string, string, string]>([
    ['an error', head('500 No'), 'it answers 500'],
    ['no JSON', `${head('200 OK')}<html>`, 'its answer has no RSA key'],
    ['no key', `${head('200 OK')}{"keys":[]}`, 'its answer has no RSA key'],
    ['more than 256 kB', `${head('200 OK')}${'x'.repeat(300_000)}`, 'its answer is larger than 256 kB'],
  ])('is not %s', async (_, answer, why) => {
    expect(await answering(answer)).toMatchObject({
      ...{ ok: false, code: 'signing_keys_unavailable', retryable: true },
      message: expect.stringContaining(why),
    });
  });

  it('is not where a redirect leads', async () => {
    const good = `${head('200 OK')}{"keys":[{"kty":"RSA","kid":"a","n":"AQAB","e":"AQAB"}]}`;
    const { origin, received } = await startRawHttpServer((socket, request) =>
      socket.end(request.startsWith('GET /elsewhere') ? good : head('302 Found', 'location: /elsewhere\r\n')),
    );
    const load = (path: string) => httpKeySet({ url: origin + path, allowLoopback: true }).load();
    expect(await load('/elsewhere')).toMatchObject({ ok: true });
    expect(await load('/keys')).toMatchObject({ ok: false });
    expect(received).toHaveLength(2);
  });

  it('is not waited for longer than its time, while it sends nothing or never ends', async () => {
    const pass = manualLimits();
    const silentServer = await startRawHttpServer(() => pass(MINUTE_MS));
    const slowServer = await startRawHttpServer(
      (socket) => void socket.write(head('200 OK', 'content-length: 9\r\n'), () => pass(MINUTE_MS)),
    );
    for (const { origin } of [silentServer, slowServer])
      expect(await httpKeySet({ url: origin, allowLoopback: true }).load()).toMatchObject({
        message: expect.stringContaining('no answer in time'),
      });
  });

  it('is read over https alone, and on this machine in local mode', async () => {
    const { origin, received } = await startRawHttpServer((socket) => void socket.end());
    for (const [url, allowLoopback] of [
      [origin, false],
      ['http://login.example/keys', true],
    ] as const)
      expect(await httpKeySet({ url, allowLoopback }).load()).toMatchObject({
        message: expect.stringContaining('that is not https'),
      });
    expect(received).toEqual([]);
  });
});
