import { CREDENTIAL_SOURCES } from './sources.ts';

const SOURCES = Object.values(CREDENTIAL_SOURCES);

/** The job of the refresh timer: all grants in one run. */
export const REFRESH_JOB = 'token-refresh';

/** The job of the timer that proves credentials: all of them in one run. */
export const PROOF_JOB = 'credential-proof';

/** The job of the timer that rotates client secrets: all of them in one run. */
export const ROTATION_JOB = 'secret-rotation';

/** The job of each source: a run a target. */
export const SCAN_JOBS = SOURCES.map(({ job }) => job);

/** Every job that reports how a run of it ended. */
export const JOBS = [
  ...SCAN_JOBS,
  ...SOURCES.map(({ discoveryJob }) => discoveryJob),
  REFRESH_JOB,
  PROOF_JOB,
  ROTATION_JOB,
] as const;

/** How long a job may be silent: so many times its schedule, and no less than these minutes. */
export const SCHEDULES_MISSED = 2.5;
const LEAST_MINUTES: Readonly<Record<string, number>> = {
  [REFRESH_JOB]: 45,
  [PROOF_JOB]: 75,
  [ROTATION_JOB]: 45,
};
export const LEAST_MINUTES_OF_SCAN = 150;

/** After how many minutes without a run a job counts as silent, as in the alert rule `scan-missed`. */
export const mostMinutesSilent = (job: string, periodSeconds = 0): number =>
  Math.max(LEAST_MINUTES[job] ?? LEAST_MINUTES_OF_SCAN, (SCHEDULES_MISSED * periodSeconds) / 60);
