import { humanDuration } from '../../kernel/humanDuration.ts';
import { clockAheadAsAbsent, isoSeconds } from '../../kernel/instant.ts';
import { stableShare } from '../../kernel/stableShare.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import { LONGEST_UNUSED_DAYS } from '../../oauth/rules/grant.ts';
import type { ControlRecord } from './controlRecord.ts';
import { coolDownEnd } from './refreshFailure.ts';

/** What the due rule looks at. */
export interface DueQuestion {
  readonly grantId: string;
  readonly record: Pick<ControlRecord, 'refreshedAtEpochMs' | 'deadlineEpochMs' | 'failures'>;
  readonly nowEpochMs: number;
}

/** Whether to refresh now. Each answer carries its reason in words for people. */
export type DueDecision =
  | { readonly kind: 'due'; readonly sinceEpochMs: number; readonly reason: string }
  | {
      readonly kind: 'not_due';
      readonly dueAtEpochMs: number;
      readonly reason: string;
      readonly coolingDownFrom?: undefined;
    }
  /** Due, but not now: a failure cools down, or the clock is at the top of the hour. */
  | {
      readonly kind: 'postponed';
      readonly untilEpochMs: number;
      readonly reason: string;
      /** Of the failure that cools down; absent: it is the hour. */
      readonly coolingDownFrom?: 'permanent' | 'transient' | undefined;
    };

const JITTER_SHARE = 0.2;
const QUIET_MS = 3 * 60_000;

/**
 * A grant is due at half of what is left of its life, up to a fifth of that half earlier by its own
 * jitter, so that a person has weeks when it fails and no thousand grants fall due together; after its
 * end, once a day. Token endpoints are slowest around the full hour, when everybody's timers fire, so a
 * refresh is never begun there unless the deadline is closer than an hour.
 */
export const decideRefreshDue = (question: DueQuestion): DueDecision => {
  const { record, nowEpochMs } = question;
  const due = dueInstant(question);
  if (nowEpochMs < due.atEpochMs) {
    const reason = `not due for another ${humanDuration(due.atEpochMs - nowEpochMs)}: ${due.because(false)}`;
    return { kind: 'not_due', dueAtEpochMs: due.atEpochMs, reason };
  }
  const { lastCode, lastPermanence = 'transient', consecutive } = record.failures;
  const notBeforeEpochMs = coolDownEnd(record.failures, nowEpochMs);
  if (nowEpochMs < notBeforeEpochMs) {
    const reason = `due, but cooling down for another ${humanDuration(notBeforeEpochMs - nowEpochMs)} after ${consecutive} failed attempts (${lastCode ?? 'unknown'})`;
    return { kind: 'postponed', untilEpochMs: notBeforeEpochMs, reason, coolingDownFrom: lastPermanence };
  }
  const quietUntil = endOfQuietMinutes(nowEpochMs);
  const hurried = record.deadlineEpochMs !== undefined && record.deadlineEpochMs - nowEpochMs < HOUR_MS;
  if (quietUntil !== undefined && !hurried) {
    const reason = `due, but not at the top of the hour: from ${isoSeconds(quietUntil)} on`;
    return { kind: 'postponed', untilEpochMs: quietUntil, reason };
  }
  const since =
    record.refreshedAtEpochMs === undefined
      ? 'due now'
      : `due since ${humanDuration(nowEpochMs - due.atEpochMs)}`;
  return { kind: 'due', sinceEpochMs: due.atEpochMs, reason: `${since}: ${due.because(true)}` };
};

const dueInstant = ({ grantId, record, nowEpochMs }: DueQuestion) => {
  const { deadlineEpochMs } = record;
  const refreshedAtEpochMs = clockAheadAsAbsent(record.refreshedAtEpochMs, nowEpochMs);
  if (refreshedAtEpochMs === undefined) {
    return {
      atEpochMs: nowEpochMs,
      because: () => 'this token was never refreshed by Keywatch; the first refresh proves that it works',
    };
  }
  const lifeMs = deadlineEpochMs === undefined ? undefined : deadlineEpochMs - refreshedAtEpochMs;
  const { intervalMs, why } = dueInterval(lifeMs, 1 - JITTER_SHARE * stableShare(grantId));
  return {
    atEpochMs: refreshedAtEpochMs + intervalMs,
    because: (passed: boolean) =>
      passed && lifeMs !== undefined && lifeMs > 0 && nowEpochMs - refreshedAtEpochMs >= lifeMs / 2
        ? `half of ${humanDuration(lifeMs)} passed`
        : why,
  };
};

/** How long after a refresh the next one is due, and why then. */
const dueInterval = (
  lifeMs: number | undefined,
  jitter: number,
): { readonly intervalMs: number; readonly why: string } => {
  const longestMs = Math.min(LONGEST_UNUSED_DAYS * DAY_MS * jitter, LONGEST_UNUSED_DAYS * DAY_MS - HOUR_MS);
  if (lifeMs === undefined) {
    const why = `no limit of its life is known, so it is used every ${humanDuration(longestMs)}`;
    return { intervalMs: longestMs, why };
  }
  if (lifeMs <= 0)
    return { intervalMs: DAY_MS, why: 'its deadline was over at the last refresh: once a day' };
  const halfMs = (lifeMs / 2) * jitter;
  if (halfMs > longestMs) {
    const why = `it may live for ${humanDuration(lifeMs)}, and is used every ${humanDuration(longestMs)} all the same`;
    return { intervalMs: longestMs, why };
  }
  return { intervalMs: halfMs, why: `refreshed at ${Math.round(jitter * 50)} % of ${humanDuration(lifeMs)}` };
};

/** How long no refresh is begun from now on because of the full hour; 0 outside those minutes. */
export const msToEndOfQuietMinutes = (nowEpochMs: number): number =>
  (endOfQuietMinutes(nowEpochMs) ?? nowEpochMs) - nowEpochMs;

/** The end of the minutes around the full hour (57 to 03) when they are now. */
const endOfQuietMinutes = (nowEpochMs: number): number | undefined => {
  const intoHour = ((nowEpochMs % HOUR_MS) + HOUR_MS) % HOUR_MS;
  if (intoHour < QUIET_MS) return nowEpochMs - intoHour + QUIET_MS;
  if (intoHour >= HOUR_MS - QUIET_MS) return nowEpochMs - intoHour + HOUR_MS + QUIET_MS;
  return undefined;
};
