import { refreshGrant } from '../../src/lib/refresh/refreshGrant.ts';
import type { RefreshWorld } from '../fakes/refresh/refreshWorld.ts';
import {
  numberedTraces,
  quiet,
  type StallPoint,
  type TraceOf,
  type TurnTaker,
  turnTaker,
} from '../fakes/refresh/turnTaking.ts';

export interface Exploration {
  /** Builds the state in which both workers start. */
  readonly start: () => RefreshWorld;
  /** Where the first worker stands still, and how time passes meanwhile: one jump after the other. */
  readonly stall: { readonly point: StallPoint; readonly jumpsMs: readonly number[] } | undefined;
  /**
   * How often a worker that could go on is made to wait for the other; absent: without bound. Time that
   * passes, waking up, and going on after the other has ended or stands still are free.
   */
  readonly maximumSwitches?: number | undefined;
  /** Called with each different end state once both workers are done, and where the first stood still. */
  readonly judge: (world: RefreshWorld, stoodAt: string) => Promise<void>;
  /** A state that was seen before is followed again, which a test compares. */
  readonly isEveryFollowed?: boolean | undefined;
}

export interface Explored {
  /** Times that the production code was run from the start along some order of calls. */
  readonly schedules: number;
  /** Different states at which a choice was made, or one worker was left. */
  readonly states: number;
  /** Different end states judged. */
  readonly ends: number;
  /** Whether the first worker got to where it is to stand still. */
  readonly isStallReached: boolean;
}

/** An order of calls up to a choice, and what the workers had seen before it. */
interface Prefix {
  readonly path: readonly number[];
  readonly traces: readonly number[];
}

/** How often a sleeping worker may be woken while another could go on; beyond that it sleeps until none can. */
const FREE_WAKES = 2;

/**
 * Runs two workers in every order of their port calls. The production code cannot be copied half-way, so
 * each order is replayed from the start; a state that was seen before (same stores, same clock, same
 * results seen by each worker) is not followed again, because what comes after it is the same. It is looked for where
 * there is a choice, and where workers may be switched once one is left: most orders then differ in when the other one
 * came and went.
 *
 * Calls of one worker that are under way together (leased and vault) take effect in the order in which
 * they were made; the crash table runs the other order.
 */
export const exploreInterleavings = async ({
  start,
  stall,
  maximumSwitches,
  judge,
  isEveryFollowed = false,
}: Exploration): Promise<Explored> => {
  const seen = new Set<string>();
  const ends = new Set<string>();
  const numberOf = numberedTraces();
  let isReplay = false;
  const traceOf: TraceOf = (before, last) => (isReplay ? before : numberOf(before, last));
  const todo: Prefix[] = [{ path: [], traces: [] }];
  let schedules = 0;
  let isStallReached = false;
  for (let prefix = todo.pop(); prefix !== undefined; prefix = todo.pop()) {
    schedules++;
    const world = start();
    const { path: replayed, traces } = prefix;
    isReplay = replayed.length > 0;
    const run = startWorkers(world, stall, traceOf, maximumSwitches);
    const path = [...replayed];
    for (let depth = 0; ; depth++) {
      await quiet();
      const options = run.options();
      if (options.length === 0) {
        const key = run.key();
        if (!ends.has(key)) {
          ends.add(key);
          await judge(world, run.takers[0]?.stoodAt ?? 'nowhere');
        }
        break;
      }
      if (isReplay && depth === replayed.length - 1) {
        isReplay = false;
        for (const [index, taker] of run.takers.entries()) taker.trace = traces[index] ?? 0;
      }
      let choice = replayed[depth];
      if (choice === undefined) {
        if (options.length > 1 || (run.isOneLeft() && maximumSwitches !== 0)) {
          const key = run.key();
          if (seen.has(key) && !isEveryFollowed) break;
          seen.add(key);
          const traces = run.takers.map(({ trace }) => trace);
          for (let other = 1; other < options.length; other++) todo.push({ path: [...path, other], traces });
        }
        choice = 0;
        path.push(choice);
      }
      options[choice]?.();
    }
    isStallReached ||= run.takers[0]?.stoodAt !== undefined;
  }
  return { schedules, states: seen.size, ends: ends.size, isStallReached };
};

const startWorkers = (
  world: RefreshWorld,
  stall: Exploration['stall'],
  traceOf: TraceOf,
  maximumSwitches = Number.POSITIVE_INFINITY,
) => {
  const takers = [
    turnTaker(world, 'a', { stall: stall?.point, traceOf }),
    turnTaker(world, 'b', { traceOf }),
  ];
  const { grant, profile } = world;
  for (const taker of takers) void refreshGrant(taker.ports, { grant, profile, trigger: 'due' });
  const jumps = [...(stall?.jumpsMs ?? [])];
  let freeWakes = FREE_WAKES;
  let switchesLeft = maximumSwitches;
  let last: TurnTaker | undefined;

  const isStalled = (taker: TurnTaker) =>
    taker.waiting[0]?.name.startsWith('STALL') === true && jumps.length > 0;
  const passTime = () => {
    world.elapsedMs += jumps.shift() ?? 0;
  };
  const options = (): (() => void)[] => {
    const ready = takers.filter((taker) => taker.waiting.length > 0 && !isStalled(taker));
    const isPreemption = (taker: TurnTaker) => last !== undefined && taker !== last && ready.includes(last);
    const turns = ready
      .filter((taker) => switchesLeft > 0 || !isPreemption(taker))
      .map((taker) => () => {
        if (isPreemption(taker)) switchesLeft--;
        last = taker;
        taker.waiting.shift()?.take();
      });
    const jump = takers.some(isStalled) ? [passTime] : [];
    const sleeper = takers
      .filter(({ wakeAtMs }) => wakeAtMs !== undefined)
      .sort((a, b) => (a.wakeAtMs ?? 0) - (b.wakeAtMs ?? 0))[0];
    const mayWake = sleeper !== undefined && (freeWakes > 0 || turns.length + jump.length === 0);
    const wake = mayWake
      ? [
          () => {
            if (turns.length + jump.length > 0) freeWakes--;
            world.elapsedMs = Math.max(world.elapsedMs, sleeper.wakeAtMs ?? 0);
            sleeper.wake?.();
          },
        ]
      : [];
    return [...turns, ...jump, ...wake];
  };
  const isOneLeft = () =>
    takers.some(({ waiting, wakeAtMs }) => waiting.length === 0 && wakeAtMs === undefined);
  const key = () =>
    JSON.stringify([
      world.server.snapshot(),
      world.control,
      world.vault.versions,
      world.fallback.items,
      world.watchdog.dueMs,
      world.elapsedMs,
      jumps.length,
      freeWakes,
      // Of one that is left nobody takes the turn.
      isOneLeft() || [switchesLeft, last && takers.indexOf(last)].filter(Number.isFinite),
      takers.map(({ trace, waiting, wakeAtMs }) => [trace, waiting.map(({ name }) => name), wakeAtMs]),
    ]);
  return { takers, options, isOneLeft, key };
};
