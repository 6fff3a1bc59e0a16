import { describe, expect, it } from 'vitest';
import { dailyInventory } from '../../../src/lib/usecases/dailyInventory.ts';
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
    await inventories.wasTold('a');
    expect((await inventories.whatIsDue(NOON))('a')).toBe(false);
  });

  it('takes a time that lies ahead for a wrong clock', async () => {
    const { inventories } = scene({ a: NOON + 60 * 24 * HOUR_MS });
    expect((await inventories.whatIsDue(AN_HOUR_AGO))('a')).toBe(true);
  });

  it('is noted only once telemetry has left', async () => {
    const { ledger, clock, telemetry } = scene();
    const flush = async () => ({ finished: false, undeliveredBatches: 1 });
    await dailyInventory({ ledger, clock, telemetry: { ...telemetry, flush } }, HOUR_UTC).wasTold('a');
    expect([...ledger.done]).toEqual([]);
    await dailyInventory({ ledger, clock, telemetry }, HOUR_UTC).wasTold('a');
    expect([...ledger.done]).toEqual([['a', NOON]]);
  });

  it('goes by the last tick where the ledger cannot be read, and says so', async () => {
    const { ledger, inventories, telemetry } = scene({ a: AN_HOUR_AGO });
    ledger.down = true;
    expect((await inventories.whatIsDue(YESTERDAY))('a')).toBe(true);
    expect((await inventories.whatIsDue(AN_HOUR_AGO))('a')).toBe(false);
    await inventories.wasTold('a');
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
    await inventories.wasTold('a');
    expect(telemetry.exceptions).toEqual([]);
  });
});
