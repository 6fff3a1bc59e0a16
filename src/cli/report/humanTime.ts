/** A time in local words beside the exact one: "in 12 days", "3 hours ago", "today" is never said: zones differ. */
const UNITS = [
  { unit: 'day', ms: 86_400_000, upToMs: Number.POSITIVE_INFINITY },
  { unit: 'hour', ms: 3_600_000, upToMs: 2 * 86_400_000 },
  { unit: 'minute', ms: 60_000, upToMs: 2 * 3_600_000 },
] as const;

/** From three years on, the number of years says more than the number of days. */
const YEAR_MS = 365.25 * 86_400_000;

/** How far an instant is from now, rounded towards now so that nothing seems further off than it is. */
export const fromNow = (epochMs: number, nowEpochMs: number): string => {
  const distanceMs = Math.abs(epochMs - nowEpochMs);
  if (distanceMs < 60_000) return 'now';
  const amount = describeDuration(distanceMs);
  return epochMs > nowEpochMs ? `in ${amount}` : `${amount} ago`;
};

/** A duration in its largest sensible unit. */
export const describeDuration = (durationMs: number): string => {
  if (durationMs >= 3 * YEAR_MS) return counted(Math.floor(durationMs / YEAR_MS), 'year');
  const fitting = [...UNITS].reverse().find(({ upToMs }) => durationMs < upToMs) ?? UNITS[0];
  return counted(Math.floor(durationMs / fitting.ms), fitting.unit);
};

export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
