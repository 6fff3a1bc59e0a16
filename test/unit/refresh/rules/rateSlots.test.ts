import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rateSlots, SLOT_OPEN_MS } from '../../../../src/lib/refresh/rules/rateSlots.ts';

const START = Date.parse('2026-11-22T12:20:00Z');
const WINDOW_MS = 600_000;
/** The lease, the proof that the vault can be written: less than half a minute. */
const LONGEST_WAY_MS = 29_000;

const openings = (maxPer10Minutes: number, fromEpochMs: number, periodMs: number): number[] =>
  [...rateSlots({ maxPer10Minutes, fromEpochMs, untilEpochMs: fromEpochMs + periodMs })].map(
    ({ opensAtEpochMs }) => opensAtEpochMs,
  );

const mostInWindow = (instants: readonly number[]): number =>
  Math.max(0, ...instants.map((from) => instants.filter((at) => at >= from && at < from + WINDOW_MS).length));

describe('the moments at which an endpoint may be asked', () => {
  it('keep its rate in every ten minutes, whatever the queue and the runs are like', () => {
    const late = fc.integer({ min: 0, max: SLOT_OPEN_MS + LONGEST_WAY_MS });
    const run = fc.record({
      rate: fc.integer({ min: 1, max: 60 }),
      periodMs: fc.integer({ min: 60_000, max: 900_000 }),
      startMs: fc.integer({ min: 0, max: 86_400_000 }),
      late: fc.array(late, { minLength: 1, maxLength: 50 }),
    });
    fc.assert(
      fc.property(run, ({ rate, periodMs, startMs, late: delays }) => {
        const asked = [0, 1, 2, 3]
          .flatMap((run) => openings(rate, START + startMs + run * periodMs, periodMs))
          .map((opensAtEpochMs, index) => opensAtEpochMs + (delays[index % delays.length] ?? 0));
        expect(mostInWindow(asked)).toBeLessThanOrEqual(rate);
      }),
    );
  });

  it('are the same for two hosts whose runs overlap', () => {
    const first = openings(60, START, 300_000);
    const second = openings(60, START + 7_000, 300_000);
    expect(second.slice(0, -1)).toEqual(first.slice(1));
  });

  it('come, however low the rate and short the run', () => {
    const hour = Array.from({ length: 12 }, (_, run) => openings(1, START + run * 300_000, 300_000)).flat();
    expect(hour).toHaveLength(5);
  });
});
