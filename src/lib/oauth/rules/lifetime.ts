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
export const statedLifeMs = (stated: number, fromEpochMs: number): number => {
  const untilMs = stated - fromEpochMs;
  // No length comes near to an instant in milliseconds; some that are taken for seconds come near to one in seconds.
  if (Math.abs(untilMs) <= LONGEST_LIFETIME_SECONDS * 1000) return untilMs;
  const untilSecondMs = stated * 1000 - fromEpochMs;
  return Math.abs(untilSecondMs) < 366 * DAY_MS ? untilSecondMs : stated * 1000;
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
  const lifeMs = statedLifeMs(stated, fromEpochMs);
  const seconds = lifeMs / 1000;
  const isInstantInMs = lifeMs === stated - fromEpochMs;
  const unbelieved = (why: string) => ({
    seconds: undefined,
    deviation: {
      code: 'lifetime_not_believed' as const,
      text: `the lifetime of the refresh token is ${isInstantInMs ? Math.round(seconds) : stated} seconds, ${why}: taken for unknown`,
    },
  });
  if (!Number.isFinite(seconds) || seconds <= 0) return unbelieved('which is none');
  if (seconds > LONGEST_LIFETIME_SECONDS) return unbelieved('which is more than ten years');
  if (stated > YEAR_SECONDS && stated % HOUR_MS === 0 && !isInstantInMs)
    return unbelieved('which looks like milliseconds');
  return { seconds, deviation: undefined };
};
