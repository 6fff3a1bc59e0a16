/** A difference that no network delay explains, and that would move a status by itself. */
const MAXIMUM_CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Says in one sentence that this machine's clock is wrong, going by that of a vault.
 * @param clockSkewMs how far the local clock is ahead; absent when no answer carried a date
 * @returns `undefined` when it is right, or when nobody knows
 */
export const describeClockSkew = (vault: string, clockSkewMs: number | undefined): string | undefined => {
  if (clockSkewMs === undefined || !(Math.abs(clockSkewMs) > MAXIMUM_CLOCK_SKEW_MS)) return undefined;
  const minutes = Math.round(Math.abs(clockSkewMs) / 60_000);
  const side = clockSkewMs > 0 ? 'ahead of' : 'behind';
  return `This machine's clock is ${minutes.toLocaleString('en-US')} minutes ${side} that of vault ${vault}.`;
};

/** What to do about it. */
export const CLOCK_SKEW_ACTION =
  'Set the clock of the machine; statuses were decided by the clock of Key Vault meanwhile.';
