import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { loopbackBrowser } from '../../../src/lib/connect/loopback/loopbackBrowser.ts';
import type { OpenBrowserAttempt } from '../../../src/lib/connect/ports.ts';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';

const START = '/connect/secret-path';
const opened: OpenBrowserAttempt[] = [];
afterEach(async () => {
  for (const attempt of opened.splice(0)) await attempt.close();
});

const open = async (port = 0) => {
  const seen: URLSearchParams[] = [];
  const attempt = await loopbackBrowser({ clock: systemClock, lingerMs: 0 }).open({
    port,
    callbackPath: '/callback/crm',
    startPath: START,
    requestFor: (redirectUri) => `https://login.example/auth?redirect_uri=${redirectUri}`,
    onCallback: (query) => {
      seen.push(query);
      return query.get('state') === 'ours';
    },
    onEnd: () => undefined,
  });
  if (attempt.ok) opened.push(attempt);
  return { attempt, seen };
};

const sent = (
  attempt: Awaited<ReturnType<typeof open>>['attempt'],
  path: string,
  { headers = {}, method = 'GET' }: { headers?: Record<string, string>; method?: string } = {},
) =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      if (!attempt.ok) throw new Error(attempt.message);
      const { port, hostname, host } = new URL(attempt.link);
      const outgoing = request(
        { port, hostname, path, method, headers: { host, ...headers } },
        (response) => {
          let text = '';
          response.on('data', (chunk) => {
            text += String(chunk);
          });
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
        },
      );
      outgoing.on('error', reject).end();
    },
  );

const cookieOf = async (attempt: Awaited<ReturnType<typeof open>>['attempt']): Promise<string> => {
  const { headers } = await sent(attempt, START);
  return String((headers['set-cookie'] as string[])[0]).split(';')[0] ?? '';
};

describe('the loopback of a consent', () => {
  it('leads whoever knows the link to the provider, with an address of its own and nothing of the request', async () => {
    const { attempt } = await open();
    const { status, headers } = await sent(attempt, START, {
      headers: { 'x-forwarded-host': 'evil.example' },
    });
    expect(status).toBe(303);
    expect(headers['location']).toMatch(/redirect_uri=http:\/\/127\.0\.0\.1:\d+\/callback\/crm$/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect((await sent(attempt, '/connect/guessed')).status).toBe(404);
  });

  it.each([
    ['under another name', { headers: { host: 'rebound.example' } }],
    ['by another method', { method: 'POST' }],
  ])('is closed to whoever comes %s', async (_how, options) => {
    const { attempt, seen } = await open();
    const cookie = await cookieOf(attempt);
    const { status } = await sent(attempt, '/callback/crm?state=ours&code=a', {
      ...options,
      headers: { cookie, ...('headers' in options ? options.headers : {}) },
    });
    expect(status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('hands on a callback of the browser that opened the link, and no other', async () => {
    const { attempt, seen } = await open();
    const cookie = await cookieOf(attempt);
    const path = '/callback/crm?state=ours&code=a';
    expect((await sent(attempt, path)).status).toBe(400);
    expect((await sent(attempt, path.replace('crm', 'hr'), { headers: { cookie } })).status).toBe(404);
    expect((await sent(attempt, path, { headers: { cookie: `${cookie}x` } })).status).toBe(400);
    expect(seen).toEqual([]);
    const taken = await sent(attempt, path, { headers: { cookie: `other=1; ${cookie}` } });
    expect(taken).toMatchObject({ status: 303, headers: { location: '/done' } });
    expect(seen.map(String)).toEqual(['state=ours&code=a']);
  });

  it('hands on the whole query, also one that has a question mark of its own', async () => {
    const { attempt, seen } = await open();
    const headers = { cookie: await cookieOf(attempt) };
    await sent(attempt, '/callback/crm?iss=https://login.example/?a&code=b&state=ours', { headers });
    expect(seen.map((query) => query.get('code'))).toEqual(['b']);
  });

  it('hands on what a server sends to the redirect address with a slash behind it', async () => {
    const { attempt, seen } = await open();
    const headers = { cookie: await cookieOf(attempt) };
    expect((await sent(attempt, '/callback/crm/?code=b&state=ours', { headers })).status).toBe(303);
    expect((await sent(attempt, '/callback/crm//?code=b&state=ours', { headers })).status).toBe(404);
    expect(seen).toHaveLength(1);
  });

  it('does not hand on what is longer than 8 kB, nor show what came', async () => {
    const { attempt, seen } = await open();
    const cookie = await cookieOf(attempt);
    expect(
      (await sent(attempt, `/callback/crm?code=${'a'.repeat(9000)}`, { headers: { cookie } })).status,
    ).toBe(414);
    expect(seen).toEqual([]);
    const { text, headers } = await sent(attempt, '/callback/crm?state=%3Cscript%3Ealert', {
      headers: { cookie },
    });
    expect(text).not.toContain('script');
    expect(headers['content-type']).toContain('text/plain');
  });

  it('says so when its port is taken', async () => {
    const { attempt } = await open();
    if (!attempt.ok) throw new Error(attempt.message);
    expect((await open(Number(new URL(attempt.link).port))).attempt).toMatchObject({
      ok: false,
      code: 'port_unavailable',
      action: expect.stringContaining('--port'),
    });
  });
});
