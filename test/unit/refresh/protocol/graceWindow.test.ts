import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import { refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, changeAnswers, failRequests, recordOf } from '../../../fakes/refresh/worldEvents.ts';

/**
 * A lost answer, and a machine that is suspended before the lease is renewed for the repetition: its monotonic
 * clock stands still meanwhile, and nobody else takes the lease.
 */
const repeatedAfter = async (graceSeconds: number, asleepMs: number) => {
  const world = refreshWorld({ kind: 'grace', graceSeconds });
  await runSolo(world);
  world.elapsedMs += 50 * 86_400_000;
  failRequests(world, 'answer_lost');
  changeAnswers(world, (answer) => {
    if (world.sleptMs === 0) {
      world.elapsedMs += asleepMs;
      world.sleptMs = asleepMs;
    }
    return answer;
  });
  await runSolo(world);
  const { familyKills } = world.server.state;
  await runHealthy(world, 3 * 3_600_000);
  return { familyKills, works: storedTokenWorks(world) };
};

describe('a request that is repeated inside the grace window', () => {
  it('is not sent by a machine that slept until the window was over', async () => {
    for (const [graceSeconds, asleepMs] of [
      [30, 31_000],
      [130, 131_000],
      [600, 601_000],
    ] as const)
      expect((await repeatedAfter(graceSeconds, asleepMs)).familyKills).toBe(0);
  });

  it('is sent while the window is open', async () => {
    for (const [graceSeconds, asleepMs] of [
      [30, 2_000],
      [600, 30_000],
    ] as const)
      expect(await repeatedAfter(graceSeconds, asleepMs)).toEqual({ familyKills: 0, works: true });
  });
});

describe('an attempt that is made again inside the grace window', () => {
  it('is not sent once proving that the vault can be written has taken the rest of the window', async () => {
    for (const graceSeconds of [130, 600]) {
      const world = refreshWorld({ kind: 'grace', graceSeconds });
      await runSolo(world);
      world.elapsedMs += 50 * 86_400_000;
      await crashBehind(world, 'server.refresh');
      const { requests } = world.server.state;
      world.elapsedMs += (graceSeconds - 15) * 1000;
      const beforeCall = (_: number, name: string) => {
        if (name === 'vault.updateProperties') world.elapsedMs += 30_000;
      };
      await runSolo(world, { beforeCall });
      expect(world.server.state).toMatchObject({ requests, familyKills: 0 });
    }
  });
});

describe('a watchdog that comes before its time', () => {
  for (const skewMs of [0, -HOUR_MS, HOUR_MS]) {
    it(`comes again inside the grace window, with a clock that is ${skewMs / HOUR_MS} hours ahead`, async () => {
      const world = refreshWorld({ kind: 'grace', graceSeconds: 60 });
      await crashBehind(world, 'server.refresh');
      world.elapsedMs += 16_000;
      world.watchdog.dueMs = [];
      breakPort(world, 'clock', (clock) => ({ nowEpochMs: () => clock.nowEpochMs() + skewMs }));
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

describe('the sequence number of an attempt', () => {
  it.each(['answer_lost', 'request_lost'] as const)(
    'is never that of an earlier one, whose token may still turn up under it (%s)',
    async (fault) => {
      // An hour of grace: the same token may be sent again while nobody knows what became of the first answer.
      const world = refreshWorld({ kind: 'grace', graceSeconds: 3600 });
      failRequests(world, fault, 100);
      const phases: unknown[] = [];
      for (let attempt = 0; attempt < 3; attempt++) {
        await runSolo(world, { trigger: 'watchdog' });
        phases.push(recordOf(world).phase);
        world.elapsedMs += 5 * 60_000;
      }
      expect(phases).toMatchObject([2, 3, 4].map((nextSeq) => ({ state: 'intent', nextSeq })));
    },
  );
});
