import { HOUR_MS } from '../../kernel/time.ts';
import type { AnswerDeviation } from './answerDeviation.ts';

/** No refresh token is given a longer life; an instant or milliseconds taken for seconds are far longer. */
export const LONGEST_LIFETIME_SECONDS = 10 * 365.25 * 86_400;
const YEAR_SECONDS = 365.25 * 86_400;

/**
 * The lifetime that an answer states, where it can be meant. Zero or less, no number, more than ten years
 * (2^31 - 1, an instant for a length, milliseconds for seconds), or years that are whole hours only when
 * read as milliseconds: nothing is known then, and `deviation` says so in words.
 * @param seconds as read from the answer; absent: it states none, which is no deviation
 */
export const readLifetime = (
  seconds: number | undefined,
): { readonly seconds: number | undefined; readonly deviation: AnswerDeviation | undefined } => {
  if (seconds === undefined) return { seconds, deviation: undefined };
  const unbelieved = (why: string) => ({
    seconds: undefined,
    deviation: {
      code: 'lifetime_not_believed' as const,
      text: `the lifetime of the refresh token is ${seconds} seconds, ${why}: taken for unknown`,
    },
  });
  if (!Number.isFinite(seconds) || seconds <= 0) return unbelieved('which is none');
  if (seconds > LONGEST_LIFETIME_SECONDS) return unbelieved('which is more than ten years');
  if (seconds > YEAR_SECONDS && seconds % HOUR_MS === 0) return unbelieved('which looks like milliseconds');
  return { seconds, deviation: undefined };
};
