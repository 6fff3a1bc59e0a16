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
