import type { ControlRecord } from './controlRecord.ts';
import { humanDuration } from './humanDuration.ts';
import { isoSeconds } from './instant.ts';
import type { ProviderProfile } from './providerProfile.ts';
import { stableShare } from './stableShare.ts';
import { DAY_MS } from './threshold.ts';

/** What the due rule looks at. */
export interface DueQuestion {
  readonly grantId: string;
  readonly profile: Pick<ProviderProfile, 'idleDays' | 'absoluteDays'>;
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

/** A grant of unknown life is used this often, so that its death is not found by its consumer. */
const UNKNOWN_LIFE_INTERVAL_DAYS = 30;
const JITTER_SHARE = 0.2;
const HOUR_MS = 3_600_000;
const QUIET_MS = 3 * 60_000;

/**
 * A grant is due at half of its life, up to a fifth of that half earlier by its own jitter, so that a
 * person has weeks when it fails and no thousand grants fall due together. Token endpoints are
 * slowest around the full hour, when everybody's timers fire, so a refresh is never begun there
 * unless the deadline is closer than an hour.
 */
export const decideRefreshDue = (question: DueQuestion): DueDecision => {
  const { record, nowEpochMs } = question;
  const due = dueInstant(question);
  if (nowEpochMs < due.atEpochMs) {
    const reason = `not due for another ${humanDuration(due.atEpochMs - nowEpochMs)}: ${due.because(false)}`;
    return { kind: 'not_due', dueAtEpochMs: due.atEpochMs, reason };
  }
  const { notBeforeEpochMs, lastCode, lastPermanence = 'transient', consecutive } = record.failures;
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

const dueInstant = ({ grantId, profile, record, nowEpochMs }: DueQuestion) => {
  const { refreshedAtEpochMs, deadlineEpochMs } = record;
  if (refreshedAtEpochMs === undefined) {
    return {
      atEpochMs: nowEpochMs,
      because: () => 'this token was never refreshed by Keywatch; the first refresh proves that it works',
    };
  }
  const jitter = 1 - JITTER_SHARE * stableShare(grantId);
  if (deadlineEpochMs === undefined) {
    const intervalMs = UNKNOWN_LIFE_INTERVAL_DAYS * DAY_MS * jitter;
    return {
      atEpochMs: refreshedAtEpochMs + intervalMs,
      because: () => `no limit of its life is known, so it is used every ${humanDuration(intervalMs)}`,
    };
  }
  const lifeMs = Math.max(0, deadlineEpochMs - refreshedAtEpochMs);
  const intervalMs = Math.max((lifeMs / 2) * jitter, shortestIntervalMs(profile));
  return {
    atEpochMs: refreshedAtEpochMs + intervalMs,
    because: (passed: boolean) =>
      passed && nowEpochMs - refreshedAtEpochMs >= lifeMs / 2
        ? `half of ${humanDuration(lifeMs)} passed`
        : `refreshed at ${Math.round((intervalMs / Math.max(lifeMs, 1)) * 100)} % of ${humanDuration(lifeMs)}`,
  };
};

/**
 * Near an absolute limit each refresh halves what is left; this keeps it from being refreshed ever
 * faster towards an end that no refresh moves.
 */
const shortestIntervalMs = ({ idleDays, absoluteDays }: DueQuestion['profile']): number => {
  const nominalDays = idleDays ?? absoluteDays;
  return nominalDays === undefined ? 5 * 60_000 : Math.min(DAY_MS, (nominalDays * DAY_MS) / 4);
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
