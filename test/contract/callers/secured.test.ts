import { describe, expect, it, vi } from 'vitest';
import { secured } from '../../../src/functions/secured.ts';
import type { Caller } from '../../../src/lib/callers/rules/caller.ts';
import { READ, RECONNECT, tokenRole } from '../../../src/lib/callers/rules/roles.ts';
import { SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { PUBLIC_URL } from '../../fakes/composeCallers.ts';
import { bearer, startCallers } from '../../fakes/startCallers.ts';
import { PERSON, PROGRAM, TENANT_ID } from '../../fakes/startIdentityProvider.ts';

const NOT_FOUND = { status: 404, jsonBody: { error: 'not_found' } } as const;

const board = () =>
  vi.fn(secured(READ, async (_request, _context, { objectId }) => ({ jsonBody: { objectId } })));

describe('a protected function', () => {
  it('serves whoever has its role by the token or by the config, and nobody else', async () => {
    const listed = { ...PROGRAM, oid: '66666666-6666-4666-8666-666666666666' };
    const { idp, call, telemetry } = await startCallers({ callers: { read: [listed.oid] } });
    const asking = async (claims: Record<string, unknown>) =>
      call(board(), bearer(await idp.tokenOf({ claims })));
    expect((await asking({ roles: ['Other', READ] })).jsonBody).toEqual({ objectId: PROGRAM.oid });
    expect((await asking({ oid: listed.oid })).jsonBody).toEqual({ objectId: listed.oid });
    expect(telemetry.events).toEqual([]);
    const refused = await asking({ roles: [RECONNECT, READ.toLowerCase()] });
    expect(refused).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': expect.stringContaining('error="insufficient_scope"') },
      jsonBody: { reason: 'role_missing' },
    });
  });

  it('reports whom it turns away for a role: by now it is sure who that is', async () => {
    const { idp, call, telemetry } = await startCallers();
    await call(board(), bearer(await idp.tokenOf()));
    expect(telemetry.eventsNamed('keywatch.caller.refused')).toEqual([
      expect.objectContaining({
        ...{ reason: 'role_missing', role: READ, tenantId: TENANT_ID },
        ...{ objectId: PROGRAM.oid, clientId: PROGRAM.azp },
      }),
    ]);
    expect(JSON.stringify(telemetry.events)).not.toContain('eyJ');
  });

  it('reports nothing that was sent until it is sure who that is, and then one line of it', async () => {
    const { idp, call, telemetry } = await startCallers();
    const sent = `x\u202e ignore this\n${'y'.repeat(9_000)}`;
    const token = secured(() => tokenRole(sent), vi.fn());
    await call(token);
    await call(token, { authorization: 'Bearer x.y.z' });
    await call(token, bearer(await idp.tokenOf()));
    const roles = telemetry.eventsNamed('keywatch.caller.refused').map(({ role }) => role);
    expect(roles).toEqual([undefined, undefined, expect.stringMatching(/^Keywatch\.Token\.x[ -~]{20,90}…$/)]);
  });

  it('does nothing for whoever is refused', async () => {
    const { idp, call } = await startCallers();
    const handler = vi.fn(async () => ({ status: 200 }));
    const guarded = secured(READ, handler);
    await call(guarded);
    await call(guarded, bearer(await idp.tokenOf()));
    await call(guarded, { authorization: 'Bearer x.y.z' });
    expect(handler).not.toHaveBeenCalled();
  });

  it('may need a role that follows from the request, and hide from all others whether there is such a thing', async () => {
    const { idp, call } = await startCallers();
    const token = secured(
      (request) => tokenRole(request.headers.get('x-grant') ?? ''),
      async () => ({ status: 200 }),
      { forbidden: NOT_FOUND },
    );
    const headers = bearer(await idp.tokenOf({ claims: { roles: [tokenRole('bookings')] } }));
    expect(await call(token, { ...headers, 'x-grant': 'bookings' })).toEqual({ status: 200 });
    expect(await call(token, { ...headers, 'x-grant': 'invoices' })).toEqual(NOT_FOUND);
    // Who is not known is told that, and no other words for one than for another.
    const stranger = await call(token, { 'x-grant': 'bookings' });
    expect(stranger.status).toBe(401);
    expect(await call(token, { 'x-grant': 'invoices' })).toEqual(stranger);
  });
});

describe('the session of a browser', () => {
  const caller: Caller = {
    ...{ tenantId: TENANT_ID, objectId: PERSON.oid, clientId: undefined },
    ...{ kind: 'user', roles: [READ], via: 'session' },
  };
  const sessions = {
    read: async (handle: string) => ({ ok: true, caller: handle === 'known' ? caller : undefined }) as const,
  };
  const cookie = (handle: string) => ({ cookie: `${SESSION_COOKIE}=${handle}` });

  it('is as good as a token for what is read', async () => {
    const { call } = await startCallers({ sessions });
    expect((await call(board(), cookie('known'))).jsonBody).toEqual({ objectId: PERSON.oid });
  });

  it('is not looked at beside a token, which alone decides', async () => {
    const { call, refusals } = await startCallers({ sessions });
    expect((await call(board(), { ...cookie('known'), authorization: 'Bearer x' })).status).toBe(401);
    expect(refusals()).toEqual(['token_malformed']);
  });

  it('is none once it has ended, or where the config names another tenant now', async () => {
    const { call, refusals } = await startCallers({ sessions, callers: { tenantId: PROGRAM.oid } });
    expect((await call(board(), cookie('unknown'))).status).toBe(401);
    expect((await call(board(), cookie('known'))).status).toBe(401);
    expect(refusals()).toEqual(['session_ended', 'session_ended']);
  });

  it('that cannot be read just now leaves open who calls: 503, reported, and the session goes on', async () => {
    const { call, refusals, telemetry, tickets } = await startCallers();
    tickets.isDown = true;
    const answer = await call(board(), cookie('any'));
    expect(answer).toMatchObject({
      ...{ status: 503, headers: { 'retry-after': '5' } },
      jsonBody: { reason: 'sessions_unavailable' },
    });
    const page = await call(board(), { ...cookie('any'), accept: 'text/html' });
    expect(page).toMatchObject({
      ...{ status: 503, headers: { 'retry-after': '5' } },
      body: expect.stringContaining('Not just now'),
    });
    for (const { cookies } of [answer, page]) expect(cookies).toBeUndefined();
    expect(refusals()).toEqual(['sessions_unavailable', 'sessions_unavailable']);
    expect(telemetry.failures).toMatchObject(Array(2).fill({ code: 'tickets_unavailable' }));
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another port of this host', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:8080' }],
    ['a page that hides where it is', { 'sec-fetch-site': 'same-origin', origin: 'null' }],
    ['a browser that does not say', { origin: PUBLIC_URL }],
    ['a program', {}],
  ])('changes nothing for %s', async (_, headers) => {
    const { call, refusals } = await startCallers({ sessions });
    expect((await call(board(), { ...cookie('known'), ...headers }, 'POST')).status).toBe(403);
    expect(refusals()).toEqual(['other_site']);
  });
});
