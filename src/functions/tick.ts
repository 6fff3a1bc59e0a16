import type { Timer } from '@azure/functions';

/** When the timer ticked before; absent before the first tick, which the host calls 0001-01-01. */
export const lastTickOf = ({ scheduleStatus }: Timer): number | undefined => {
  const lastEpochMs = Date.parse(scheduleStatus?.last ?? '');
  return lastEpochMs > 0 ? lastEpochMs : undefined;
};

const DEFAULT_PERIOD_SECONDS = 600;

/** Seconds from this tick to the next; ten minutes where the host does not say. */
export const secondsToNextTick = ({ scheduleStatus }: Timer): number => {
  const periodMs = Date.parse(scheduleStatus?.next ?? '') - Date.parse(scheduleStatus?.last ?? '');
  return periodMs > 0 && periodMs < 86_400_000 ? Math.round(periodMs / 1000) : DEFAULT_PERIOD_SECONDS;
};
