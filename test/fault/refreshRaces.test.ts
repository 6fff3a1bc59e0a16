import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import { copyOf } from '../fakes/refresh/refreshWorld.ts';
import { exploreInterleavings } from './interleavings.ts';
import { dueAgain, exploreRaces } from './races.ts';
import { jumpsOf, STALLS_MS } from './stalls.ts';

/**
 * What is covered. Without a stall: every order of the port calls of two workers. With one worker
 * state still before or after any of its calls: the other one may start and end at any time, during
 * the stall too (`[stall, 1 ms]`), and once a worker that could go on is made to wait for the other
 * (`[stall]`, bound 1). `npm run soak` runs both with a bound of 2.
 */
describe('two workers on one grant', () => {
  for (const className of ['keeps_old', 'grace 30 s', 'strict'] as const) {
    it(`${className}: no order of their calls loses it`, async () => {
      const races = await exploreRaces({ className, jumpsMs: [] });
      expect(races.ends).toBeGreaterThan(1);
      expect(races).toMatchObject({ losses: [], familyKills: 0 });
    });

    for (const stallMs of STALLS_MS[className]) {
      for (const jumpsMs of jumpsOf(stallMs)) {
        const isDuring = jumpsMs.length === 2;
        const meanwhile = isDuring ? 'and the other works meanwhile' : 'and may be made to wait after that';
        const tags = className === 'strict' && stallMs === 61_000 && isDuring ? [] : ['exhaustive'];
        const title = `${className}: nor when one stands still for ${stallMs / 1000} s anywhere, ${meanwhile}`;
        it(title, { tags }, async () => {
          const races = await exploreRaces({ className, jumpsMs, maximumSwitches: isDuring ? 0 : 1 });
          expect(races.schedules).toBeGreaterThan(44);
          expect(races).toMatchObject({ losses: [], familyKills: 0 });
        });
      }
    }
  }

  const tags = ['exhaustive'];
  it('strict: state still past the last resort with the answer in hand is the one stall that loses it', {
    tags,
  }, async () => {
    const races = await exploreRaces({
      className: 'strict',
      jumpsMs: [70 * MINUTE_MS, 1],
      maximumSwitches: 0,
    });
    expect([...new Set(races.losses.map((where) => where.replace(/ call \d+/, '')))]).toEqual([
      'after (server.refresh)',
      'before (control.write)',
    ]);
  });

  it('goes on alike from states that are alike, so that each is followed once', async () => {
    const due = await dueAgain('strict');
    const endsOf = async (isEveryFollowed: boolean) => {
      const ends = new Set<string>();
      const { schedules } = await exploreInterleavings({
        start: () => copyOf(due),
        stall: { point: { call: 9, where: 'after' }, jumpsMs: [61_000] },
        maximumSwitches: 2,
        isEveryFollowed,
        judge: async ({ server, control, vault, fallback, watchdog, elapsedMs }, stoodAt) =>
          void ends.add(
            JSON.stringify([stoodAt, server.snapshot(), control, vault, fallback, watchdog, elapsedMs]),
          ),
      });
      return { ends, schedules };
    };
    const [few, every] = [await endsOf(false), await endsOf(true)];
    expect(few.ends).toEqual(every.ends);
    expect(few.schedules).toBeLessThan(every.schedules);
  });
}, 600_000);
