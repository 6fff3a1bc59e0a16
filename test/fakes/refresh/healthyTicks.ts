import { refreshDueGrants } from '../../../src/lib/refresh/refreshDueGrants.ts';
import { type RefreshWorld, wallNow, worldPorts } from './refreshWorld.ts';
import { runSolo } from './soloWorker.ts';

const TICK_MS = 5 * 60_000;

/** Ends every outage: from here on all stores and the network work. */
export const endOutages = (world: RefreshWorld): void => {
  world.vault.down = false;
  world.control.down = false;
  world.orphans.down = false;
  world.watchdog.down = false;
  world.network.requestsToFault = 0;
};

/**
 * Lets the app run on in good health: watchdog messages when they fall due, and a timer round every
 * 5 minutes that hands grants to fresh workers. The production timer decides, not the test.
 */
export const runHealthy = async (world: RefreshWorld, forMs: number): Promise<void> => {
  endOutages(world);
  const startMs = world.elapsedMs;
  const endMs = startMs + forMs;
  let tickMs = world.elapsedMs + TICK_MS;
  while (world.elapsedMs < endMs) {
    if (world.elapsedMs >= startMs + 2 * TICK_MS && isAtRest(world)) return;
    const watchdogMs = Math.min(...world.watchdog.dueMs, Number.POSITIVE_INFINITY);
    world.elapsedMs = Math.max(world.elapsedMs, Math.min(watchdogMs, tickMs, endMs));
    if (watchdogMs <= tickMs) {
      world.watchdog.dueMs.splice(world.watchdog.dueMs.indexOf(watchdogMs), 1);
      await runSolo(world, { trigger: 'watchdog' });
    } else {
      await runTick(world);
      tickMs = world.elapsedMs + TICK_MS;
    }
  }
};

/** One round of the timer, and the messages that it sent. */
export const runTick = async (world: RefreshWorld): Promise<void> => {
  const call = async <T>(_name: string, effect: () => T): Promise<T> => effect();
  const ports = worldPorts(world, call, {
    nowEpochMs: () => wallNow(world),
    monotonicMs: () => world.elapsedMs - world.sleptMs,
    sleep: async () => undefined,
  });
  const { grant, profile } = world;
  const summary = await refreshDueGrants(
    { ...ports, dispatch: { send: async () => ({ ok: true }) } },
    { grants: [{ grant, profile }], periodSeconds: TICK_MS / 1000 },
  );
  for (const { trigger } of summary.sent) await runSolo(world, { trigger });
};

/** Nothing is under way and nothing will come by itself: more ticks would find nothing to do. */
const isAtRest = (world: RefreshWorld): boolean =>
  world.watchdog.dueMs.length === 0 &&
  /"state": "(idle|dead)"/.test(world.control.body ?? '') &&
  !/"consecutive": [1-9]/.test(world.control.body ?? '');
