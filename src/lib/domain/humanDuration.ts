const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A length of time for people, in its largest fitting unit: `2 days`, `1 hour`, `40 seconds`. */
export const humanDuration = (lengthMs: number): string => {
  const ms = Math.abs(lengthMs);
  if (ms >= 2 * DAY_MS) return counted(ms / DAY_MS, 'day');
  if (ms >= HOUR_MS) return counted(ms / HOUR_MS, 'hour');
  if (ms >= MINUTE_MS) return counted(ms / MINUTE_MS, 'minute');
  return counted(ms / 1000, 'second');
};

const counted = (amount: number, unit: string): string => {
  const whole = Math.floor(amount);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
};
