import { describe, expect, it } from 'vitest';
import { dailyInventory } from '../../../src/lib/scan/dailyInventory.ts';
import { fakeRoundLedger } from '../../fakes/fakeRoundLedger.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const HOUR_MS = 3_600_000;
const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR_UTC = 5;
const AN_HOUR_AGO = NOON - HOUR_MS;
const YESTERDAY = NOON - 24 * HOUR_MS;

const scene = (done: Readonly<Record<string, number>> = {}) => {
  const ledger = fakeRoundLedger(done);
  const telemetry = recordingTelemetry();
  const clock = manualClock(NOON);
  return { ledger, telemetry, clock, inventories: dailyInventory({ ledger, telemetry, clock }, HOUR_UTC) };
};

describe('the daily inventory', () => {
  it('is due for each subject on its own, until that one was told', async () => {
    const { inventories } = scene({ a: AN_HOUR_AGO, b: YESTERDAY });
    const isDue = await inventories.whatIsDue(AN_HOUR_AGO);
    expect(['a', 'b', 'new'].filter(isDue)).toEqual(['b', 'new']);
  });

  it('is not lost with a tick: the next one asks again', async () => {
    const { inventories, clock } = scene({ a: YESTERDAY });
    expect((await inventories.whatIsDue(YESTERDAY))('a')).toBe(true);
    await clock.advance(HOUR_MS);
    expect((await inventories.whatIsDue(NOON))('a')).toBe(true);
    await (await inventories.startTelling('a'))('all');
    expect((await inventories.whatIsDue(NOON))('a')).toBe(false);
  });

  it('that breaks off every time is told eight times a day, not at every tick; others are not held up', async () => {
    const { inventories, clock } = scene({ a: YESTERDAY });
    let tries = 0;
    for (let hour = 0; hour < 24; hour++) {
      const isDue = await inventories.whatIsDue(clock.nowEpochMs() - HOUR_MS);
      expect(isDue('new')).toBe(true);
      if (isDue('a')) {
        tries += 1;
        const ended = await inventories.startTelling('a');
        await clock.advance(60_000);
        await ended('some');
      }
      await clock.advance(HOUR_MS - (isDue('a') ? 60_000 : 0));
    }
    expect(tries).toBe(8);
  });

  it('of which nothing could be told costs nothing, and is tried at the next tick', async () => {
    const { inventories, ledger } = scene({ a: YESTERDAY });
    await (await inventories.startTelling('a'))('nothing');
    expect((await inventories.whatIsDue(NOON))('a')).toBe(true);
    expect([...ledger.done.keys()]).toEqual(['a']);
  });

  it('takes a time that lies ahead for a wrong clock', async () => {
    const { inventories } = scene({ a: NOON + 60 * 24 * HOUR_MS });
    expect((await inventories.whatIsDue(AN_HOUR_AGO))('a')).toBe(true);
  });

  it.each([
    ['is still under way', [{ finished: true }, { finished: false }], false],
    ['was refused', [{ undeliveredBatches: 2 }, { undeliveredBatches: 3 }], false],
    ['was refused before, and is taken now', [{ undeliveredBatches: 3 }, { undeliveredBatches: 3 }], true],
  ] as const)('is noted only where telemetry has left: it %s', async (_what, outcomes, isNoted) => {
    const { ledger, clock, telemetry } = scene();
    let call = 0;
    const flush = async () => ({ finished: true, undeliveredBatches: 0, ...outcomes[call++] });
    const inventories = dailyInventory({ ledger, clock, telemetry: { ...telemetry, flush } }, HOUR_UTC);
    await (await inventories.startTelling('a'))('all');
    expect(ledger.done.get('a')).toBe(isNoted ? NOON : undefined);
  });

  it('goes by the last tick where the ledger cannot be read, and says so', async () => {
    const { ledger, inventories, telemetry } = scene({ a: AN_HOUR_AGO });
    ledger.down = true;
    expect((await inventories.whatIsDue(YESTERDAY))('a')).toBe(true);
    expect((await inventories.whatIsDue(AN_HOUR_AGO))('a')).toBe(false);
    await (await inventories.startTelling('a'))('all');
    expect(telemetry.exceptions).toHaveLength(3);
    expect(telemetry.exceptions).toMatchObject([
      {
        code: 'ledger_unavailable',
        permanence: 'transient',
        action: expect.stringContaining('control container'),
      },
      {},
      {},
    ]);
  });

  it('goes by the last tick, in silence, where there is no ledger', async () => {
    const { telemetry, clock } = scene();
    const inventories = dailyInventory({ ledger: undefined, telemetry, clock }, HOUR_UTC);
    expect((await inventories.whatIsDue(YESTERDAY))('a')).toBe(true);
    expect((await inventories.whatIsDue(AN_HOUR_AGO))('a')).toBe(false);
    await (await inventories.startTelling('a'))('all');
    expect(telemetry.exceptions).toEqual([]);
  });
});
