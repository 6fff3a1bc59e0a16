import type { Timer } from '@azure/functions';

/** When the timer ticked before; absent before the first tick, which the host calls 0001-01-01. */
export const lastTickOf = ({ scheduleStatus }: Timer): number | undefined => {
  const lastEpochMs = Date.parse(scheduleStatus?.last ?? '');
  return lastEpochMs > 0 ? lastEpochMs : undefined;
};

const DEFAULT_PERIOD_SECONDS = 600;

/**
 * Seconds between two ticks of this schedule; absent where the host does not say, and before the first tick.
 * The host reckons the next one from the last, also where the tick comes late or one was missed: an app that
 * scales to zero may know no other ticks.
 */
export const periodSecondsOf = (timer: Timer): number | undefined => {
  const lastEpochMs = lastTickOf(timer);
  if (lastEpochMs === undefined) return undefined;
  const seconds = Math.round((Date.parse(timer.scheduleStatus?.next ?? '') - lastEpochMs) / 1000);
  return seconds > 0 ? seconds : undefined;
};

/** Seconds from this tick to the next, to plan work for: ten minutes where the host does not say. */
export const secondsToNextTick = (timer: Timer): number => periodSecondsOf(timer) ?? DEFAULT_PERIOD_SECONDS;
