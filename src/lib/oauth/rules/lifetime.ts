import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import type { AnswerDeviation } from './answerDeviation.ts';

/** No refresh token is given a longer life; milliseconds taken for seconds are far longer. */
export const LONGEST_LIFETIME_SECONDS = 10 * 365.25 * 86_400;
const YEAR_SECONDS = 365.25 * 86_400;

/**
 * The life that an answer states. Some say when a token ends where others say how long it lives.
 * @see https://github.com/quarkusio/quarkus/issues/20912
 * @see https://github.com/markitosgv/JWTRefreshTokenBundle/issues/126
 */
export const statedLifeMs = (seconds: number, fromEpochMs: number): number => {
  const untilMs = [seconds * 1000, seconds].map((endEpochMs) => endEpochMs - fromEpochMs);
  return untilMs.find((ms) => Math.abs(ms) < 366 * DAY_MS) ?? seconds * 1000;
};

/**
 * The lifetime that an answer states, where it can be meant. Zero or less, no number, more than ten years
 * (2^31 - 1, milliseconds for seconds), or years that are whole hours only when read as milliseconds: nothing
 * is known then, and `deviation` says so in words.
 * @param stated as read from the answer; absent: it states none, which is no deviation
 * @param fromEpochMs when it was answered
 */
export const readLifetime = (
  stated: number | undefined,
  fromEpochMs: number,
): { readonly seconds: number | undefined; readonly deviation: AnswerDeviation | undefined } => {
  if (stated === undefined) return { seconds: stated, deviation: undefined };
  const seconds = statedLifeMs(stated, fromEpochMs) / 1000;
  const unbelieved = (why: string) => ({
    seconds: undefined,
    deviation: {
      code: 'lifetime_not_believed' as const,
      text: `the lifetime of the refresh token is ${stated} seconds, ${why}: taken for unknown`,
    },
  });
  if (!Number.isFinite(seconds) || seconds <= 0) return unbelieved('which is none');
  if (seconds > LONGEST_LIFETIME_SECONDS) return unbelieved('which is more than ten years');
  if (seconds > YEAR_SECONDS && seconds % HOUR_MS === 0) return unbelieved('which looks like milliseconds');
  return { seconds, deviation: undefined };
};
