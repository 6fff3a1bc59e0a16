import { DAY_MS } from './time.ts';

/**
 * Reads a date (`2026-12-31`, taken as the end of that day in UTC) or an instant with its zone
 * (`2026-12-31T18:00:00Z`, `…+01:00`).
 * @returns epoch milliseconds, or `undefined` for anything else, such as 30 February or a time without a zone
 */
export const readInstant = (text: string): number | undefined => {
  const trimmed = text.trim();
  const match = INSTANT.exec(trimmed);
  if (match === null) return undefined;
  const [, day = '', time] = match;
  const startOfDayEpochMs = Date.parse(`${day}T00:00:00Z`);
  // Date.parse takes 30 February for 2 March: only a day that comes out as it went in exists.
  if (!isInstant(startOfDayEpochMs) || isoDate(startOfDayEpochMs) !== day) return undefined;
  if (time === undefined) return startOfDayEpochMs + DAY_MS - 1;
  const epochMs = Date.parse(trimmed);
  return Number.isNaN(epochMs) ? undefined : epochMs;
};

const INSTANT = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** The last millisecond that `Date` can hold, in the year 275760 (ECMA-262, time values). */
const LAST_EPOCH_MS = 8.64e15;

/** True for what a calendar can show: not for NaN, infinity or an instant beyond the range of `Date`. */
export const isInstant = (epochMs: number): boolean => Math.abs(epochMs) <= LAST_EPOCH_MS;

/**
 * ISO 8601 in UTC to the second, and the date alone where that says enough.
 * @throws RangeError for what is no instant: see `isInstant`
 */
export const isoSeconds = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, -5)}Z`;
export const isoDate = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, -14);

/** Clocks of machines that keep time differ by less. */
const MOST_AHEAD_MS = 5 * 60_000;

/**
 * An instant of the past that a store holds. One that is no instant, or lies more than five minutes ahead,
 * was written by a wrong clock and counts as absent: obeyed, it would stop everything until then.
 */
export const clockAheadAsAbsent = (epochMs: number | undefined, nowEpochMs: number): number | undefined =>
  epochMs !== undefined && isInstant(epochMs) && epochMs <= nowEpochMs + MOST_AHEAD_MS ? epochMs : undefined;
