import { expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { failure } from '../fakes/refresh/fakeControlStore.ts';
import { runHealthy } from '../fakes/refresh/healthyRuns.ts';
import {
  copyOf,
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  wallNow,
} from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { portsAtOnce } from '../fakes/refresh/worldEvents.ts';
import { CLASSES, type ClassName, tagsOf } from './crashTable.ts';
import { isKept } from './keptTokens.ts';

const TIMEOUT_MS = 10_000;
const STORES = ['control', 'vault', 'fallback', 'server'] as const;
const WRITES = ['write', 'updateProperties', 'disableVersion'];
const never = new Promise<never>(() => {});

interface LateWrite {
  /** Which write of the attempt it is. */
  readonly which: number;
  /** Its worker ends with it under way; else it hears that the write may have landed. */
  readonly ends: boolean;
  /** Before which of the calls after it, of any worker, it lands; the last: when all is at rest. */
  readonly landsBefore: number;
}

type Calls = Readonly<Record<string, (...given: unknown[]) => Promise<unknown>>>;

/** Undefined: the attempt makes no such write. */
const runLate = async (start: RefreshWorld, { which, ends, landsBefore }: LateWrite) => {
  const world = copyOf(start);
  const clock = { nowEpochMs: () => wallNow(world), monotonicMs: () => world.elapsedMs, sleep: () => never };
  const atOnce = portsAtOnce(world, clock);
  const ended = Promise.withResolvers<void>();
  let writes = 0;
  let callsSince = 0;
  let land: (() => unknown) | undefined;
  const landNow = () => {
    land?.();
    land = undefined;
  };
  world.sabotage = (ports) => {
    let hasEnded = false;
    const through = (store: (typeof STORES)[number]) => {
      const later = atOnce[store] as unknown as Calls;
      const calls = Object.entries(ports[store] as unknown as Calls).map(([method, run]) => {
        const call: Calls[string] = async (...given) => {
          if (hasEnded) return never;
          if (land !== undefined && callsSince++ === landsBefore) landNow();
          if (!WRITES.includes(method) || writes++ !== which) return run(...given);
          land = () => later[method]?.(...given);
          world.elapsedMs += TIMEOUT_MS;
          if (!ends) return failure(store === 'vault' ? store : 'control', 'unavailable', true);
          hasEnded = true;
          ended.resolve();
          return never;
        };
        return [method, call];
      });
      return Object.fromEntries(calls);
    };
    return { ...ports, ...Object.fromEntries(STORES.map((store) => [store, through(store)])) };
  };
  await Promise.race([runSolo(world), ended.promise]);
  if (writes <= which) return undefined;
  const isUnkept = world.server.state.issued.some((token) => !isKept(world, token));
  await runHealthy(world, 90 * 60_000);
  const isLast = land !== undefined;
  landNow();
  // The vault is compared with the record once a day.
  world.elapsedMs += DAY_MS;
  await runHealthy(world, 30 * 60_000);
  const isTold = world.telemetry.failures.length > 0;
  return { isLast, mayBeLost: ends && isUnkept && isTold, works: storedTokenWorks(world) };
};

for (const className of Object.keys(CLASSES) as ClassName[])
  it(`${className}: a write that lands long after its worker gave up on it, or ended, costs no token that a store had`, {
    tags: tagsOf(className),
  }, async () => {
    const start = refreshWorld(CLASSES[className]);
    await runSolo(start);
    start.elapsedMs += 46 * DAY_MS;
    start.watchdog.dueMs = [];
    const lost: LateWrite[] = [];
    let runs = 0;
    for (const ends of [true, false])
      for (let which = 0, isThere = true; isThere; which++)
        for (let landsBefore = 0, isLast = false; isThere && !isLast; landsBefore++) {
          const run = await runLate(start, { which, ends, landsBefore });
          isThere = run !== undefined;
          if (run === undefined) continue;
          runs++;
          isLast = run.isLast;
          if (!run.works && !run.mayBeLost) lost.push({ which, ends, landsBefore });
        }
    expect(lost).toEqual([]);
    expect(runs).toBeGreaterThan(50);
  });
