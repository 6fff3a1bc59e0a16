import { expect, it } from 'vitest';
import { beginSignIn, completeSignIn, signOut } from '../../../src/functions/signIn.ts';
import type { Caller } from '../../../src/lib/callers/rules/caller.ts';
import { SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { SIGN_IN_COOKIE } from '../../../src/lib/callers/signIn.ts';
import { PUBLIC_URL, startCallers } from '../../fakes/startCallers.ts';
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

it('ends a session and takes its cookie back', async () => {
  const at = await startCallers();
  const cookie = `${SESSION_COOKIE}=${await sessionOf(at)}`;
  const answer = await at.call(signOut, { cookie, ...OWN_PAGE }, 'POST');
  expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('You are signed out') });
  expect(answer.cookies).toEqual([{ ...KEPT, name: SESSION_COOKIE, value: '', maxAge: 0 }]);
  expect(at.tickets.kept.size).toBe(0);
});

it('ends no session for a page of another site', async () => {
  const at = await startCallers();
  const handle = await sessionOf(at);
  const headers = {
    cookie: `${SESSION_COOKIE}=${handle}`,
    'sec-fetch-site': 'cross-site',
    origin: 'https://e.example',
  };
  expect(await at.call(signOut, headers, 'POST')).toMatchObject({ status: 403 });
  expect(await at.sessions.read(handle)).toMatchObject({ objectId: PERSON.oid });
});

it('says the same to who has no session, and takes no cookie back: another site may have asked', async () => {
  const { call } = await startCallers();
  for (const headers of [{}, { cookie: `${SESSION_COOKIE}=unknown` }]) {
    const answer = await call(signOut, headers, 'POST');
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('You are signed out') });
    expect(answer.cookies).toBeUndefined();
  }
});

it('keeps the cookie of a session that cannot be ended just now, and says so', async () => {
  const at = await startCallers({ sessions: { read: async () => PERSON_CALLER } });
  at.tickets.isDown = true;
  const cookie = `${SESSION_COOKIE}=${'x'.repeat(43)}`;
  const answer = await at.call(signOut, { cookie, ...OWN_PAGE }, 'POST');
  expect(answer).toMatchObject({ status: 503, body: expect.stringContaining('You are still signed in') });
  expect(answer.cookies).toBeUndefined();
});

const PERSON_CALLER: Caller = {
  ...{
    kind: 'user',
    tenantId: TENANT_ID,
    objectId: PERSON.oid,
    clientId: undefined,
    roles: [],
    via: 'session',
  },
};

it('says so where the configuration names nobody who may sign in', async () => {
  const { call } = await startCallers({ callers: null });
  for (const handler of [beginSignIn, completeSignIn])
    expect(await call(handler)).toMatchObject({
      status: 404,
      body: expect.stringContaining('Nobody can sign in here'),
    });
  expect(await call(signOut, {}, 'POST')).toMatchObject({ status: 200 });
});
