import { describe, expect, it } from 'vitest';
import { MOST_IN_PART } from '../../../src/lib/board/recordScan.ts';
import { readPart, readTargetState } from '../../../src/lib/board/rules/records.ts';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { named } from '../../fakes/boardScene.ts';
import { boardState, historyOf } from '../../fakes/boardState.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import type { FakePieceStore } from '../../fakes/fakePieceStore.ts';
import { inDays, NOW_EPOCH_MS } from '../../fakes/metadata.ts';

const stateIn = ({ pieces }: FakePieceStore) => {
  const [, { text } = { text: '' }] = [...pieces].find(([name]) => name.startsWith('targets/')) ?? [];
  return readTargetState(text);
};

const namesIn = (store: FakePieceStore) =>
  (stateIn(store)?.complete?.parts ?? []).flatMap((part) =>
    (readPart(store.pieces.get(part.name)?.text ?? '', part) ?? []).map((one) => one.name),
  );

const partsIn = ({ pieces }: FakePieceStore) =>
  [...pieces.keys()].filter((name) => name.startsWith('parts/'));

describe('the state that a scan leaves', () => {
  it('has every credential, worst first, without who decided what', async () => {
    const { store, scan } = boardState();
    await scan([named('fine'), named('ended', { status: 'expired', expiresOnEpochMs: inDays(-1) })]);
    expect(namesIn(store)).toEqual(['ended', 'fine']);
    expect(stateIn(store)).toMatchObject({
      last: { outcome: 'complete' },
      complete: { counts: { objects: 2 } },
    });
    expect(JSON.stringify([...store.pieces])).not.toContain('judgement');
  });

  it('stays that of the last complete scan while scans fail, and says why they do', async () => {
    const { clock, store, scan } = boardState();
    await scan([named('one')]);
    clock.advance(3_600_000);
    const failure = inventoryFailure();
    await scan([], { outcome: 'failed', failure });
    expect(namesIn(store)).toEqual(['one']);
    expect(stateIn(store)?.complete?.atEpochMs).toBe(NOW_EPOCH_MS);
    expect(stateIn(store)?.last).toEqual({
      atEpochMs: NOW_EPOCH_MS + 3_600_000,
      outcome: 'failed',
      reason: failure.reason,
      message: failure.message,
      action: failure.action,
    });
  });

  it('is written in pieces, the urgent ones for themselves, and its unchanged ones once', async () => {
    const { store, scan } = boardState();
    const many = Array.from({ length: MOST_IN_PART + 10 }, (_, index) => named(`fine-${index}`));
    const seen = [...many, named('ended', { status: 'expired', expiresOnEpochMs: inDays(-1) })];
    await scan(seen);
    expect(stateIn(store)?.complete?.parts.map(({ count }) => count)).toEqual([MOST_IN_PART, 1, 10]);
    const before = store.writes.filter((name) => name.startsWith('parts/')).length;
    await scan(seen);
    expect(store.writes.filter((name) => name.startsWith('parts/'))).toHaveLength(before);
  });

  it('keeps parts that a page may be reading for one more scan, and no longer', async () => {
    const { store, scan } = boardState();
    await scan([named('one')]);
    await scan([named('two')]);
    expect(partsIn(store)).toHaveLength(2);
    await scan([named('three')]);
    expect(partsIn(store)).toHaveLength(2);
  });

  it('leaves no part behind of a scan that did not end', async () => {
    const { store, scan } = boardState();
    await scan([named('one')]);
    const many = Array.from({ length: MOST_IN_PART }, (_, index) => named(`fine-${index}`));
    await scan(many, { outcome: 'failed' });
    expect(partsIn(store)).toHaveLength(2);
    expect(namesIn(store)).toEqual(['one']);
    await scan([named('one')]);
    expect(partsIn(store)).toHaveLength(1);
  });

  it('leaves no part behind of two scans that end together, nor of one whose store fails half-way', async () => {
    const { store, begin, scan } = boardState();
    await scan([named('one')]);
    const [first, second] = [await begin([named('two')]), await begin([named('three')])];
    await Promise.all([first(), second()]);
    const third = await begin(Array.from({ length: MOST_IN_PART }, (_, index) => named(`fine-${index}`)));
    store.fail(storeFailure('board_state', 'unavailable', { message: 'no' }));
    await third();
    store.fail(undefined);
    await scan([named('four')]);
    await scan([named('four')]);
    expect(partsIn(store)).toHaveLength(1);
    expect(namesIn(store)).toEqual(['four']);
  });

  it('is whole also where a scan that has just ended removes what is seen anew', async () => {
    const { store, scan } = boardState();
    for (const name of ['one', 'two']) await scan([named(name)]);
    const { remove } = store;
    store.remove = async (...asked) => {
      store.remove = remove;
      await scan([named('one')]);
      return remove(...asked);
    };
    await scan([named('three')]);
    expect(namesIn(store)).toEqual(['one']);
  });

  it('is whole also where the store takes no part of a scan whose parts another one removes', async () => {
    const { store, scan } = boardState();
    for (const name of ['one', 'two']) await scan([named(name)]);
    const { remove, write } = store;
    store.write = async (name, text, etag) =>
      name.startsWith('parts/') && etag !== undefined
        ? storeFailure('board_state', 'unavailable', { message: 'no' })
        : write(name, text, etag);
    store.remove = async (...asked) => {
      store.remove = remove;
      await scan([named('one')]);
      return remove(...asked);
    };
    await scan([named('three')]);
    expect(namesIn(store)).toEqual(['three']);
  });

  it('is whole again after somebody removed a part of it, and nothing has happened to what was in it', async () => {
    const { store, scan } = boardState();
    await scan([named('one')]);
    for (const part of partsIn(store)) await store.remove(part);
    expect(namesIn(store)).toEqual([]);
    await scan([named('one')]);
    expect(namesIn(store)).toEqual(['one']);
    expect(store.lines.size).toBe(0);
  });

  it('is whole again on the next day after somebody damaged a part of it, and nothing has happened', async () => {
    const { clock, store, scan } = boardState();
    await scan([named('one')]);
    for (const part of partsIn(store)) store.pieces.set(part, { text: '', etag: '"damaged"' });
    expect(namesIn(store)).toEqual([]);
    clock.advance(DAY_MS);
    await scan([named('one')]);
    expect(namesIn(store)).toEqual(['one']);
    expect(store.lines.size).toBe(0);
  });

  it.each([
    ['complete', {}],
    ['complete', { atEpochMs: NOW_EPOCH_MS, counts: {}, parts: [null] }],
    ['last', {}],
  ])(
    'is whole again with the next scan after somebody damaged the index of it (%s: %j)',
    async (member, value) => {
      const { store, scan } = boardState();
      await scan([named('one')]);
      for (const [name, { text }] of store.pieces)
        if (name.startsWith('targets/'))
          store.pieces.set(name, {
            text: JSON.stringify({ ...JSON.parse(text), [member]: value }),
            etag: '"damaged"',
          });
      expect(stateIn(store)).toBeUndefined();
      await scan([named('one')]);
      expect(namesIn(store)).toEqual(['one']);
    },
  );

  it('has no secret that somebody wrote into a tag', async () => {
    const { store, redactor, scan } = boardState();
    redactor.registerSecret('hunter2-hunter2');
    await scan([
      named('one', { owner: 'pw hunter2-hunter2', runbook: 'https://x.example/?t=eyJhbGciOiJSUzI1' }),
    ]);
    expect(JSON.stringify([...store.pieces])).not.toMatch(/hunter2-hunter2|eyJhbGciOiJSUzI1/);
  });

  it('keeps the name of a credential that a token happens to be', async () => {
    const { store, redactor, scan } = boardState();
    redactor.registerSecret('front-desk-api', 'token');
    await scan([named('front-desk-api')]);
    expect(namesIn(store)).toEqual(['front-desk-api']);
  });

  it('is left as it was where the store fails, which is reported once an hour', async () => {
    const { clock, store, reported, scan } = boardState();
    await scan([named('one')]);
    store.fail(storeFailure('board_state', 'forbidden', { message: 'no' }));
    await scan([named('two')]);
    await scan([named('three')]);
    expect(reported.failures.map(({ code }) => code)).toEqual(['board_state_forbidden']);
    clock.advance(3_600_000);
    await scan([named('three')]);
    expect(reported.failures).toHaveLength(2);
    store.fail(undefined);
    expect(namesIn(store)).toEqual(['one']);
  });

  it('is read by no other version', async () => {
    const { store, scan } = boardState();
    await scan([named('one')]);
    for (const [name, { text, etag }] of store.pieces)
      store.pieces.set(name, { text: text.replace('"version":1', '"version":2'), etag });
    expect(stateIn(store)).toBeUndefined();
    await scan([named('two')]);
    expect(namesIn(store)).toEqual(['two']);
  });
});

describe('the history that scans leave', () => {
  it('has what changed, what came and what went; the first scan is none', async () => {
    const { store, scan } = boardState();
    await scan([named('stays'), named('goes'), named('changes')]);
    expect(store.lines.size).toBe(0);
    await scan([
      named('stays'),
      named('comes'),
      named('changes', { status: 'warning', expiresOnEpochMs: inDays(20), owner: 'others' }),
    ]);
    const of = (name: string) => historyOf(store, `kv-front-desk/secret/${name}`);
    expect(of('stays')).toEqual([]);
    expect(of('goes')).toEqual(['gone']);
    expect(of('comes')).toEqual(['appeared']);
    expect(of('changes')).toEqual([
      'status: valid → warning; ends on: 2027-06-10 → 2026-12-12; owner: front-desk@contoso.example → others',
    ]);
  });

  it('has nothing of a credential whose owner is a secret and stays one', async () => {
    const { store, redactor, scan } = boardState();
    redactor.registerSecret('hunter2-hunter2');
    const secretive = named('secretive', { owner: 'hunter2-hunter2' });
    await scan([secretive, named('goes')]);
    await scan([secretive]);
    expect(historyOf(store, 'kv-front-desk/secret/secretive')).toEqual([]);
    expect(JSON.stringify([...store.lines])).not.toContain('hunter2');
  });

  it('is of one subject, also where another is called by part of its name', async () => {
    const { store, scan } = boardState();
    await scan([named('a'), named('ab')]);
    await scan([named('ab')]);
    expect(historyOf(store, 'kv-front-desk/secret/ab')).toEqual([]);
  });
});
