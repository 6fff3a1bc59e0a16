import type { Timer } from '@azure/functions';

/** When the timer ticked before; absent before the first run, which the host calls 0001-01-01. */
export const lastRunOf = ({ scheduleStatus }: Timer): number | undefined => {
  const lastEpochMs = Date.parse(scheduleStatus?.last ?? '');
  return lastEpochMs > 0 ? lastEpochMs : undefined;
};

const DEFAULT_PERIOD_SECONDS = 600;

/**
 * Seconds between two runs of this schedule; absent where the host does not say, and before the first run.
 * The host reckons the next one from the last, also where the run comes late or one was missed: an app that
 * scales to zero may know no other runs.
 */
export const periodSecondsOf = (timer: Timer): number | undefined => {
  const lastEpochMs = lastRunOf(timer);
  if (lastEpochMs === undefined) return undefined;
  const seconds = Math.round((Date.parse(timer.scheduleStatus?.next ?? '') - lastEpochMs) / 1000);
  return seconds > 0 ? seconds : undefined;
};

/** Seconds from this run to the next, to plan work for: ten minutes where the host does not say. */
export const secondsToNextRun = (timer: Timer): number => periodSecondsOf(timer) ?? DEFAULT_PERIOD_SECONDS;
