import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import type { RefreshPorts } from '../../src/lib/refresh/ports.ts';
import { refreshGrant } from '../../src/lib/refresh/refreshGrant.ts';
import { endOutages, runHealthy } from '../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import { runSolo, type SoloRun } from '../fakes/refresh/soloWorker.ts';
import { portsAtOnce } from '../fakes/refresh/worldEvents.ts';
import { CLASSES, type ClassName } from './crashTable.ts';

/** A worker that is told to end at each step of an attempt, as a deployment tells it. */
const SPENDING = 'server.refresh';
const classNames = Object.keys(CLASSES) as ClassName[];

const begin = async (className: ClassName, later: boolean): Promise<RefreshWorld> => {
  const world = refreshWorld(CLASSES[className]);
  if (!later) return world;
  await runSolo(world);
  world.elapsedMs += 46 * DAY_MS;
  world.watchdog.dueMs = [];
  return world;
};

interface Stopped {
  readonly world: RefreshWorld;
  readonly run: SoloRun;
  /** Requests to the token endpoint that this worker made. */
  readonly requests: number;
  readonly point: number;
}

/** Runs one worker for each call of an attempt and tells it to end there. */
const stopEverywhere = async (
  className: ClassName,
  later: boolean,
  breakStores: (world: RefreshWorld, name: string) => void = () => undefined,
): Promise<{ readonly runs: readonly Stopped[]; readonly spendsAt: number }> => {
  const { calls } = await runSolo(await begin(className, later));
  const runs: Stopped[] = [];
  for (let point = 0; point < calls.length; point++) {
    const world = await begin(className, later);
    const before = world.server.state.requests;
    const beforeCall = (_index: number, name: string) => breakStores(world, name);
    const run = await runSolo(world, { stopBeforeCall: point, beforeCall });
    runs.push({ world, run, requests: world.server.state.requests - before, point });
  }
  return { runs, spendsAt: calls.indexOf(SPENDING) };
};

describe.each(classNames)('a process that is told to end, at a provider of class %s', (className) => {
  it.each([false, true])('sends no token from then on (later refresh: %s)', async (later) => {
    const { runs, spendsAt } = await stopEverywhere(className, later);
    expect(spendsAt).toBeGreaterThan(3);
    for (const { run, requests, point } of runs) {
      // Reported while it connects, it sends nothing either.
      const wasSent = point > spendsAt;
      expect([point, requests, run.outcome]).toMatchObject([
        point,
        wasSent ? 1 : 0,
        { kind: wasSent ? 'refreshed' : 'stopped' },
      ]);
    }
  });

  it.each([false, true])('leaves nothing that another has to wait for (later refresh: %s)', async (later) => {
    const { runs } = await stopEverywhere(className, later);
    for (const { world } of runs) {
      expect(storedTokenWorks(world)).toBe(true);
      expect(world.telemetry.failures).toEqual([]);
      // The next worker, at once: no hour of waiting for an attempt whose end nobody knows.
      const next = await runSolo(world, { trigger: 'manual' });
      expect(next.outcome).toMatchObject({ kind: 'refreshed' });
      expect(storedTokenWorks(world)).toBe(true);
    }
  });

  it('stores what was answered although the stores refuse it at first', async () => {
    const { runs } = await stopEverywhere(className, true, (world, name) => {
      if (name === SPENDING) world.vault.down = true;
      if (name === 'fallback.put') endOutages(world);
    });
    for (const { world } of runs) {
      endOutages(world);
      await runHealthy(world, 90 * 60_000);
      expect(storedTokenWorks(world)).toBe(true);
    }
  });
});

it.each(classNames)('sends nothing where it was reported while it connected (%s)', async (className) => {
  const world = await begin(className, true);
  const stop = new AbortController();
  const ports = portsAtOnce(world);
  const connecting: RefreshPorts['server'] = {
    async refresh(call) {
      stop.abort();
      return call.mayStillSend?.() === false ? { kind: 'fenced' } : ports.server.refresh(call);
    },
  };
  const before = world.server.state.requests;
  const { grant, profile } = world;
  const request = { grant, profile, trigger: 'due', stop: stop.signal } as const;
  expect(await refreshGrant({ ...ports, server: connecting }, request)).toEqual({ kind: 'stopped' });
  expect(world.server.state.requests).toBe(before);
  expect(await runSolo(world, { trigger: 'manual' })).toMatchObject({ outcome: { kind: 'refreshed' } });
});

it('has the watchdog of a grace period come again, for an instance that stays', async () => {
  const world = await begin('grace 30 s', false);
  const { calls } = await runSolo(world);
  const point = calls.indexOf(SPENDING);
  const crashed = await begin('grace 30 s', false);
  crashed.network.fault = 'answer_lost';
  crashed.network.requestsToFault = 1;
  await runSolo(crashed, { crashAfterCalls: point + 1 });
  crashed.watchdog.dueMs = [];
  crashed.elapsedMs += 18_500;
  const stopped = await runSolo(crashed, { trigger: 'watchdog', stopBeforeCall: 0 });
  expect(stopped.outcome).toEqual({ kind: 'stopped' });
  expect(crashed.watchdog.dueMs).toHaveLength(1);
  await runHealthy(crashed, 20 * 60_000);
  expect(storedTokenWorks(crashed)).toBe(true);
});
