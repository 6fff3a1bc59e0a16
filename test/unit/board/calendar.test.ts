import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_EVENTS } from '../../../src/lib/board/calendarText.ts';
import { iCalendarText } from '../../../src/lib/board/rules/iCalendar.ts';
import { printable } from '../../../src/lib/kernel/printable.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { DAY_MS, HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { anyText } from '../../fakes/anyText.ts';
import { ended, named } from '../../fakes/boardScene.ts';
import { calendarScene, eventsOf } from '../../fakes/calendarScene.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { inDays, NOW_EPOCH_MS, OWNER } from '../../fakes/metadata.ts';

describe('the calendar of an owner', () => {
  it('has the ends of what is theirs, with a reminder at each threshold, and what belongs to nobody apart', async () => {
    const { scan, read } = calendarScene();
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
    const { clock, scan, read } = calendarScene();
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
    const { scan, read } = calendarScene();
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
    const { telemetry, read } = calendarScene({
      targets: [],
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
    await telemetry.flush(60_000);
    const events = await read('sales');
    expect(events).toMatchObject([
      { summary: '✗ erp: dead (salesforce)', start: '2026-11-22', alarms: [] },
      { summary: '✓ crm ends (salesforce)', start: '2027-01-01T12:00:00Z', alarms: [-2_592_000, -604_800] },
      { summary: '▲ Keywatch: this calendar is not whole' },
    ]);
    expect(events[0]?.description).toContain('Consent again.');
  });

  it('says today that not everything is seen, and that not everything fits', async () => {
    const { clock, scan, read } = calendarScene();
    await scan(Array.from({ length: MOST_EVENTS + 3 }, (_, index) => named(`n${index}`)));
    expect((await read()).at(-1)).toMatchObject({
      summary: '▲ Keywatch: this calendar is not whole',
      description: '3 further ends do not fit.',
    });
    clock.advance(3 * HOUR_MS);
    await scan([], { outcome: 'failed', failure: inventoryFailure() });
    expect((await read()).at(-1)?.description).toMatch(/^1 of 1 targets and jobs were not seen lately/);
  });

  it('is no empty calendar where the state cannot be read, nor for an owner of nothing', async () => {
    const { board, scan, store } = calendarScene();
    await scan([named('door')]);
    expect((await board.calendar('nobody I know')).status).toBe(404);
    store.fail(storeFailure('board_state', 'unavailable', { message: 'It does not answer.' }));
    expect(await board.calendar(OWNER)).toMatchObject({ status: 503 });
    const { status, body } = await board.calendarByKey(OWNER, 'x'.repeat(43));
    expect([status, body]).toEqual([503, 'The calendar cannot be read just now.\n']);
  });
});

describe('the text of a calendar', () => {
  const odd = fc.oneof(
    anyText(),
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
