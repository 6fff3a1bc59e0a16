import { describe, expect, it } from 'vitest';
import { csrfTokenOf, isOwnForm } from '../../../src/lib/callers/csrf.ts';
import { ABSOLUTE_MS, IDLE_MS } from '../../../src/lib/callers/rules/signInTickets.ts';
import { createSessions, SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import { ticketIdOf } from '../../../src/lib/stores/ticketId.ts';
import { fakeTicketStore } from '../../fakes/fakeTicketStore.ts';
import { manualClock } from '../../fakes/manualClock.ts';

const ANA = { tenantId: 'a-tenant', objectId: 'ana', roles: ['Keywatch.Read'] };

const started = async () => {
  const tickets = fakeTicketStore();
  const clock = manualClock();
  const sessions = createSessions({ tickets, clock });
  const begun = await sessions.begin(ANA);
  if (!begun.ok) throw new Error(begun.message);
  /** Whose it is, or why nobody knows. */
  const read = async (handle: string) => {
    const answer = await sessions.read(handle);
    return answer.ok ? answer.caller : answer;
  };
  return { tickets, clock, sessions: { ...sessions, read }, handle: begun.handle };
};

describe('a session', () => {
  it('is whose handle it is, and nobody else has it', async () => {
    const { sessions, handle, tickets } = await started();
    expect(await sessions.read(handle)).toEqual({
      ...ANA,
      kind: 'user',
      clientId: undefined,
      via: 'session',
    });
    for (const other of ['', `${handle}x`, handle.slice(1), ticketIdOf(handle)])
      expect(await sessions.read(other)).toBeUndefined();
    expect(JSON.stringify([...tickets.kept])).not.toContain(handle);
  });

  it('begins under a handle of its own each time', async () => {
    const { sessions, handle } = await started();
    const again = await sessions.begin(ANA);
    expect(again).toMatchObject({ ok: true, handle: expect.stringMatching(/^[\w-]{43}$/) });
    expect(again).not.toMatchObject({ handle });
  });

  it('ends after an hour without a request', async () => {
    const { sessions, handle, clock, tickets } = await started();
    await clock.advance(IDLE_MS - 1);
    expect(await sessions.read(handle)).toMatchObject(ANA);
    await clock.advance(IDLE_MS);
    expect(await sessions.read(handle)).toBeUndefined();
    expect(tickets.kept.size).toBe(0);
  });

  it('ends eight hours after it began, however much it is used', async () => {
    const { sessions, handle, clock } = await started();
    for (let atMs = 0; atMs < ABSOLUTE_MS - 30 * MINUTE_MS; atMs += 30 * MINUTE_MS) {
      await clock.advance(30 * MINUTE_MS);
      expect(await sessions.read(handle)).toMatchObject(ANA);
    }
    await clock.advance(30 * MINUTE_MS);
    expect(await sessions.read(handle)).toBeUndefined();
  });

  it('is written no more often than every five minutes', async () => {
    const { sessions, handle, clock, tickets } = await started();
    const body = () => tickets.kept.get(ticketIdOf(handle))?.body;
    const first = body();
    await clock.advance(5 * MINUTE_MS - 1);
    await sessions.read(handle);
    expect(body()).toBe(first);
    await clock.advance(1);
    await sessions.read(handle);
    expect(body()).not.toBe(first);
  });

  it('is over when it was ended, for whoever still has the handle', async () => {
    const { sessions, handle } = await started();
    expect(await sessions.end(handle)).toEqual({ ok: true });
    expect(await sessions.read(handle)).toBeUndefined();
    expect(await sessions.end(handle)).toEqual({ ok: true });
  });

  it('is none whose record says that it begins or was used later than now, which would never end', async () => {
    const { sessions, tickets, clock } = await started();
    const now = clock.nowEpochMs();
    const readAt = async (createdEpochMs: number, usedEpochMs: number) => {
      const record = { ...ANA, kind: 'session', createdEpochMs, usedEpochMs };
      await tickets.put(ticketIdOf('forged'), JSON.stringify(record));
      const caller = await sessions.read('forged');
      await tickets.remove(ticketIdOf('forged'));
      return caller;
    };
    expect(await readAt(now + MINUTE_MS, now + MINUTE_MS)).toMatchObject(ANA);
    expect(await readAt(now + MINUTE_MS + 1, now)).toBeUndefined();
    expect(await readAt(now, now + MINUTE_MS + 1)).toBeUndefined();
    expect(await readAt(now + ABSOLUTE_MS * 1000, now + ABSOLUTE_MS * 1000)).toBeUndefined();
  });

  it('is nobody where the store holds something else under its hash', async () => {
    const { sessions, tickets } = await started();
    const signIn = { kind: 'sign_in', browser: 'x', verifier: 'x', nonce: 'x', to: '/', notAfterEpochMs: 1 };
    for (const body of [JSON.stringify(signIn), '', '[]', JSON.stringify({ ...ANA, kind: 'session' })]) {
      await tickets.put(ticketIdOf('a state'), body);
      expect(await sessions.read('a state')).toBeUndefined();
      await tickets.remove(ticketIdOf('a state'));
    }
  });

  it('says why where the store does not answer: that is not nobody', async () => {
    const { sessions, handle, tickets } = await started();
    tickets.isDown = true;
    expect(await sessions.read(handle)).toMatchObject({ ok: false, message: 'the store is down' });
  });
});

it('takes the token of a form for its own session alone', () => {
  const token = csrfTokenOf('one handle');
  const isOwn = (csrf: string, cookies: string | null = `${SESSION_COOKIE}=one handle`) =>
    isOwnForm(cookies, new URLSearchParams({ csrf }));
  expect(isOwn(token)).toBe(true);
  expect(token).not.toContain('one');
  for (const given of ['', token.slice(1), `${token}x`, csrfTokenOf('another'), 'one handle'])
    expect(isOwn(given)).toBe(false);
  expect(isOwn(csrfTokenOf(''), null)).toBe(false);
});
