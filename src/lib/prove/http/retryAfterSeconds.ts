import { retryAfterMsOf } from '../../azure/retryAfter.ts';
import type { HttpAnswer } from './boundedRequest.ts';

const LONGEST_WAIT_SECONDS = 86_400;

/** How long an answer asks to wait, in seconds or by a date; a day at most. */
export const retryAfterSecondsOf = ({ header }: HttpAnswer, nowEpochMs: number): number | undefined => {
  const waitMs = retryAfterMsOf({ get: header }, nowEpochMs);
  return waitMs === undefined ? undefined : Math.min(Math.ceil(waitMs / 1000), LONGEST_WAIT_SECONDS);
};
