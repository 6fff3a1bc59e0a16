import { permanenceOf } from '../../kernel/failure.ts';
import { stableShare } from '../../kernel/stableShare.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import type { RefreshFailures } from './controlRecord.ts';

/** An attempt that did not end well and may be repeated. */
export interface FailedAttempt {
  readonly grantId: string;
  readonly code: string;
  /** If not, only a person can help, and asking again soon is of no use. */
  readonly retryable: boolean;
  readonly nowEpochMs: number;
  readonly retryAfterSeconds?: number | undefined;
  /** Cooling down never takes more than a quarter of the time that is left, nor `Retry-After` more than half. */
  readonly deadlineEpochMs?: number | undefined;
  /** Where client or settings are at fault: as what they were refused. */
  readonly clientDigest?: string | undefined;
}

const FIRST_COOLDOWN_MS = 5 * 60_000;
const FIRST_PERMANENT_COOLDOWN_MS = 60 * 60_000;
const LONGEST_COOLDOWN_MS = 6 * HOUR_MS;
/** After failures on this many different days the grant is tried once a day. */
const PATIENT_DAYS = 4;
const SPREAD_SHARE = 0.2;
/** Where a consumer waits, and only time is wanting: a provider that is back serves within minutes. */
const LONGEST_WAITED_FOR_MS = 10 * 60_000;
/** A `Retry-After` may be in milliseconds. */
const LONGEST_ASKED_OF_WAITING_MS = 60 * 60_000;

/**
 * The failure count after one more failed attempt, and when the next may be made: 5 minutes doubled up
 * to 6 hours (an hour and more where only a person can help), at least what `Retry-After` asked for.
 * Before the deadline no pause takes more than half of what is left; after it the hurry is over, and
 * the grant is tried once a day.
 * A day counts once, so that one provider outage of an afternoon cannot use up four days of patience.
 */
export const addFailure = (before: RefreshFailures, attempt: FailedAttempt): RefreshFailures => {
  const today = new Date(attempt.nowEpochMs).toISOString().slice(0, 10);
  const consecutive = before.consecutive + 1;
  const days = before.lastDay === today ? before.days : before.days + 1;
  const pause = Math.round(pauseMs(attempt, consecutive, days));
  return {
    consecutive,
    days,
    lastDay: today,
    lastCode: attempt.code,
    lastPermanence: permanenceOf(attempt),
    notBeforeEpochMs: attempt.nowEpochMs + pause,
    waitedForFromEpochMs: attempt.nowEpochMs + Math.min(pause, longestWaitedForMs(attempt)),
    clientDigest: attempt.clientDigest,
  };
};

const longestWaitedForMs = ({ retryable, retryAfterSeconds }: FailedAttempt): number => {
  if (!retryable) return Number.POSITIVE_INFINITY;
  return Math.max(LONGEST_WAITED_FOR_MS, Math.min(askedMs(retryAfterSeconds), LONGEST_ASKED_OF_WAITING_MS));
};

const pauseMs = (attempt: FailedAttempt, consecutive: number, days: number): number => {
  const leftMs = (attempt.deadlineEpochMs ?? Number.POSITIVE_INFINITY) - attempt.nowEpochMs;
  if (leftMs <= 0) return DAY_MS;
  const first = attempt.retryable ? FIRST_COOLDOWN_MS : FIRST_PERMANENT_COOLDOWN_MS;
  const doubled = Math.min(first * 2 ** Math.min(consecutive - 1, 20), LONGEST_COOLDOWN_MS);
  const spread = 1 + SPREAD_SHARE * stableShare(`${attempt.grantId}/${consecutive}`);
  const patient = days >= PATIENT_DAYS ? DAY_MS : doubled * spread;
  const hurried = Math.min(patient, Math.max(leftMs / 4, FIRST_COOLDOWN_MS));
  return Math.max(hurried, Math.min(askedMs(attempt.retryAfterSeconds), leftMs / 2));
};

/** What `Retry-After` asked for: a day at most. */
const askedMs = (seconds: number | undefined): number =>
  seconds !== undefined && seconds > 0 ? Math.min(seconds * 1000, DAY_MS) : 0;

/**
 * When the pause after a failure ends. An instant further ahead than any pause is long was written by a
 * wrong clock and counts as none.
 */
export const coolDownEnd = (
  { notBeforeEpochMs }: Pick<RefreshFailures, 'notBeforeEpochMs'>,
  nowEpochMs: number,
): number => (notBeforeEpochMs <= nowEpochMs + DAY_MS * (1 + SPREAD_SHARE) ? notBeforeEpochMs : 0);

/** Whether the pause is one that another credential or other settings of the client end. */
export const isCoolingOfClient = (failures: RefreshFailures, nowEpochMs: number): boolean =>
  failures.clientDigest !== undefined && nowEpochMs < coolDownEnd(failures, nowEpochMs);

export const withoutCoolDown = (failures: RefreshFailures): RefreshFailures => ({
  ...failures,
  notBeforeEpochMs: 0,
  waitedForFromEpochMs: 0,
});
