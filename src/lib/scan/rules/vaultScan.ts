import { type CredentialStatus, STATUSES_WORST_FIRST } from '../../credentials/statuses.ts';
import type { Assessment } from './credential.ts';

/** What was counted in one vault. Ignored and managed objects are in no status count. */
export interface ScanCounts {
  readonly byStatus: Readonly<Record<CredentialStatus, number>>;
  readonly objects: number;
  readonly findings: number;
  readonly snoozed: number;
  readonly renewing: number;
  readonly superseded: number;
  readonly ignored: number;
  readonly managed: number;
}

export interface ScanTally {
  add(assessment: Assessment): void;
  addManaged(): void;
  counts(): ScanCounts;
}

/** Counts as a scan goes, in constant memory; every status is present from the start, at zero. */
export const scanTally = (): ScanTally => {
  const byStatus = Object.fromEntries(STATUSES_WORST_FIRST.map((status) => [status, 0])) as Record<
    CredentialStatus,
    number
  >;
  const totals = { objects: 0, findings: 0, snoozed: 0, renewing: 0, superseded: 0, ignored: 0, managed: 0 };
  return {
    add({ status, suppressed, findings }) {
      if (suppressed === 'ignored') {
        totals.ignored += 1;
        return;
      }
      totals.objects += 1;
      byStatus[status] += 1;
      totals.findings += findings.length;
      if (suppressed === 'snoozed' || suppressed === 'superseded') totals[suppressed] += 1;
      if (suppressed === 'renews_itself') totals.renewing += 1;
    },
    addManaged: () => {
      totals.managed += 1;
    },
    counts: () => ({ byStatus: { ...byStatus }, ...totals }),
  };
};

/** Of hourly runs every third one: what breaks off each time is reported eight times a day, not 24 times. */
const DAILY_REPORT_PAUSE_MS = 170 * 60_000;

/**
 * Whether an inventory that is due may be tried. One that breaks off has cost as much as one that does not.
 * @param triedEpochMs when it last broke off; absent when it never did. One that lies ahead is a wrong clock's
 */
export const mayTryDailyReport = (triedEpochMs: number | undefined, nowEpochMs: number): boolean =>
  triedEpochMs === undefined ||
  triedEpochMs > nowEpochMs ||
  nowEpochMs - triedEpochMs >= DAILY_REPORT_PAUSE_MS;
