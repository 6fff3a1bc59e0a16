import type { Timer } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { lastRunOf, periodSecondsOf, secondsToNextRun } from '../../../src/functions/timerRuns.ts';
import { timerRun as timer } from '../../fakes/invocation.ts';

/** As an instance that comes up after the time of a run learns of it. */
const late = (run: Timer): Timer => ({ ...run, isPastDue: true });
const withoutSchedule = { ...timer('', ''), scheduleStatus: undefined } as unknown as Timer;
const NOON = '2026-11-22T12:00:00+00:00';

describe('a run of a timer', () => {
  it.each([1, 10, 60, 360, 1_440, 7 * 1_440, 30 * 1_440])(
    'has a period of %i minutes, late or not',
    (minutes) => {
      const next = new Date(Date.parse(NOON) + minutes * 60_000).toISOString();
      expect(periodSecondsOf(timer(NOON, next))).toBe(minutes * 60);
      expect(periodSecondsOf(late(timer(NOON, next)))).toBe(minutes * 60);
    },
  );

  it('knows when the one before was, unless there was none', () => {
    expect(lastRunOf(timer(NOON, ''))).toBe(Date.parse(NOON));
    expect(lastRunOf(timer('0001-01-01T00:00:00', ''))).toBeUndefined();
    expect(lastRunOf(timer('rubbish', ''))).toBeUndefined();
    expect(lastRunOf(withoutSchedule)).toBeUndefined();
  });

  it.each([
    ['five minutes', timer(NOON, '2026-11-22T12:05:00+00:00'), 300],
    ['a day', timer(NOON, '2026-11-23T12:00:00+00:00'), 86_400],
    ['six hours, where it comes late', late(timer(NOON, '2026-11-22T18:00:00+00:00')), 21_600],
    ['ten, where the host does not say', withoutSchedule, 600],
    ['ten, before the first run', timer('0001-01-01T00:00:00', NOON), 600],
    ['ten, where the next lies before the last', timer(NOON, '2026-11-22T11:00:00+00:00'), 600],
  ])('is followed by the next in %s', (_what, run, seconds) => {
    expect(secondsToNextRun(run)).toBe(seconds);
  });

  it('has no period where the host does not say, or before the first run', () => {
    expect(periodSecondsOf(withoutSchedule)).toBeUndefined();
    expect(periodSecondsOf(timer(NOON, 'rubbish'))).toBeUndefined();
    expect(periodSecondsOf(timer('0001-01-01T00:00:00', NOON))).toBeUndefined();
  });
});
