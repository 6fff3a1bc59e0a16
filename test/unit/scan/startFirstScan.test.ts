import { describe, expect, it } from 'vitest';
import { storeFailure } from '../../../src/lib/kernel/storeFailure.ts';
import type { JobRunStore, ScanDispatch } from '../../../src/lib/scan/ports.ts';
import type { ScanRequest } from '../../../src/lib/scan/rules/scanRequest.ts';
import { startFirstScan } from '../../../src/lib/scan/startFirstScan.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const requestsFor = (...names: string[]): readonly ScanRequest[] =>
  names.map((name) => ({
    source: 'keyvault' as const,
    target: `https://kv-${name}.vault.azure.net`,
    runId: name,
    mode: 'full',
  }));
const REFUSED = storeFailure('dispatch', 'forbidden', { message: 'Could not queue the scan: HTTP 403.' });
const UNRECORDED = storeFailure('job_runs', 'forbidden', { message: 'Could not note it: HTTP 403.' });
/** Long enough for the next instance to try again. */
const LATER_MS = 6 * 60_000;

const scene = (requests = requestsFor('a', 'b')) => {
  const jobRuns = fakeJobRunStore();
  const telemetry = recordingTelemetry();
  const clock = manualClock();
  const sent: string[] = [];
  const refused = new Set<string>();
  const load = { now: 0, most: 0 };
  const dispatch: ScanDispatch = {
    async send({ runId }) {
      load.most = Math.max(load.most, ++load.now);
      await Promise.resolve();
      load.now -= 1;
      if (refused.has(runId)) return REFUSED;
      sent.push(runId);
      return { ok: true };
    },
  };
  const startOn = (one: JobRunStore) =>
    startFirstScan({ jobRuns: one, dispatch, telemetry, clock, startScan: async () => requests });
  return { jobRuns, telemetry, clock, sent, refused, load, startOn, start: () => startOn(jobRuns) };
};

describe('the first scan', () => {
  it('is tried again by a later instance when a vault could not be asked for, and says why', async () => {
    const { start, sent, refused, telemetry, clock } = scene();
    refused.add('b');
    expect(await start()).toBe(1);
    expect(telemetry.failures).toMatchObject([{ code: 'dispatch_forbidden', retryable: false }]);
    refused.clear();
    await clock.advance(LATER_MS);
    expect(await start()).toBe(2);
    expect(sent).toEqual(['a', 'a', 'b']);
  });

  it('waits for a configuration that names a vault', async () => {
    const { start, jobRuns } = scene([]);
    expect(await start()).toBe(0);
    expect([...jobRuns.done.keys()]).not.toContain('first-scan');
  });

  it('is left to the timer where nobody knows whether there was one, and says so', async () => {
    const { start, sent, jobRuns, telemetry } = scene();
    jobRuns.down = true;
    expect(await start()).toBe(0);
    expect(sent).toEqual([]);
    expect(telemetry.failures).toMatchObject([{ code: 'job_runs_unavailable' }]);
  });

  it('is begun once, however many instances its own messages bring up before it is noted as done', async () => {
    const { jobRuns, startOn, sent, telemetry } = scene();
    const forgetful: JobRunStore = {
      ...jobRuns,
      record: async (subject, atEpochMs) =>
        subject === 'first-scan' ? UNRECORDED : jobRuns.record(subject, atEpochMs),
    };
    expect([await startOn(forgetful), await startOn(forgetful)]).toEqual([2, 0]);
    expect(sent).toEqual(['a', 'b']);
    expect(telemetry.failures).toMatchObject([{ code: 'job_runs_forbidden' }]);
  });

  it('is left to the timer where nothing can be noted: every instance would begin it anew', async () => {
    const { jobRuns, startOn, sent, telemetry } = scene();
    const readOnly: JobRunStore = { ...jobRuns, record: async () => UNRECORDED };
    expect(await startOn(readOnly)).toBe(0);
    expect(sent).toEqual([]);
    expect(telemetry.failures).toMatchObject([{ code: 'job_runs_forbidden' }]);
  });

  it('asks for many vaults a few at a time, and stops at the first that the queue refuses', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `${index}`);
    const { start, load, refused, telemetry, sent, clock } = scene(requestsFor(...names));
    for (const name of names) refused.add(name);
    expect(await start()).toBe(0);
    expect(telemetry.failures).toHaveLength(1);
    refused.clear();
    await clock.advance(LATER_MS);
    expect(await start()).toBe(500);
    expect(sent).toHaveLength(500);
    expect(load.most).toBeLessThanOrEqual(32);
  });
});
