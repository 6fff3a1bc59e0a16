import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../lib/kernel/clock.ts';

/** The time on this machine, ahead by as much as it was moved. */
export interface LocalClock extends Clock {
  /** Moves wall-clock time forward; whoever sleeps until then wakes. Never back. */
  moveForward(ms: number): void;
  /** How far it is ahead of the machine's own clock. */
  aheadMs(): number;
}

/**
 * A clock that can be moved into the future, to see what expires. Only what asks it is moved: Azurite, the
 * SDK clients and durations keep to the machine's own time.
 */
export const createLocalClock = (aheadMs = 0): LocalClock => {
  let offsetMs = aheadMs;
  const sleepers = new Set<() => void>();
  const nowEpochMs = () => Date.now() + offsetMs;

  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const wakeAtEpochMs = nowEpochMs() + ms;
    for (let leftMs = ms; leftMs > 0; leftMs = wakeAtEpochMs - nowEpochMs()) {
      const moved = new AbortController();
      const wake = () => moved.abort();
      sleepers.add(wake);
      try {
        await delay(leftMs, undefined, {
          signal: signal === undefined ? moved.signal : AbortSignal.any([signal, moved.signal]),
        });
      } catch (error) {
        if (signal?.aborted === true) throw signal.reason;
        if (!moved.signal.aborted) throw error;
      } finally {
        sleepers.delete(wake);
      }
    }
    if (signal?.aborted === true) throw signal.reason;
  };

  return {
    nowEpochMs,
    monotonicMs: () => performance.now(),
    sleep,
    moveForward(ms) {
      if (!(ms >= 0)) throw new RangeError('time moves forward only');
      offsetMs += ms;
      for (const wake of sleepers) wake();
    },
    aheadMs: () => offsetMs,
  };
};

/** The same clock for one whose pauses nobody waits for: they let the time pass at once. */
export const hurried = ({ nowEpochMs, monotonicMs, moveForward }: LocalClock): Clock => {
  let passedMs = 0;
  return {
    nowEpochMs,
    monotonicMs: () => monotonicMs() + passedMs,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      passedMs += ms;
      moveForward(ms);
    },
  };
};
