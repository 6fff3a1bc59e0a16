import { expect, it } from 'vitest';
import { jobRunsOfThisProcess } from '../../../src/local/jobRunsOfThisProcess.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';

it('the job runs of local mode forgets what was reported in an earlier run, and keeps what this one tells', async () => {
  const kept = fakeJobRunStore({ 'kv-a': 1_000, 'kv-b': 5_000 });
  const jobRuns = jobRunsOfThisProcess(kept, 5_000);
  expect(await jobRuns.record('kv-c', 6_000)).toEqual({ ok: true });
  expect(await jobRuns.read()).toEqual({
    ok: true,
    doneEpochMs: new Map([
      ['kv-b', 5_000],
      ['kv-c', 6_000],
    ]),
  });
  kept.down = true;
  expect(await jobRuns.read()).toMatchObject({ ok: false, code: 'job_runs_unavailable' });
});
