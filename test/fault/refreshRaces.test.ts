import { describe, expect, it } from 'vitest';
import { exploreRaces } from './races.ts';

const MINUTE_MS = 60_000;

/**
 * What is covered. Without a stall: every order of the port calls of two workers. With one worker
 * standing still before or after any of its calls: the other one may start and end at any time, during
 * the stall too (`[stall, 1 ms]`), and once a worker that could go on is made to wait for the other
 * (`[stall]`, bound 1). `npm run soak` runs both with a bound of 2.
 */
const isSoak = process.env['SOAK_WIDE'] === '1';

const stalls = {
  keeps_old: [61_000],
  'grace 30 s': [61_000],
  strict: [30_000, 61_000, 200_000],
} as const;

describe('two workers on one grant', () => {
  for (const className of ['keeps_old', 'grace 30 s', 'strict'] as const) {
    it(`${className}: no order of their calls loses it`, async () => {
      const races = await exploreRaces(className, [], undefined);
      expect(races.ends).toBeGreaterThan(1);
      expect(races).toMatchObject({ losses: [], familyKills: 0 });
    });

    for (const stallMs of stalls[className]) {
      it(`${className}: nor when one stands still for ${stallMs / 1000} s anywhere`, async () => {
        for (const [jumpsMs, bound] of [[[stallMs], 1] as const, [[stallMs, 1], 0] as const]) {
          const races = await exploreRaces(className, jumpsMs, isSoak ? 2 : bound);
          expect(races.schedules).toBeGreaterThan(44);
          expect(races).toMatchObject({ losses: [], familyKills: 0 });
        }
      });
    }
  }

  it('strict: standing still past the last resort with the answer in hand is the one stall that loses it', async () => {
    const races = await exploreRaces('strict', [70 * MINUTE_MS, 1], 0);
    expect([...new Set(races.losses.map((where) => where.replace(/ call \d+/, '')))]).toEqual([
      'after (server.refresh)',
      'before (control.write)',
    ]);
  });
}, 600_000);
