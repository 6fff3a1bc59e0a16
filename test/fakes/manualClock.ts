import type { Clock } from '../../src/lib/kernel/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time forward and wakes every sleeper whose time has come, in order. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands still until told otherwise. */
export const manualClock = (startEpochMs = Date.parse('2026-11-22T12:00:00Z')): ManualClock => {
  let elapsedMs = 0;
  let sleepers: { wakeAtMs: number; wake: () => void }[] = [];
  return {
    nowEpochMs: () => startEpochMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        sleepers.push({ wakeAtMs: elapsedMs + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    async advance(ms) {
      elapsedMs += ms;
      const due = sleepers
        .filter(({ wakeAtMs }) => wakeAtMs <= elapsedMs)
        .sort((a, b) => a.wakeAtMs - b.wakeAtMs);
      sleepers = sleepers.filter(({ wakeAtMs }) => wakeAtMs > elapsedMs);
      for (const { wake } of due) wake();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};
