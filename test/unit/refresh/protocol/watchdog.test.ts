import { describe, expect, it } from 'vitest';
import { refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const HOUR_MS = 3_600_000;

describe('a watchdog that comes before its time', () => {
  for (const skewMs of [0, -HOUR_MS, HOUR_MS]) {
    it(`comes again inside the grace window, with a clock that is ${skewMs / HOUR_MS} hours ahead`, async () => {
      const world = refreshWorld({ kind: 'grace', graceSeconds: 60 });
      const { calls } = await runSolo(refreshWorld({ kind: 'grace', graceSeconds: 60 }));
      await runSolo(world, { crashAfterCalls: calls.indexOf('server.refresh') + 1 });
      world.elapsedMs += 16_000;
      world.watchdog.dueMs = [];
      world.sabotage = (ports) => ({
        ...ports,
        clock: { ...ports.clock, nowEpochMs: () => ports.clock.nowEpochMs() + skewMs },
      });
      const { outcome } = await runSolo(world, { trigger: 'watchdog' });
      expect(outcome).toMatchObject({ kind: 'ambiguous', code: 'interrupted' });
      // The intent was written at 0.2 s or so: its writer may be at work for 18 s from then on.
      expect(world.watchdog.dueMs).toEqual([expect.closeTo(18_800, -3)]);
      world.elapsedMs += 1_000;
      // It was reported, so this time it is only waited for.
      expect((await runSolo(world, { trigger: 'watchdog' })).outcome).toMatchObject({ kind: 'waiting' });
      expect(world.watchdog.dueMs).toEqual([expect.closeTo(18_800, -3), expect.closeTo(18_800, -3)]);
    });
  }
});
