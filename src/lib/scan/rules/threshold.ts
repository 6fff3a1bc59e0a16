import { DAY_MS } from '../../kernel/time.ts';

/** How long before its end a credential asks for attention: a number of days, or a share of its lifetime. */
export type Threshold = { readonly days: number } | { readonly lifetimeShare: number };

export interface ThresholdPair {
  /** From here on the status is `warning`: a ticket. */
  readonly warning: Threshold;
  /** From here on the status is `critical`: a page. */
  readonly critical: Threshold;
}

export const MAXIMUM_THRESHOLD_DAYS = 3650;

export type ThresholdReading =
  | { readonly ok: true; readonly threshold: Threshold }
  | { readonly ok: false; readonly allowed: string };

const ALLOWED = `a number of days from 0 to ${MAXIMUM_THRESHOLD_DAYS} ("30"), or a share of the lifetime from 1% to 99% ("20%")`;

/** Reads `"30"` or `"20%"`; anything else is refused with what is allowed. */
export const readThreshold = (text: string): ThresholdReading => {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)\s*(%?)$/.exec(text.trim());
  if (match === null) return { ok: false, allowed: ALLOWED };
  const number = Number(match[1]);
  if (match[2] === '%') {
    return number >= 1 && number <= 99
      ? { ok: true, threshold: { lifetimeShare: number / 100 } }
      : { ok: false, allowed: ALLOWED };
  }
  return number <= MAXIMUM_THRESHOLD_DAYS
    ? { ok: true, threshold: { days: number } }
    : { ok: false, allowed: ALLOWED };
};

/** As a person would write it: `30 days`, `20%`. */
export const describeThreshold = (threshold: Threshold): string =>
  'days' in threshold
    ? `${threshold.days} ${threshold.days === 1 ? 'day' : 'days'}`
    : `${Math.round(threshold.lifetimeShare * 1000) / 10}%`;

/**
 * A threshold as time before the end.
 * @param lifetimeMs of the credential; absent where its start or end is unknown
 * @returns milliseconds, or `undefined` for a share of an unknown lifetime
 */
export const thresholdMs = (threshold: Threshold, lifetimeMs: number | undefined): number | undefined => {
  if ('days' in threshold) return threshold.days * DAY_MS;
  return lifetimeMs === undefined ? undefined : threshold.lifetimeShare * lifetimeMs;
};

/**
 * Default thresholds never take up more of a life than they do of the 90 days they are made for:
 * without this a credential that lives a week would ask for attention from its first hour to its last.
 */
const REFERENCE_LIFETIME_DAYS = 90;

/** Whether the page would come before the warning. Days and shares are compared on a 90-day life. */
export const doThresholdsCross = ({ warning, critical }: ThresholdPair): boolean => {
  const lifetimeMs = REFERENCE_LIFETIME_DAYS * DAY_MS;
  return (thresholdMs(critical, lifetimeMs) ?? 0) > (thresholdMs(warning, lifetimeMs) ?? 0);
};

/**
 * A default threshold as milliseconds before the end: one in days is capped at the share it has of a
 * 90-day life (30 days: one third); a share of an unknown lifetime is taken of 90 days, never of none.
 */
export const cappedDefaultMs = (threshold: Threshold, lifetimeMs: number | undefined): number => {
  if (!('days' in threshold)) {
    return threshold.lifetimeShare * (lifetimeMs ?? REFERENCE_LIFETIME_DAYS * DAY_MS);
  }
  if (lifetimeMs === undefined) return threshold.days * DAY_MS;
  const share = Math.min(1, threshold.days / REFERENCE_LIFETIME_DAYS);
  return Math.min(threshold.days * DAY_MS, share * lifetimeMs);
};
