import { humanDuration } from './humanDuration.ts';
import { DAY_MS } from './time.ts';

/** From three years on, the number of years says more than the number of days. */
const YEAR_MS = 365.25 * DAY_MS;

/** How far an instant is from now in local words, beside the exact time: zones differ, so "today" is never said. */
export const fromNow = (epochMs: number, nowEpochMs: number): string => {
  const distanceMs = Math.abs(epochMs - nowEpochMs);
  if (distanceMs < 60_000) return 'now';
  const amount = describeDuration(distanceMs);
  return epochMs > nowEpochMs ? `in ${amount}` : `${amount} ago`;
};

export const describeDuration = (durationMs: number): string =>
  durationMs >= 3 * YEAR_MS ? counted(Math.floor(durationMs / YEAR_MS), 'year') : humanDuration(durationMs);

/** `1 vault`, `2,000 vaults`. @param many what stands behind any other number than 1 */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
