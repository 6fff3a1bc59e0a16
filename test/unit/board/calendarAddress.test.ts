import { describe, expect, it } from 'vitest';
import { createBoard } from '../../../src/lib/board/board.ts';
import { KEY_LIVES_MS, KEY_RESTS_AFTER_DAYS } from '../../../src/lib/board/calendarKeys.ts';
import { csrfTokenOf } from '../../../src/lib/callers/csrf.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { named, SETTINGS } from '../../fakes/boardScene.ts';
import { ada, bob, calendarScene, eventsOf } from '../../fakes/calendarScene.ts';
import { OWNER } from '../../fakes/metadata.ts';

describe('the address of a calendar', () => {
  it('is good for the calendar of one owner alone, and is in no store', async () => {
    const { scan, store, keyFor, byKey } = calendarScene();
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
    const { board, clock, scan, change, keyFor, byKey } = calendarScene();
    await scan([named('door')]);
    const [first, bobs, second] = [await keyFor(ada), await keyFor(bob), await keyFor(ada)];
    expect([await byKey(first), await byKey(second), await byKey(bobs)]).toEqual([404, 200, 200]);
    clock.advance(KEY_LIVES_MS - 1);
    await board.noteReader(ada);
    const { body } = await board.calendarByKey(OWNER, second);
    expect(eventsOf(body).at(-1)).toMatchObject({
      summary: '▲ Keywatch: the address of this calendar ends',
      start: '2027-11-22T12:00:00Z',
    });
    clock.advance(1);
    expect(await byKey(second)).toBe(404);
    const last = await keyFor(bob);
    expect((await change(ada, 'end')).body).toContain('You have no address');
    expect(await byKey(last)).toBe(404);
  });

  it('rests though a clock that was ahead let its person in, and is good again at their next visit', async () => {
    const { board, clock, scan, keyFor } = calendarScene();
    await scan([named('door')]);
    const key = await keyFor(ada);
    const isResting = async () => (await board.calendarByKey(OWNER, key)).body.includes('has ended');
    const resting: boolean[] = [];
    clock.advance(250 * DAY_MS);
    await board.noteReader(ada);
    clock.advance(-150 * DAY_MS);
    resting.push(await isResting());
    await board.noteReader(ada);
    resting.push(await isResting());
    clock.advance(KEY_RESTS_AFTER_DAYS * DAY_MS);
    resting.push(await isResting());
    expect(resting).toEqual([true, false, true]);
  });

  it('rests when its person was not let in for 90 days, says so with the way back, and is good again when they are', async () => {
    const { board, clock, scan, keyFor } = calendarScene();
    await scan([named('door')]);
    const key = await keyFor(ada);
    const read = async () => eventsOf((await board.calendarByKey(OWNER, key)).body);
    const address = {
      summary: '▲ Keywatch: the address of this calendar ends',
      alarms: [-2_592_000, -604_800],
    };
    expect((await read()).at(-1)).toMatchObject({ ...address, start: '2027-02-20T12:00:00Z' });

    clock.advance(60 * DAY_MS);
    await Promise.all([board.noteReader(ada), board.noteReader(bob)]);
    expect((await read()).at(-1)).toMatchObject({ ...address, start: '2027-04-21T12:00:00Z' });

    clock.advance(KEY_RESTS_AFTER_DAYS * DAY_MS - 1);
    await board.noteReader(bob);
    expect(await read()).toHaveLength(3);
    clock.advance(1);
    const page = `https://keywatch.example/api/board/calendar?owner=${encodeURIComponent(OWNER)}`;
    expect(await read()).toEqual([
      {
        uid: (await read())[0]?.uid,
        summary: '▲ Keywatch: this calendar has ended',
        description: expect.stringContaining(`Open ${page}`),
        start: '2027-04-21',
        url: page,
        alarms: [],
      },
    ]);

    await board.noteReader(ada);
    expect((await read()).at(-1)).toMatchObject({ ...address, start: '2027-07-20T12:00:00Z' });
  });

  it('is kept by the visits of its person though somebody removed the note of them', async () => {
    const { board, clock, scan, store, keyFor } = calendarScene();
    await scan([named('door')]);
    const key = await keyFor(ada);
    const read = async () => (await board.calendarByKey(OWNER, key)).body;
    clock.advance(60 * DAY_MS);
    for (const name of store.pieces.keys())
      if (name.startsWith('calendar-readers/')) await store.remove(name);
    expect(await read()).toContain('door');
    await board.noteReader(ada);
    clock.advance((KEY_RESTS_AFTER_DAYS - 1) * DAY_MS);
    expect(await read()).toContain('door');
    clock.advance(DAY_MS);
    expect(await read()).toContain('has ended');
  });

  it('notes once a day that its person was let in, and of nobody else', async () => {
    const { board, clock, store, keyFor } = calendarScene();
    await keyFor(ada);
    const notes = () => store.writes.filter((name) => name.startsWith('calendar-readers/')).length;
    expect(notes()).toBe(1);
    for (const by of [ada, bob, ada]) await board.noteReader(by);
    expect(notes()).toBe(1);
    clock.advance(DAY_MS);
    for (const by of [ada, bob, ada]) await board.noteReader(by);
    expect(notes()).toBe(2);
    expect(JSON.stringify([...store.pieces.keys()])).not.toContain('bob');
  });

  it('is kept by the next visit where one could not be noted', async () => {
    const { board, clock, scan, store, keyFor, byKey } = calendarScene();
    await scan([named('door')]);
    const key = await keyFor(ada);
    clock.advance(80 * DAY_MS);
    store.fail(storeFailure('board_state', 'unavailable', { message: 'It does not answer.' }));
    await board.noteReader(ada);
    expect(await byKey(key)).toBe(503);
    store.fail(undefined);
    await board.noteReader(ada);
    clock.advance(80 * DAY_MS);
    expect((await board.calendarByKey(OWNER, key)).body).toContain('door');
  });

  it('is good for nothing while the config lets nobody call', async () => {
    const { clock, store, scan, keyFor, byKey } = calendarScene();
    await scan([named('door')]);
    const key = await keyFor(ada);
    const closed = createBoard({ ...SETTINGS, callers: undefined }, { clock, state: store });
    expect([await byKey(key), (await closed.calendarByKey(OWNER, key)).status]).toEqual([200, 404]);
  });

  it('goes on when the last credential is gone or belongs to another, and says so today', async () => {
    const { board, scan, keyFor } = calendarScene();
    await scan([named('door')]);
    const key = await keyFor(ada);
    const summaries = async () =>
      eventsOf((await board.calendarByKey(OWNER, key)).body).map(({ summary }) => summary);
    const nothing = `▲ Keywatch: nothing is known to belong to ${OWNER}`;
    expect(await summaries()).not.toContain(nothing);
    await scan([named('door', { owner: 'doors@contoso.example' })]);
    expect(await summaries()).toContain(nothing);
    await scan([]);
    expect(await summaries()).toContain(nothing);
  });

  it('is of an owner', async () => {
    const answer = await calendarScene().board.calendarPage({ parameters: new URLSearchParams() }, ada);
    expect(answer.status).toBe(400);
  });

  it('is made for nobody by a form of another session or site', async () => {
    const { store, change } = calendarScene();
    expect((await change(ada, 'make', csrfTokenOf('another handle'))).status).toBe(403);
    expect((await change(ada, 'make', '')).status).toBe(403);
    expect((await change(ada, 'forget' as 'end')).status).toBe(400);
    expect(store.pieces.size).toBe(0);
  });

  it('is there for each of several who ask at a time', async () => {
    const { scan, keyFor, byKey } = calendarScene();
    await scan([named('door')]);
    const people = ['a', 'b', 'c'].map((objectId) => ({ ...ada, objectId }));
    const keys = await Promise.all(people.map(keyFor));
    expect(await Promise.all(keys.map((key) => byKey(key)))).toEqual([200, 200, 200]);
  });

  it('is shown once, on a page that says whose it is', async () => {
    const { board, scan, keyFor } = calendarScene();
    await scan([named('door')]);
    const page = () => board.calendarPage({ parameters: new URLSearchParams({ owner: OWNER }) }, ada);
    expect((await page()).body).toContain('You have no address');
    const key = await keyFor(ada);
    expect((await page()).body).toMatch(
      /it ends .*2027-02-20.* if you do not open the board before, and .*2027-11-22/,
    );
    expect((await page()).body).not.toContain(key);
  });
});
