import type { Timer } from '@azure/functions';

/** When the timer ticked before; absent before the first tick, which the host calls 0001-01-01. */
export const lastTickOf = ({ scheduleStatus }: Timer): number | undefined => {
  const lastEpochMs = Date.parse(scheduleStatus?.last ?? '');
  return lastEpochMs > 0 ? lastEpochMs : undefined;
};

const DEFAULT_PERIOD_SECONDS = 600;

/** Longer than any schedule that is worth its name; before the first tick the host calls the last one 0001-01-01. */
const LONGEST_PERIOD_SECONDS = 7 * 86_400;

/** Seconds between two ticks of this schedule; absent where the host does not say, and after a tick that was missed. */
export const periodSecondsOf = ({ isPastDue, scheduleStatus }: Timer): number | undefined => {
  if (isPastDue) return undefined;
  const periodMs = Date.parse(scheduleStatus?.next ?? '') - Date.parse(scheduleStatus?.last ?? '');
  const seconds = Math.round(periodMs / 1000);
  return seconds > 0 && seconds <= LONGEST_PERIOD_SECONDS ? seconds : undefined;
};

/**
 * Seconds from this tick to the next, to plan work for: ten minutes where the host does not say, or where it
 * is a day and more, which may as well be the time that the app was away.
 */
export const secondsToNextTick = (timer: Timer): number => {
  const seconds = periodSecondsOf(timer);
  return seconds === undefined || seconds >= 86_400 ? DEFAULT_PERIOD_SECONDS : seconds;
};
