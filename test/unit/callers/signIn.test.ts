import { inspect } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { ANA, startSignIn, TENANT } from '../../fakes/signInScene.ts';

let at: Awaited<ReturnType<typeof startSignIn>>;
beforeAll(async () => {
  at = await startSignIn();
});
beforeEach(() => {
  at.state.aheadMs = 0;
  at.tickets.isDown = false;
  at.tickets.kept.clear();
});

const saying = async (response: Response, status: number, words: string) => {
  const shown = /<main[^>]*>(.*)<\/main>/s.exec(await response.text())?.[1];
  expect(shown).toContain(words);
  expect(response.status).toBe(status);
  expect(response.headers.get('set-cookie') ?? '').not.toContain(SESSION_COOKIE);
};

describe('somebody who signs in', () => {
  it('is where they wanted to be, with a session that says who they are', async () => {
    const { url, text, visited } = await at.signIn(at.browserOf(), '/api/grants/crm/reconnect?a=b');
    expect(url).toBe(`${at.publicUrl}/api/grants/crm/reconnect?a=b`);
    expect(JSON.parse(text)).toEqual({
      ...{ kind: 'user', tenantId: TENANT, objectId: ANA, roles: ['Keywatch.Read'], via: 'session' },
    });
    const asked = new URL(visited.find((address) => address.startsWith(`${at.issuer}/auth`)) ?? '');
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      ...{ response_type: 'code', response_mode: 'query', code_challenge_method: 'S256' },
      redirect_uri: `${at.publicUrl}/api/sign-in/callback`,
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(at.telemetry.failures).toEqual([]);
  });

  it('is sent on without the code, by an answer that nothing keeps', async () => {
    const browser = at.browserOf();
    const callback = await at.upToCallback(browser);
    const answer = await browser.send(callback);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/api/board');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('is at home where they wanted to be elsewhere', async () => {
    const { url } = await at.signIn(at.browserOf(), '//elsewhere.example/api/board');
    expect(url).toBe(`${at.publicUrl}/api/board`);
  });

  it('gets another session than the browser had, which is over', async () => {
    const browser = at.browserOf();
    const planted = await at.sessions.begin({ tenantId: TENANT, objectId: 'mallory', roles: [] });
    const handle = planted.ok ? planted.handle : '';
    const callback = await at.upToCallback(browser);
    const cookies = await cookiesOf(browser);
    const answer = await fetch(callback, {
      ...{ redirect: 'manual', headers: { cookie: `${cookies}; ${SESSION_COOKIE}=${handle}` } },
    });
    expect(answer.headers.get('set-cookie')).toMatch(new RegExp(`^${SESSION_COOKIE}=(?!${handle})`));
    expect(await at.sessions.read(handle)).toEqual({ ok: true, caller: undefined });
  });

  it('who comes back from a consent goes on there, and the code is in no store until then', async () => {
    const browser = at.browserOf();
    const way = '/api/reconnect/callback/acme?code=CANARY-code&state=CANARY-state';
    const callback = await at.upToCallback(browser, way);
    const [kept = expect.unreachable()] = at.tickets.kept.values();
    expect(inspect(kept)).not.toContain('CANARY');
    expect((await browser.send(callback)).headers.get('location')).toBe(way);
  });

  it('is led home where the way back that was sealed is not of this sign-in', async () => {
    const browser = at.browserOf();
    const callbacks = [];
    for (const code of ['first', 'second'])
      callbacks.push(await at.upToCallback(browser, `/api/reconnect/callback/acme?code=${code}`));
    const [[, one] = expect.unreachable(), [id, other] = expect.unreachable()] = [...at.tickets.kept];
    const { sealedTo } = JSON.parse(one.body);
    at.tickets.kept.set(id, { ...other, body: JSON.stringify({ ...JSON.parse(other.body), sealedTo }) });
    expect((await browser.send(callbacks[1] ?? '')).headers.get('location')).toBe('/api/board');
  });

  it('may do so in two tabs at once', async () => {
    const browser = at.browserOf();
    const first = await at.upToCallback(browser, '/api/board?tab=1');
    const second = await at.upToCallback(browser, '/api/board?tab=2');
    for (const [callback, tab] of [
      [first, 1],
      [second, 2],
    ] as const)
      expect((await browser.send(callback)).headers.get('location')).toBe(`/api/board?tab=${tab}`);
  });
});

/** What a browser would send to our callback. */
const cookiesOf = async (browser: ReturnType<typeof at.browserOf>): Promise<string> => {
  const answer = await browser.send(`${at.publicUrl}/api/sign-in`);
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
};

describe('an answer of the identity provider', () => {
  it('is good once', async () => {
    const browser = at.browserOf();
    const callback = await at.upToCallback(browser);
    expect((await browser.send(callback)).status).toBe(303);
    await saying(await browser.send(callback), 400, 'was used already');
  });

  it('is good for one of two that come at once', async () => {
    const browser = at.browserOf();
    const callback = await at.upToCallback(browser);
    const statuses = await Promise.all([1, 2, 3].map(async () => (await browser.send(callback)).status));
    expect(statuses.sort()).toEqual([303, 400, 400]);
  });

  it('is nothing in another browser, and nothing in the first one afterwards', async () => {
    const [ana, other] = [at.browserOf(), at.browserOf()];
    const callback = await at.upToCallback(ana);
    await saying(await other.send(callback), 400, 'in another browser');
    await saying(await ana.send(callback), 400, 'was used already');
  });

  it('is nothing where somebody else swapped it for the answer to a sign-in of theirs', async () => {
    const [ana, mallory] = [at.browserOf(), at.browserOf('mallory')];
    await at.upToCallback(ana);
    await saying(await ana.send(await at.upToCallback(mallory)), 400, 'in another browser');
  });

  it('is nothing with the code of another sign-in, which PKCE and nonce bind', async () => {
    const [ana, mallory] = [at.browserOf(), at.browserOf('mallory')];
    const own = new URL(await at.upToCallback(ana));
    const foreign = new URL(await at.upToCallback(mallory));
    own.searchParams.set('code', foreign.searchParams.get('code') ?? '');
    await saying(await ana.send(own.href), 400, 'that it gave (invalid_grant)');
  });

  it('is nothing when it took longer than ten minutes, and the way back is kept', async () => {
    const browser = at.browserOf();
    const callback = await at.upToCallback(browser, '/api/grants/crm/reconnect');
    at.state.aheadMs = 600_001;
    const answer = await browser.send(callback);
    expect(await answer.clone().text()).toContain('/api/sign-in?to=%2Fapi%2Fgrants%2Fcrm%2Freconnect');
    await saying(answer, 400, 'longer than ten minutes');
  });

  it.each([
    ['without a state', (query: URLSearchParams) => query.delete('state'), 'not one to this request'],
    ['with two states', (query: URLSearchParams) => query.append('state', 'x'), 'not one to this request'],
    ['with a state of nobody', (query: URLSearchParams) => query.set('state', 'x'.repeat(43)), 'not known'],
    [
      'of another issuer',
      (query: URLSearchParams) => query.set('iss', 'https://a.example'),
      'not one to this',
    ],
    ['without a code', (query: URLSearchParams) => query.delete('code'), 'not one to this request'],
    ['with two codes', (query: URLSearchParams) => query.append('code', 'x'), 'not one to this request'],
    ['of 8 kB', (query: URLSearchParams) => query.set('session_state', 'x'.repeat(8192)), 'not one to this'],
    [
      'that declines',
      (query: URLSearchParams) => query.set('error', 'access_denied'),
      'declined (access_denied)',
    ],
  ])('is nothing %s', async (_, change, words) => {
    const browser = at.browserOf();
    const callback = new URL(await at.upToCallback(browser));
    change(callback.searchParams);
    const failures = at.telemetry.failures.length;
    await saying(await browser.send(callback.href), words.startsWith('declined') ? 403 : 400, words);
    expect(at.telemetry.failures).toHaveLength(failures);
  });

  it('is shown by a code that is known, and never by its description', async () => {
    const browser = at.browserOf();
    const callback = new URL(await at.upToCallback(browser));
    callback.searchParams.set('error', '<b>bold</b>');
    callback.searchParams.set('error_description', 'canary <script>alert(1)</script>');
    const answer = await browser.send(callback.href);
    const text = await answer.text();
    expect(text).toContain('for a reason that is not known');
    expect(text).not.toMatch(/bold|canary|<script/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

it('says so where the store does not answer, and reports it', async () => {
  const browser = at.browserOf();
  const callback = await at.upToCallback(browser);
  at.tickets.isDown = true;
  await saying(await browser.send(callback), 503, 'cannot keep a sign-in just now');
  await saying(await browser.send(`${at.publicUrl}/api/sign-in`), 503, 'cannot keep a sign-in just now');
  expect(at.telemetry.failures.splice(0)).toMatchObject([
    { code: 'tickets_unavailable' },
    { code: 'tickets_unavailable' },
  ]);
});

it('tells telemetry no secret: no code, handle, verifier, state, nonce or assertion', async () => {
  const browser = at.browserOf();
  const callback = new URL(await at.upToCallback(browser));
  const tickets = [...at.tickets.kept.values()].map(({ body }) => JSON.parse(body));
  const answer = await browser.send(callback.href);
  await browser.send(callback.href);
  const cookies = answer.headers.getSetCookie().map((line) => /=([^;]+)/.exec(line)?.[1]);
  const secrets = [
    ...[...callback.searchParams].filter(([name]) => name !== 'iss').map(([, value]) => value),
    ...tickets.flatMap(({ verifier, nonce }) => [verifier, nonce]),
    ...cookies,
    ...at.held,
  ];
  expect(secrets.length).toBeGreaterThan(5);
  const { events, metrics, failures, calls } = at.telemetry;
  const told = inspect({ events, metrics, failures, calls }, { depth: 12, showHidden: true });
  expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
  expect(calls.at(-1)).toMatchObject({ method: 'POST', url: at.provider.tokenEndpoint, status: 200 });
});
