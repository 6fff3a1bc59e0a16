import { onTestFinished, vi } from 'vitest';

/**
 * For the rest of the test, limits by `setTimeout` and `AbortSignal.timeout` end when told so, and not by a clock: a
 * machine that is slow for a moment ends none before what it is to interrupt has begun.
 * @returns lets so much time pass
 */
export const manualLimits = (): ((ms: number) => void) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const limit = new AbortController();
    setTimeout(() => limit.abort(timeIsUp()), ms);
    return limit.signal;
  });
  onTestFinished(() => {
    timeout.mockRestore();
    vi.useRealTimers();
  });
  return (ms) => void vi.advanceTimersByTime(ms);
};

/** What a signal of `AbortSignal.timeout` is aborted with. */
export const timeIsUp = (): DOMException => new DOMException('time is up', 'TimeoutError');
