import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/lib/kernel/clock.ts';
import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { refreshGrant } from '../../src/lib/refresh/refreshGrant.ts';
import type { PortCall } from '../fakes/refresh/fakeControlStore.ts';
import { runHealthy } from '../fakes/refresh/healthyRuns.ts';
import { refreshWorld, START_EPOCH_MS, storedTokenWorks, worldPorts } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';

const CLASSES: readonly RotationClass[] = [
  { kind: 'static' },
  { kind: 'keeps_old' },
  { kind: 'grace', graceSeconds: 30 },
  { kind: 'grace', graceSeconds: 600 },
  { kind: 'strict' },
];
const AROUND = ['control.renew', 'control.write', 'vault.write', 'watchdog.arm', 'connected'] as const;

/**
 * A laptop refreshes by hand and is suspended at one point; the deployed app goes on meanwhile. The clock
 * of the laptop stands still while it sleeps, as CLOCK_MONOTONIC does, and its wall clock does not.
 */
const suspendedAt = async (rotation: RotationClass, point: (typeof AROUND)[number], asleepMs: number) => {
  const world = refreshWorld(rotation);
  await runSolo(world);
  world.elapsedMs += 29 * 86_400_000;
  let sleptMs = 0;
  let hasSlept = false;
  const suspend = async () => {
    hasSlept = true;
    const fromMs = world.elapsedMs;
    world.elapsedMs += 61_000;
    await runHealthy(world, asleepMs);
    world.elapsedMs = Math.max(world.elapsedMs, fromMs + asleepMs);
    sleptMs += world.elapsedMs - fromMs;
  };
  const call: PortCall = async (name, effect) => {
    world.elapsedMs += 20;
    const result = effect();
    if (name === point && !hasSlept) await suspend();
    return result;
  };
  const clock: Clock = {
    nowEpochMs: () => START_EPOCH_MS + world.elapsedMs,
    monotonicMs: () => world.elapsedMs - sleptMs,
    sleep: async (ms) => {
      world.elapsedMs += ms;
    },
  };
  const ports = worldPorts(world, call, clock);
  const { grant, profile, server } = world;
  let sentAfterSleep = 0;
  const refresh: typeof ports.server.refresh = async (request) => {
    // The connection is made first; the request goes out only if it still may.
    if (point === 'connected' && !hasSlept) await suspend();
    if (request.mayStillSend?.() === false) return { kind: 'fenced' };
    if (hasSlept) sentAfterSleep++;
    return ports.server.refresh(request);
  };
  const outcome = await refreshGrant(
    { ...ports, server: { refresh } },
    { grant, profile, trigger: 'manual' },
  );
  await runHealthy(world, 3 * 3_600_000);
  return { outcome, sentAfterSleep, works: storedTokenWorks(world), familyKills: server.state.familyKills };
};

describe('a machine that is suspended in the middle of an attempt', () => {
  for (const rotation of CLASSES) {
    for (const point of AROUND) {
      const name = rotation.kind === 'grace' ? `grace ${rotation.graceSeconds} s` : rotation.kind;
      it(`loses nothing when it sleeps for hours at ${point} (${name})`, async () => {
        for (const asleepMs of [62_000, 20 * 60_000, 3 * 3_600_000]) {
          const { works, familyKills } = await suspendedAt(rotation, point, asleepMs);
          expect([asleepMs, works, familyKills]).toEqual([asleepMs, true, 0]);
        }
      });
    }
  }

  it('sends nothing when it wakes with the connection open and the lease over', async () => {
    const { outcome, sentAfterSleep } = await suspendedAt({ kind: 'strict' }, 'connected', 3 * 3_600_000);
    expect(sentAfterSleep).toBe(0);
    expect(outcome).toMatchObject({ kind: 'transient_failure', code: 'lease_lost' });
  });
});
