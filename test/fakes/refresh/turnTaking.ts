import type { Clock } from '../../../src/lib/kernel/clock.ts';
import type { RefreshPorts } from '../../../src/lib/refresh/ports.ts';
import { numbered } from '../oncePer.ts';
import { type RefreshWorld, wallNow, worldPorts } from './refreshWorld.ts';

/** A port call that a worker wants to make, or a result that it has not seen yet. */
interface Turn {
  readonly name: string;
  readonly take: () => void;
}

/** A worker whose every port call waits until the test lets it go on. */
export interface TurnTaker {
  readonly ports: RefreshPorts;
  /** Calls that wait, oldest first. */
  readonly waiting: Turn[];
  /** The number of what it has seen so far: with the shared stores, this is all of its state. */
  trace: number;
  /** When its sleep ends, in the world's elapsed time. */
  wakeAtMs: number | undefined;
  wake: (() => void) | undefined;
  calls: number;
  /** Since when its machine is suspended, in the world's elapsed time; absent: it is not. */
  suspendedAtMs: number | undefined;
  /** How long its monotonic clock stood still before that. */
  sleptMs: number;
  /** Where it stood still, for people; absent: it did not get there. */
  stoodAt: string | undefined;
}

/** Where a worker stands still: before the effect of a call, or before it sees the result. */
export interface StallPoint {
  readonly call: number;
  readonly where: 'before' | 'after';
}

/** The number of what was seen so far, of which the last is told in words. */
export type TraceOf = (before: number, last: () => string) => number;

/** Two workers get one number if they have seen the same, in the same order, and only then. */
export const numberedTraces = (): TraceOf => {
  const numberOf = numbered();
  return (before, last) => numberOf(`${before} ${last()}`);
};

/**
 * A worker under the test's control. `isStalled` is asked at each stall point and keeps the worker's
 * turn back while it is true; time is the world's and moves only when the test moves it.
 */
export const turnTaker = (
  world: RefreshWorld,
  name: string,
  { stall, traceOf = () => 0 }: { readonly stall?: StallPoint | undefined; readonly traceOf?: TraceOf } = {},
): TurnTaker => {
  let ids = 0;
  const clock: Clock = {
    nowEpochMs: () => wallNow(world),
    monotonicMs: () => (taker.suspendedAtMs ?? world.elapsedMs) - taker.sleptMs,
    sleep: (ms) =>
      new Promise((resolve) => {
        taker.wakeAtMs = world.elapsedMs + ms;
        taker.wake = () => {
          taker.wakeAtMs = undefined;
          taker.wake = undefined;
          resolve();
        };
      }),
  };
  const call = <T>(callName: string, effect: () => T): Promise<T> =>
    new Promise((resolve) => {
      const index = taker.calls++;
      if (stall?.call === index) taker.stoodAt = `${stall.where} call ${index} (${callName})`;
      const deliver = (result: T) => {
        taker.trace = traceOf(taker.trace, () => `${callName}@${world.elapsedMs}=${JSON.stringify(result)}`);
        resolve(result);
      };
      const act = () => {
        const result = effect();
        if (stall?.call !== index || stall.where !== 'after') return deliver(result);
        taker.waiting.push({ name: `STALL after ${callName}`, take: () => deliver(result) });
      };
      const stallsHere = stall?.call === index && stall.where === 'before';
      taker.waiting.push({ name: stallsHere ? `STALL before ${callName}` : callName, take: act });
    });
  const taker: TurnTaker = {
    ports: worldPorts(world, call, clock, () => `${name}-${++ids}`),
    waiting: [],
    trace: 0,
    wakeAtMs: undefined,
    wake: undefined,
    calls: 0,
    suspendedAtMs: undefined,
    sleptMs: 0,
    stoodAt: undefined,
  };
  return taker;
};

/** The machine of a worker is suspended, or wakes: what it waits for, it waits for that much longer. */
export const suspendOrWake = (taker: TurnTaker, world: Pick<RefreshWorld, 'elapsedMs'>): void => {
  if (taker.suspendedAtMs === undefined) {
    taker.suspendedAtMs = world.elapsedMs;
    return;
  }
  const asleepMs = world.elapsedMs - taker.suspendedAtMs;
  taker.suspendedAtMs = undefined;
  taker.sleptMs += asleepMs;
  if (taker.wakeAtMs !== undefined) taker.wakeAtMs += asleepMs;
};

/** Resolves when every promise that can go on has gone on. */
export const quiet = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
