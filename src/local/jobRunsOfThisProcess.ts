import type { JobRunStore } from '../lib/scan/ports.ts';

/**
 * A jobRuns that knows nothing from before `startedEpochMs`: the telemetry of local mode begins anew with
 * each start, so what was reported in an earlier run is to be reported again.
 */
export const jobRunsOfThisProcess = (jobRuns: JobRunStore, startedEpochMs: number): JobRunStore => ({
  ...jobRuns,
  async read() {
    const reading = await jobRuns.read();
    if (!reading.ok) return reading;
    const ofThisRun = [...reading.doneEpochMs].filter(([, atEpochMs]) => atEpochMs >= startedEpochMs);
    return { ok: true, doneEpochMs: new Map(ofThisRun) };
  },
});
