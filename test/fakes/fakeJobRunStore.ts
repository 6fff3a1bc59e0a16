import { storeFailure } from '../../src/lib/kernel/storeFailure.ts';
import type { JobRunStore } from '../../src/lib/scan/ports.ts';

export interface FakeJobRunStore extends JobRunStore {
  readonly done: Map<string, number>;
  /** Set to make every call fail. */
  down: boolean;
}

/** A store of job runs in memory. */
export const fakeJobRunStore = (done: Readonly<Record<string, number>> = {}): FakeJobRunStore => {
  const jobRuns: FakeJobRunStore = {
    done: new Map(Object.entries(done)),
    down: false,
    read: async () => (jobRuns.down ? DOWN : { ok: true, doneEpochMs: new Map(jobRuns.done) }),
    async record(subject, atEpochMs) {
      if (jobRuns.down) return DOWN;
      jobRuns.done.set(subject, atEpochMs);
      return { ok: true };
    },
  };
  return jobRuns;
};

const DOWN = storeFailure('job_runs', 'unavailable', {
  message: 'Could not read when runs were last done: HTTP 503.',
});
