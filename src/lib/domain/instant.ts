/**
 * Reads a date (`2026-12-31`, taken as the end of that day in UTC) or an instant with its zone
 * (`2026-12-31T18:00:00Z`, `…+01:00`).
 * @returns epoch milliseconds, or `undefined` for anything else, such as 30 February or a time without a zone
 */
export const readInstant = (text: string): number | undefined => {
  const match = INSTANT.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, time] = match;
  const startOfDayEpochMs = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const calendar = new Date(startOfDayEpochMs);
  if (calendar.getUTCMonth() !== Number(month) - 1 || calendar.getUTCDate() !== Number(day)) return undefined;
  if (time === undefined) return startOfDayEpochMs + 86_400_000 - 1;
  const epochMs = Date.parse(text.trim());
  return Number.isNaN(epochMs) ? undefined : epochMs;
};

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** ISO 8601 in UTC to the second, or the date alone where that says enough. */
export const isoSeconds = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
export const isoDate = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);
