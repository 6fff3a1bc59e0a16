/**
 * How long an answer asks to wait, in milliseconds from now: `retry-after-ms`, or `Retry-After` in
 * seconds or as a date. `undefined` when it does not say, or says nothing readable.
 * @see RFC 9110 §10.2.3
 */
export const retryAfterMsOf = (
  headers: { get(name: string): string | null | undefined },
  nowEpochMs: number,
): number | undefined => {
  const milliseconds = wholeNumber(headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms'));
  if (milliseconds !== undefined) return milliseconds;
  const given = headers.get('retry-after');
  const seconds = wholeNumber(given);
  if (seconds !== undefined) return seconds * 1000;
  // The engine reads far more as a date than HTTP allows, `-5` for one.
  const dateEpochMs = Date.parse(/^[A-Z][a-z]{2}, .+ GMT$/.test(given ?? '') ? (given ?? '') : '');
  return Number.isNaN(dateEpochMs) ? undefined : Math.max(0, dateEpochMs - nowEpochMs);
};

const wholeNumber = (text: string | null | undefined): number | undefined =>
  text !== null && text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
