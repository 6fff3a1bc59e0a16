import { describe, expect, it } from 'vitest';
import { secured } from '../../../src/functions/secured.ts';
import { beginSignIn, completeSignIn, signOut } from '../../../src/functions/signIn.ts';
import { csrfTokenOf } from '../../../src/lib/callers/csrf.ts';
import type { Caller } from '../../../src/lib/callers/rules/caller.ts';
import { SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { SIGN_IN_COOKIE } from '../../../src/lib/callers/signIn.ts';
import { PUBLIC_URL } from '../../fakes/composeCallers.ts';
import { startCallers } from '../../fakes/startCallers.ts';
import { PERSON, TENANT_ID } from '../../fakes/startIdentityProvider.ts';

const OWN_PAGE = { 'sec-fetch-site': 'same-origin', origin: PUBLIC_URL };
const KEPT = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax' };
type Scene = Awaited<ReturnType<typeof startCallers>>;

const sessionOf = async ({ sessions }: Scene): Promise<string> => {
  const begun = await sessions.begin({ tenantId: TENANT_ID, objectId: PERSON.oid, roles: [] });
  if (!begun.ok) throw new Error(begun.message);
  return begun.handle;
};
const headerOf = (answer: { headers?: unknown }, name: string): string =>
  new Headers(answer.headers as Record<string, string>).get(name) ?? '';

it('builds the address to come back to from the settings, whatever host the request names', async () => {
  const { call } = await startCallers();
  const forged = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-original-host': 'evil.example',
  };
  const answer = await call(beginSignIn, forged, 'GET', '/api/sign-in?to=/api/board');
  const { searchParams } = new URL(headerOf(answer, 'location'));
  expect(searchParams.get('redirect_uri')).toBe(`${PUBLIC_URL}/api/sign-in/callback`);
  expect(headerOf(answer, 'location')).not.toContain('evil');
});

it('gives cookies that no script reads, no other host sets and no plain connection carries', async () => {
  const { call } = await startCallers();
  const begun = await call(beginSignIn, {}, 'GET', '/api/sign-in');
  expect(begun.cookies).toEqual([
    { ...KEPT, name: SIGN_IN_COOKIE, value: expect.stringMatching(/^[\w-]{43}$/), maxAge: 600 },
  ]);
  const state = new URL(headerOf(begun, 'location')).searchParams.get('state');
  const cookie = `${SIGN_IN_COOKIE}=${begun.cookies?.[0]?.value}`;
  const done = await call(completeSignIn, { cookie }, 'GET', `/api/sign-in/callback?code=c&state=${state}`);
  expect(done.cookies).toEqual([
    { ...KEPT, name: SESSION_COOKIE, value: expect.stringMatching(/^[\w-]{43}$/) },
  ]);
  expect(done).toMatchObject({
    status: 303,
    headers: { location: '/api/board', 'cache-control': 'no-store' },
  });
});

const signOutBy = async (at: Scene, handle: string, csrf: string, headers = OWN_PAGE) =>
  at.call(signOut, { cookie: `${SESSION_COOKIE}=${handle}`, ...headers }, 'POST', '/api/sign-out', { csrf });

it('ends a session and takes its cookie back', async () => {
  const at = await startCallers();
  const handle = await sessionOf(at);
  const answer = await signOutBy(at, handle, csrfTokenOf(handle));
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('You are signed out') });
  // The other one too: who was here before knows it, and could have the next person signed in as themselves.
  expect(answer.cookies).toEqual(
    [SESSION_COOKIE, SIGN_IN_COOKIE].map((name) => ({ ...KEPT, name, value: '', maxAge: 0 })),
  );
  expect(at.tickets.kept.size).toBe(0);
});

it.each([
  [
    'a page of another site',
    (handle: string) => csrfTokenOf(handle),
    { 'sec-fetch-site': 'cross-site', origin: 'https://e.example' },
  ],
  ['a form of another session', () => csrfTokenOf('another'), OWN_PAGE],
  ['a form without its token', () => '', OWN_PAGE],
])('ends no session for %s', async (_, csrfOf, headers) => {
  const at = await startCallers();
  const handle = await sessionOf(at);
  expect(await signOutBy(at, handle, csrfOf(handle), headers)).toMatchObject({ status: 403 });
  expect(await at.sessions.read(handle)).toMatchObject({ caller: { objectId: PERSON.oid } });
});

it('says the same to a page of ours that has no session, and 401 to anybody else', async () => {
  const { call } = await startCallers();
  for (const cookie of [{}, { cookie: `${SESSION_COOKIE}=unknown` }]) {
    const answer = await call(signOut, { ...cookie, ...OWN_PAGE }, 'POST');
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('You are signed out') });
    const stranger = await call(signOut, { ...cookie, 'sec-fetch-site': 'cross-site' }, 'POST');
    expect(stranger.status).toBe(401);
    for (const { cookies } of [answer, stranger]) expect(cookies).toBeUndefined();
  }
});

it('keeps the cookie of a session that cannot be ended just now, and says so', async () => {
  const at = await startCallers({ sessions: { read: async () => ({ ok: true, caller: PERSON_CALLER }) } });
  at.tickets.isDown = true;
  const answer = await signOutBy(at, 'any', csrfTokenOf('any'));
  expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('You are still signed in') });
  expect(answer.cookies).toBeUndefined();
});

const PERSON_CALLER: Caller = {
  kind: 'user',
  tenantId: TENANT_ID,
  objectId: PERSON.oid,
  clientId: undefined,
  roles: [],
  via: 'session',
};

it('says so where the configuration names nobody who may sign in', async () => {
  const { call } = await startCallers({ callers: null });
  for (const handler of [beginSignIn, completeSignIn])
    expect(await call(handler)).toMatchObject({
      status: 404,
      body: expect.stringContaining('Nobody can sign in here'),
    });
  expect(await call(signOut, OWN_PAGE, 'POST')).toMatchObject({ status: 200 });
});

describe('a browser that comes to a protected page', () => {
  const BROWSER = { accept: 'text/html,application/xhtml+xml', 'sec-fetch-mode': 'navigate' };
  const page = secured('Keywatch.Read', async () => ({ body: 'the page' }));
  const cookieOf = (handle: string) => ({ ...BROWSER, cookie: `${SESSION_COOKIE}=${handle}` });

  it('is sent to sign in where it has no session, and will be back there; nobody is told of it', async () => {
    const { call, telemetry } = await startCallers();
    for (const headers of [BROWSER, cookieOf('ended')])
      expect(await call(page, headers, 'GET', '/api/board?status=expired&x=a%26b')).toMatchObject({
        status: 303,
        headers: {
          location: `${PUBLIC_URL}/api/sign-in?to=%2Fapi%2Fboard%3Fstatus%3Dexpired%26x%3Da%2526b`,
        },
      });
    expect(telemetry.events).toEqual([]);
  });

  it('gets a page where the person may not see it, with a way to be somebody else', async () => {
    const at = await startCallers();
    const answer = await at.call(page, cookieOf(await sessionOf(at)));
    expect(answer).toMatchObject({ status: 403, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(answer.body).toContain('it needs the role <code>Keywatch.Read</code>, which you do not have');
    expect(answer.body).toContain(`Ask whoever administers Keywatch`);
    expect(answer.body).toContain(`your object id <code>${PERSON.oid}</code>`);
    expect(answer.body).toContain('action="/api/sign-out"');
    expect(answer.body).not.toContain('href="/api/board"');
    const reconnect = secured('Keywatch.Reconnect', async () => ({ body: 'the page' }));
    expect((await at.call(reconnect, cookieOf(await sessionOf(at)))).body).toContain('href="/api/board"');
    expect(at.refusals()).toEqual(['role_missing', 'role_missing']);
  });

  it('gets a page where it sends a form after its session ended, with the way back to that form', async () => {
    const at = await startCallers();
    const headers = {
      ...cookieOf('ended'),
      ...OWN_PAGE,
      referer: `${PUBLIC_URL}/api/grants/crm/reconnect?a=b`,
    };
    const answer = await at.call(page, headers, 'POST');
    expect(answer).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('Bearer') },
    });
    expect(answer.body).toContain('You are signed out, and nothing was done');
    // What a program has to send is of no use to who reads this.
    expect(answer.body).not.toContain('Authorization');
    expect(answer.body).toContain('href="/api/sign-in?to=%2Fapi%2Fgrants%2Fcrm%2Freconnect%3Fa%3Db"');
    const foreign = await at.call(page, { ...headers, referer: `${PUBLIC_URL}.evil.example/api/x` }, 'POST');
    expect(foreign.body).toContain('href="/api/sign-in?to=%2Fapi%2Fboard"');
  });

  it('is sent to sign in again where the config names another tenant by now', async () => {
    const at = await startCallers();
    const begun = await at.sessions.begin({
      tenantId: PERSON.oid,
      objectId: PERSON.oid,
      roles: ['Keywatch.Read'],
    });
    expect(await at.call(page, cookieOf(begun.ok ? begun.handle : ''))).toMatchObject({ status: 303 });
  });

  it.each([
    ['asks by a script', { ...BROWSER, 'sec-fetch-mode': 'cors' }, 'GET'],
    ['wants data', { ...BROWSER, accept: 'application/json' }, 'GET'],
    ['has a token', { ...BROWSER, authorization: 'Bearer x' }, 'GET'],
  ])('is told 401 as a program is where it %s', async (_, headers, method) => {
    const { call } = await startCallers();
    expect(await call(page, headers, method)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('Bearer') },
    });
  });

  it('is told 401 where nobody can sign in', async () => {
    const { call } = await startCallers({ callers: null });
    expect((await call(page, BROWSER)).status).toBe(401);
  });
});
