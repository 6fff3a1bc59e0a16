/**
 * How long an answer asks to wait, in milliseconds from now: `retry-after-ms`, or `Retry-After` in
 * seconds or as a date, or the end of a spent quota of Resource Graph. `undefined` when it does not
 * say, or says nothing readable.
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
  return Number.isNaN(dateEpochMs) ? spentQuotaMsOf(headers) : Math.max(0, dateEpochMs - nowEpochMs);
};

/** `x-ms-user-quota-resets-after` is `hh:mm:ss` and comes with good answers too. */
export const spentQuotaMsOf = (headers: {
  get(name: string): string | null | undefined;
}): number | undefined => {
  if (wholeNumber(headers.get('x-ms-user-quota-remaining')) !== 0) return undefined;
  const parts = /^(\d{2}):(\d{2}):(\d{2})$/.exec(headers.get('x-ms-user-quota-resets-after') ?? '');
  if (parts === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
};

const wholeNumber = (text: string | null | undefined): number | undefined =>
  text !== null && text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
