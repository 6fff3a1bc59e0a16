import { DAY_MS } from './time.ts';

/**
 * Whether everything is to be reported now, not only what needs attention: once since each daily hour.
 * @param lastEpochMs when that was last done; absent when never. One that lies ahead is a wrong clock's
 * @param hourUtc 0 to 23
 */
export const isDailyReportDue = (
  lastEpochMs: number | undefined,
  nowEpochMs: number,
  hourUtc: number,
): boolean => {
  if (lastEpochMs === undefined || lastEpochMs > nowEpochMs) return true;
  const today = new Date(nowEpochMs).setUTCHours(hourUtc, 0, 0, 0);
  const latestHourEpochMs = today <= nowEpochMs ? today : today - DAY_MS;
  return lastEpochMs < latestHourEpochMs;
};
