import type { Telemetry } from './telemetry.ts';

/**
 * What is sent is redacted on its way out, so values are forgotten only when it has left. Below the five
 * seconds that the host gives a worker that has to go.
 */
const FLUSH_TIMEOUT_MS = 4_000;

/** Every value that is known is looked for in every text: a long silence of the ingestion must not slow everything. */
const MOST_KEPT = 200;

/** Sends what was reported, then forgets the values of an attempt; those of one that could not be sent wait for a later call. */
export const forgettingWhenSent = (telemetry: Pick<Telemetry, 'flush'>) => {
  let kept: readonly (() => void)[] = [];
  return async (forget: () => void): Promise<void> => {
    const ours = [...kept, forget];
    kept = [];
    const { finished } = await telemetry.flush(FLUSH_TIMEOUT_MS);
    if (!finished) kept = [...kept, ...ours];
    const due = finished ? ours : kept.slice(0, -MOST_KEPT);
    if (!finished) kept = kept.slice(-MOST_KEPT);
    for (const forgetOne of due) forgetOne();
  };
};
