import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { createBoard } from '../../../src/lib/board/board.ts';
import { KEY_LIVES_MS } from '../../../src/lib/board/calendarKeys.ts';
import { MOST_EVENTS } from '../../../src/lib/board/calendarText.ts';
import type { BoardSettings } from '../../../src/lib/board/gatherFacts.ts';
import { iCalendarText } from '../../../src/lib/board/rules/iCalendar.ts';
import { csrfTokenOf } from '../../../src/lib/callers/csrf.ts';
import type { Caller } from '../../../src/lib/callers/rules/caller.ts';
import { SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { printable } from '../../../src/lib/kernel/printable.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { boardScene, ended, named, SETTINGS } from '../../fakes/boardScene.ts';
import { inDays, NOW_EPOCH_MS, OWNER } from '../../fakes/metadata.ts';

const eventsOf = (text: string) => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar.getAllSubcomponents('vevent').map((one) => {
    const { uid, summary, description, startDate, component } = new ICAL.Event(one);
    const alarms = component
      .getAllSubcomponents('valarm')
      .map((alarm) => (alarm.getFirstPropertyValue('trigger') as ICAL.Duration).toSeconds());
    const url = one.getFirstPropertyValue('url');
    return { uid, summary, description, start: String(startDate), url, alarms };
  });
};

const HANDLE = 'the handle of a session';
const ada: Caller = {
  ...{ kind: 'user', tenantId: 't', objectId: 'ada', clientId: undefined, roles: [], via: 'session' },
};
const bob: Caller = { ...ada, objectId: 'bob' };

const start = (settings: Partial<BoardSettings> = {}) => {
  const scene = boardScene({ publicUrl: 'https://keywatch.example', ...settings });
  const read = async (owner = OWNER) => {
    const { status, body } = await scene.board.calendar(owner);
    expect(status, body).toBe(200);
    return eventsOf(body);
  };
  const change = (by: Caller, change: 'make' | 'end', csrf = csrfTokenOf(HANDLE)) =>
    scene.board.changeCalendar(
      {
        parameters: new URLSearchParams({ owner: OWNER, change, csrf }),
        cookies: `${SESSION_COOKIE}=${HANDLE}`,
      },
      by,
    );
  const keyFor = async (by: Caller) =>
    /[?&]key=([\w-]{43})</.exec((await change(by, 'make')).body)?.[1] ?? '';
  const byKey = async (key: string, owner = OWNER) => (await scene.board.calendarByKey(owner, key)).status;
  return { ...scene, read, change, keyFor, byKey };
};

describe('the calendar of an owner', () => {
  it('has the ends of what is theirs, with a reminder at each threshold, and what belongs to nobody apart', async () => {
    const { scan, read } = start();
    await scan([named('door'), named('other', { owner: 'others' }), named('stray', { owner: undefined })]);
    expect(await read()).toEqual([
      {
        uid: expect.stringMatching(/^[0-9a-f]{32}@keywatch$/),
        summary: '✓ door ends (kv-front-desk)',
        description: expect.stringContaining(`Owner: ${OWNER}\nkv-front-desk/secret/door`),
        start: '2027-06-10T12:00:00Z',
        url: 'https://keywatch.example/api/board/item?id=kv-front-desk%2Fsecret%2Fdoor',
        alarms: [-30 * 86_400, -10 * 86_400],
      },
    ]);
    expect(await read('(nobody)')).toMatchObject([{ summary: '✓ stray ends (kv-front-desk)' }]);
  });

  it('keeps the identity of an event when its end moves, and shows what is broken today until it is mended', async () => {
    const { clock, scan, read } = start();
    await scan([named('door')]);
    const [before] = await read();
    await scan([ended('door')]);
    expect(await read()).toMatchObject([
      { uid: before?.uid, start: '2026-11-22', summary: '✗ door: expired (kv-front-desk)' },
    ]);
    clock.advance(DAY_MS);
    expect(await read()).toMatchObject([{ uid: before?.uid, start: '2026-11-23' }, { start: '2026-11-23' }]);
    await scan([named('door', { expiresOnEpochMs: inDays(300) })]);
    expect(await read()).toMatchObject([{ uid: before?.uid, start: '2027-09-18T12:00:00Z' }]);
  });

  it('leaves out what is suppressed, ended long ago, or ends in many years', async () => {
    const { scan, read } = start();
    await scan([
      ended('superseded', { suppressed: 'superseded' }),
      ended('relic', { expiresOnEpochMs: inDays(-100), alertUntilEpochMs: inDays(-90) }),
      named('far', { expiresOnEpochMs: Date.parse('9999-12-31T23:59:59Z') }),
      named('beyond', { expiresOnEpochMs: 8.64e15 }),
      named('endless', { expiresOnEpochMs: undefined, status: 'no_expiry' }),
    ]);
    expect(await read()).toEqual([]);
  });

  it('has the consent of a grant that is due, and a grant that is dead', async () => {
    const { telemetry, read } = start({
      vaults: [],
      grants: [{ grant: { id: 'crm' } }, { grant: { id: 'erp' } }],
    });
    const said = { provider: 'salesforce', tokenEndpointHost: 'login.example', owner: 'sales' } as const;
    telemetry.event('keywatch.grant.observed', {
      ...{ ...said, credentialId: 'grant/crm', outcome: 'refreshed', consentEndsAt: inDays(40) },
    });
    telemetry.event('keywatch.grant.refreshed', {
      ...{ ...said, credentialId: 'grant/erp', outcome: 'dead', reason: 'invalid_grant' },
      ...{ durationMs: 1, action: 'Consent again.' },
    });
    await telemetry.flush(1_000);
    const events = await read('sales');
    expect(events).toMatchObject([
      { summary: '✗ erp: dead (salesforce)', start: '2026-11-22', alarms: [] },
      { summary: '✓ crm ends (salesforce)', start: '2027-01-01T12:00:00Z', alarms: [-2_592_000, -604_800] },
      { summary: '▲ Keywatch: this calendar is not whole' },
    ]);
    expect(events[0]?.description).toContain('Consent again.');
  });

  it('says today that not everything is seen, and that not everything fits', async () => {
    const { clock, scan, read } = start();
    await scan(Array.from({ length: MOST_EVENTS + 3 }, (_, index) => named(`n${index}`)));
    expect((await read()).at(-1)).toMatchObject({
      summary: '▲ Keywatch: this calendar is not whole',
      description: '3 further ends do not fit.',
    });
    clock.advance(3 * HOUR_MS);
    const failure = permanentFailure({ code: 'x', message: 'No.', action: 'Give the role.' });
    await scan([], { outcome: 'failed', failure: { ...failure, reason: 'forbidden' } });
    expect((await read()).at(-1)?.description).toMatch(/^1 of 1 targets and jobs were not seen lately/);
  });

  it('is no empty calendar where the state cannot be read, nor for an owner of nothing', async () => {
    const { board, scan, store } = start();
    await scan([named('door')]);
    expect((await board.calendar('nobody I know')).status).toBe(404);
    store.fail(storeFailure('board_state', 'unavailable', { message: 'It does not answer.' }));
    expect(await board.calendar(OWNER)).toMatchObject({ status: 503 });
    const { status, body } = await board.calendarByKey(OWNER, 'x'.repeat(43));
    expect([status, body]).toEqual([503, 'The calendar cannot be read just now.\n']);
  });
});

describe('the address of a calendar', () => {
  it('is good for the calendar of one owner alone, and is in no store', async () => {
    const { scan, store, keyFor, byKey } = start();
    await scan([named('door'), named('other', { owner: 'others' })]);
    const key = await keyFor(ada);
    expect(key).toHaveLength(43);
    expect(await byKey(key)).toBe(200);
    expect(await byKey(key, 'others')).toBe(404);
    expect(await byKey(key, '')).toBe(404);
    expect(await byKey('')).toBe(404);
    expect(await byKey(`${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`)).toBe(404);
    expect(JSON.stringify([...store.pieces])).not.toContain(key);
  });

  it('ends when its person makes another, when somebody ends all, and after a year, which it announces', async () => {
    const { board, clock, scan, change, keyFor, byKey } = start();
    await scan([named('door')]);
    const [first, bobs, second] = [await keyFor(ada), await keyFor(bob), await keyFor(ada)];
    expect([await byKey(first), await byKey(second), await byKey(bobs)]).toEqual([404, 200, 200]);
    const { body } = await board.calendarByKey(OWNER, second);
    expect(eventsOf(body).at(-1)).toMatchObject({
      summary: '▲ Keywatch: the address of this calendar ends',
      start: '2027-11-22T12:00:00Z',
    });
    clock.advance(KEY_LIVES_MS - 1);
    expect(await byKey(second)).toBe(200);
    clock.advance(1);
    expect(await byKey(second)).toBe(404);
    const last = await keyFor(bob);
    expect((await change(ada, 'end')).body).toContain('You have no address');
    expect(await byKey(last)).toBe(404);
  });

  it('is good for nothing while the config lets nobody call', async () => {
    const { clock, store, scan, keyFor, byKey } = start();
    await scan([named('door')]);
    const key = await keyFor(ada);
    const closed = createBoard({ ...SETTINGS, callers: undefined }, { clock, state: store });
    expect([await byKey(key), (await closed.calendarByKey(OWNER, key)).status]).toEqual([200, 404]);
  });

  it('goes on with an empty calendar when the last credential is gone', async () => {
    const { scan, keyFor, byKey } = start();
    await scan([named('door')]);
    const key = await keyFor(ada);
    await scan([]);
    expect(await byKey(key)).toBe(200);
  });

  it('is made for nobody by a form of another session or site', async () => {
    const { store, change } = start();
    expect((await change(ada, 'make', csrfTokenOf('another handle'))).status).toBe(403);
    expect((await change(ada, 'make', '')).status).toBe(403);
    expect((await change(ada, 'forget' as 'end')).status).toBe(400);
    expect(store.pieces.size).toBe(0);
  });

  it('is there for each of several who ask at a time', async () => {
    const { scan, keyFor, byKey } = start();
    await scan([named('door')]);
    const people = ['a', 'b', 'c'].map((objectId) => ({ ...ada, objectId }));
    const keys = await Promise.all(people.map(keyFor));
    expect(await Promise.all(keys.map((key) => byKey(key)))).toEqual([200, 200, 200]);
  });

  it('is shown once, on a page that says whose it is', async () => {
    const { board, scan, keyFor } = start();
    await scan([named('door')]);
    const page = () => board.calendarPage({ parameters: new URLSearchParams({ owner: OWNER }) }, ada);
    expect((await page()).body).toContain('You have no address');
    const key = await keyFor(ada);
    expect((await page()).body).toContain('it ends');
    expect((await page()).body).not.toContain(key);
  });
});

describe('the text of a calendar', () => {
  const odd = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('\\', ';', ',', '\n', '\r', ':', '"', '\u202e', 'é', '🔑', ' ', 'n') }),
    fc.constant(`${'🔑é'.repeat(5_000)}`),
  );

  it('gives back every text as it is shown, in lines of at most 75 octets', () => {
    fc.assert(
      fc.property(odd, odd, odd, fc.integer({ min: 0, max: 4e12 }), (name, summary, line, atEpochMs) => {
        const shown = (text: string) => printable(text, 400);
        const text = iCalendarText({
          name,
          nowEpochMs: NOW_EPOCH_MS,
          events: [{ uid: 'u', atEpochMs, summary, description: [line, 'end'], alarmsMs: [DAY_MS, 0, -1] }],
        });
        for (const one of text.split('\r\n')) expect(Buffer.byteLength(one)).toBeLessThanOrEqual(75);
        expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
        const [event] = eventsOf(text);
        expect(event?.summary ?? '').toBe(shown(summary));
        expect(event?.description).toBe(`${shown(line)}\nend`);
        expect(Date.parse(event?.start ?? '')).toBe(Math.floor(atEpochMs / 1000) * 1000);
        expect(event?.alarms).toEqual([-86_400]);
      }),
    );
  });
});
