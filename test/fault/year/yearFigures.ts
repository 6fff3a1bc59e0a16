import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import { PERIOD_MS, type Reported, type Year } from './yearRun.ts';

/** Requests of one attempt follow each other within minutes: each group is one attempt. */
export const attemptsMs = ({ requestsMs }: Year): number[] =>
  requestsMs.filter((atMs, index) => index === 0 || atMs - (requestsMs[index - 1] ?? 0) >= PERIOD_MS);

/** The most attempts within any 24 hours, from an instant on. */
export const mostADay = (year: Year, fromMs = 0): number => {
  const attempts = attemptsMs(year).filter((atMs) => atMs >= fromMs);
  return attempts.reduce((most, atMs, index) => {
    const within = attempts.slice(index).filter((other) => other - atMs < DAY_MS - 2 * PERIOD_MS).length;
    return Math.max(most, within);
  }, 0);
};

/** The longest time without a refresh; the first is counted from the start. */
export const longestUnusedDays = ({ requestsMs, endMs }: Year): number => {
  const used = [0, ...requestsMs, endMs];
  return Math.max(...used.slice(1).map((atMs, index) => atMs - (used[index] ?? 0))) / DAY_MS;
};

export const perYear = (count: number, { endMs }: Year): number => Math.round((count / endMs) * 365 * DAY_MS);

/** When it was first told, in days since the start; absent: never. */
export const firstReported = ({ told }: Year, ...what: Reported['what'][]): number | undefined => {
  const found = told.find((one) => what.includes(one.what));
  return found === undefined ? undefined : found.atMs / DAY_MS;
};

/** Every status but `valid`, outside of the last days before the end of a consent. */
export const unwell = (
  { told }: Year,
  consentDays: number | undefined,
  consentedDays: readonly number[],
): Reported[] =>
  told.filter(({ what, atMs }) => {
    if (what === 'valid' || what.startsWith('consent')) return false;
    const day = atMs / DAY_MS;
    const consentedAt = consentedDays.filter((at) => at <= day).at(-1) ?? 0;
    return consentDays === undefined || day < consentedAt + consentDays - 30;
  });
