import type { Clock } from '../kernel/clock.ts';
import { isDailyReportDue } from '../kernel/dailyHour.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { JobRunStore } from './ports.ts';
import { mayTryDailyReport } from './rules/vaultScan.ts';

export interface DailyReportPorts {
  readonly clock: Pick<Clock, 'nowEpochMs'>;
  readonly telemetry: Pick<Telemetry, 'failure' | 'flush'>;
  /** Absent where no blob service is named: then the timer's own last run decides. */
  readonly jobRuns: JobRunStore | undefined;
}

/** How much of a subject was reported. */
export type Reported = 'all' | 'some' | 'nothing';

/** Once a day everything is reported, not only what needs attention: of each subject, and until it is done. */
export interface DailyReport {
  /**
   * Which subjects have everything to be reported now: those of which not all was reported since the daily hour.
   * What broke off is left alone for some hours: half an inventory costs as much as a whole one.
   * @param lastRunEpochMs decides for all of them where the job runs cannot be read
   */
  whatIsDue(lastRunEpochMs: number | undefined): Promise<(subject: string) => boolean>;
  /**
   * To be asked before all of a subject is reported. What it gives is to be called when that has ended: it
   * waits until telemetry has left, and notes what came of it. What was refused on its way is not reported.
   */
  startReport(subject: string): Promise<(reported: Reported) => Promise<void>>;
}

const FLUSH_TIMEOUT_MS = 30_000;

/** In the store, beside the subject itself; no subject ends so. */
const brokenOff = (subject: string): string => `${subject}#broken-off`;

export const dailyReport = (
  { clock, telemetry, jobRuns }: DailyReportPorts,
  hourUtc: number,
): DailyReport => ({
  async whatIsDue(lastRunEpochMs) {
    const nowEpochMs = clock.nowEpochMs();
    const reading = await jobRuns?.read();
    if (reading?.ok) {
      const { doneEpochMs } = reading;
      return (subject) =>
        isDailyReportDue(doneEpochMs.get(subject), nowEpochMs, hourUtc) &&
        mayTryDailyReport(doneEpochMs.get(brokenOff(subject)), nowEpochMs);
    }
    if (reading !== undefined) telemetry.failure(reading);
    const isDue = isDailyReportDue(lastRunEpochMs, nowEpochMs, hourUtc);
    return () => isDue;
  },
  async startReport(subject) {
    if (jobRuns === undefined) return async () => undefined;
    const { undeliveredBatches: lostBefore } = await telemetry.flush(0);
    return async (reported) => {
      if (reported === 'nothing') return;
      const { finished, undeliveredBatches } = await telemetry.flush(FLUSH_TIMEOUT_MS);
      const isWhole = reported === 'all' && finished && undeliveredBatches === lostBefore;
      const written = await jobRuns.record(isWhole ? subject : brokenOff(subject), clock.nowEpochMs());
      if (!written.ok) telemetry.failure(written);
    };
  },
});
