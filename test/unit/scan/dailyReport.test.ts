import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { dailyReport } from '../../../src/lib/scan/dailyReport.ts';
import { fakeJobRunStore } from '../../fakes/fakeJobRunStore.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
const HOUR_UTC = 5;
const AN_HOUR_AGO = NOON - HOUR_MS;
const YESTERDAY = NOON - 24 * HOUR_MS;

const scene = (done: Readonly<Record<string, number>> = {}) => {
  const jobRuns = fakeJobRunStore(done);
  const telemetry = recordingTelemetry();
  const clock = manualClock(NOON);
  return { jobRuns, telemetry, clock, dailyReports: dailyReport({ jobRuns, telemetry, clock }, HOUR_UTC) };
};

describe('the daily inventory', () => {
  it('is due for each subject on its own, until that one was reported', async () => {
    const { dailyReports } = scene({ a: AN_HOUR_AGO, b: YESTERDAY });
    const isDue = await dailyReports.whatIsDue(AN_HOUR_AGO);
    expect(['a', 'b', 'new'].filter(isDue)).toEqual(['b', 'new']);
  });

  it('that breaks off every time is reported eight times a day, not at every run; others are not held up', async () => {
    const { dailyReports, clock } = scene({ a: YESTERDAY });
    let tries = 0;
    for (let hour = 0; hour < 24; hour++) {
      const isDue = await dailyReports.whatIsDue(clock.nowEpochMs() - HOUR_MS);
      expect(isDue('new')).toBe(true);
      if (isDue('a')) {
        tries += 1;
        const ended = await dailyReports.startReport('a');
        await clock.advance(60_000);
        await ended('some');
      }
      await clock.advance(HOUR_MS - (isDue('a') ? 60_000 : 0));
    }
    expect(tries).toBe(8);
  });

  it('of which nothing could be reported costs nothing, and is tried at the next run', async () => {
    const { dailyReports, jobRuns } = scene({ a: YESTERDAY });
    await (await dailyReports.startReport('a'))('nothing');
    expect((await dailyReports.whatIsDue(NOON))('a')).toBe(true);
    expect([...jobRuns.done.keys()]).toEqual(['a']);
  });

  it('takes a time that lies ahead for a wrong clock', async () => {
    const { dailyReports } = scene({ a: NOON + 60 * 24 * HOUR_MS });
    expect((await dailyReports.whatIsDue(AN_HOUR_AGO))('a')).toBe(true);
  });

  it.each([
    ['is still under way', [{ finished: true }, { finished: false }], false],
    ['was refused', [{ undeliveredBatches: 2 }, { undeliveredBatches: 3 }], false],
    ['was refused before, and is taken now', [{ undeliveredBatches: 3 }, { undeliveredBatches: 3 }], true],
  ] as const)('is noted only where telemetry has left: it %s', async (_what, outcomes, isNoted) => {
    const { jobRuns, clock, telemetry } = scene();
    let call = 0;
    const flush = async () => ({ finished: true, undeliveredBatches: 0, ...outcomes[call++] });
    const dailyReports = dailyReport({ jobRuns, clock, telemetry: { ...telemetry, flush } }, HOUR_UTC);
    await (await dailyReports.startReport('a'))('all');
    expect(jobRuns.done.get('a')).toBe(isNoted ? NOON : undefined);
  });

  it('goes by the last run where the job runs cannot be read, and says so', async () => {
    const { jobRuns, dailyReports, telemetry } = scene({ a: AN_HOUR_AGO });
    jobRuns.down = true;
    expect((await dailyReports.whatIsDue(YESTERDAY))('a')).toBe(true);
    expect((await dailyReports.whatIsDue(AN_HOUR_AGO))('a')).toBe(false);
    await (await dailyReports.startReport('a'))('all');
    expect(telemetry.failures).toHaveLength(3);
    expect(telemetry.failures).toMatchObject([
      {
        code: 'job_runs_unavailable',
        retryable: true,
      },
      {},
      {},
    ]);
  });

  it('goes by the last run, in silence, where there is no jobRuns', async () => {
    const { telemetry, clock } = scene();
    const dailyReports = dailyReport({ jobRuns: undefined, telemetry, clock }, HOUR_UTC);
    expect((await dailyReports.whatIsDue(YESTERDAY))('a')).toBe(true);
    expect((await dailyReports.whatIsDue(AN_HOUR_AGO))('a')).toBe(false);
    await (await dailyReports.startReport('a'))('all');
    expect(telemetry.failures).toEqual([]);
  });
});
