import type { Clock } from '../../src/lib/kernel/clock.ts';

/** Time that stands still while anything can go on, and then jumps to the next end of a wait. */
export const virtualTime = (): Pick<Clock, 'monotonicMs' | 'sleep'> & {
  /** Runs to the end. @returns how long that took, in this time */
  take(run: () => Promise<void>): Promise<number>;
} => {
  let nowMs = 0;
  const waits: { readonly untilMs: number; readonly wake: () => void }[] = [];
  return {
    monotonicMs: () => nowMs,
    sleep: (ms) => new Promise((wake) => void waits.push({ untilMs: nowMs + ms, wake })),
    async take(run) {
      const startMs = nowMs;
      let isRunning = true;
      const running = run().finally(() => {
        isRunning = false;
      });
      running.catch(() => undefined);
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (!isRunning) break;
        waits.sort((a, b) => a.untilMs - b.untilMs);
        const next = waits.shift();
        if (next === undefined) throw new Error('it waits for something that is not time');
        nowMs = next.untilMs;
        next.wake();
      }
      await running;
      return nowMs - startMs;
    },
  };
};
