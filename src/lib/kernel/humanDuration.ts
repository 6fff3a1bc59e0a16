import { DAY_MS, HOUR_MS, MINUTE_MS } from './time.ts';

/**
 * From two of a unit on it is counted in that. Days are floored as everywhere; a pause of two hours is still one
 * when a moment of it is over.
 */
const UNITS = [
  { name: 'day', ms: DAY_MS, toleranceMs: 0 },
  { name: 'hour', ms: HOUR_MS, toleranceMs: MINUTE_MS / 2 },
  { name: 'minute', ms: MINUTE_MS, toleranceMs: 500 },
] as const;

/** A length of time for people, in its largest fitting unit: `2 days`, `119 minutes`, `40 seconds`. */
export const humanDuration = (lengthMs: number): string => {
  const ms = Math.abs(lengthMs);
  for (const unit of UNITS) {
    const whole = Math.floor((ms + unit.toleranceMs) / unit.ms);
    if (whole >= 2) return `${whole < 1000 ? whole : whole.toLocaleString('en-US')} ${unit.name}s`;
  }
  const seconds = Math.round(ms / 1000);
  return `${seconds} second${seconds === 1 ? '' : 's'}`;
};
