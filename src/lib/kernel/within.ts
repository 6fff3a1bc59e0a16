import { setTimeout as delay } from 'node:timers/promises';

/**
 * Whether `work` ended in time; how it ended does not matter, and it is not stopped. Real time, not the
 * clock's: it guards against a network that hangs, which does so in tests with a manual clock too.
 */
export const within = async (timeoutMs: number, work: Promise<unknown>): Promise<boolean> => {
  const watch = new AbortController();
  const ended = work.then(
    () => true,
    () => true,
  );
  const late = delay(timeoutMs, false, { signal: watch.signal }).catch(() => false);
  try {
    return await Promise.race([ended, late]);
  } finally {
    watch.abort();
  }
};
