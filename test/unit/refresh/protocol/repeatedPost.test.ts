import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../../src/lib/kernel/clock.ts';
import { refreshGrant } from '../../../../src/lib/refresh/refreshGrant.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import {
  refreshWorld,
  START_EPOCH_MS,
  storedTokenWorks,
  worldPorts,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

/**
 * A lost answer, and a machine that is suspended before the lease is renewed for the repetition: its monotonic
 * clock stands still meanwhile, and nobody else takes the lease.
 */
const repeatedAfter = async (graceSeconds: number, asleepMs: number) => {
  const world = refreshWorld({ kind: 'grace', graceSeconds });
  await runSolo(world);
  world.elapsedMs += 50 * 86_400_000;
  world.network.fault = 'answer_lost';
  world.network.requestsToFault = 1;
  let sleptMs = 0;
  const clock: Clock = {
    nowEpochMs: () => START_EPOCH_MS + world.elapsedMs,
    monotonicMs: () => world.elapsedMs - sleptMs,
    sleep: async (ms) => {
      world.elapsedMs += ms;
    },
  };
  const ports = worldPorts(
    world,
    async (name, effect) => {
      const result = effect();
      if (name === 'server.refresh' && sleptMs === 0) {
        world.elapsedMs += asleepMs;
        sleptMs += asleepMs;
      }
      return result;
    },
    clock,
  );
  await refreshGrant(ports, { grant: world.grant, profile: world.profile, trigger: 'due' });
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
      const twin = refreshWorld({ kind: 'grace', graceSeconds });
      await runSolo(twin);
      twin.elapsedMs = world.elapsedMs;
      const { calls } = await runSolo(twin);
      await runSolo(world, { crashAfterCalls: calls.indexOf('server.refresh') + 1 });
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
