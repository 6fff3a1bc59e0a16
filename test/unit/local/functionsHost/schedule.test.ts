import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../../src/local/functionsHost/schedule.ts';
import { createScheduleMonitor, statusAtStart } from '../../../../src/local/functionsHost/scheduleMonitor.ts';

const at = (text: string) => Date.parse(text);
const next = (expression: string, after: string) => {
  const epochMs = parseSchedule(expression).nextAfter(at(after));
  return epochMs === undefined ? undefined : new Date(epochMs).toISOString();
};

describe('a schedule', () => {
  it('is read as UTC with seconds first', () => {
    expect(next('0 7 * * * *', '2026-11-22T12:07:00Z')).toBe('2026-11-22T13:07:00.000Z');
    expect(next('30 3,13,23 * * * *', '2026-11-22T12:04:00Z')).toBe('2026-11-22T12:13:30.000Z');
  });

  it('wants day and weekday both, as NCRONTAB does', () => {
    expect(next('0 0 0 13 * 5', '2026-11-22T00:00:00Z')).toBe('2027-08-13T00:00:00.000Z');
  });

  it('counts from any instant, of the past as well', () => {
    expect(next('0 0 0 29 2 *', '2021-01-01T00:00:00Z')).toBe('2024-02-29T00:00:00.000Z');
  });

  it.each([
    '*/5 * * * *',
    '@daily',
    '0 0 9 L * *',
    '0 0 0 * * 7',
    '0 0 0 ? * *',
    '0 61 * * * *',
    'hourly',
    '00:05:00',
  ])('is refused in words when the Functions host would not take it: %s', (expression) => {
    expect(() => parseSchedule(expression)).toThrow(`"${expression}" is no NCRONTAB schedule`);
  });

  it('is sub-minute when two occurrences lie less than a minute apart', () => {
    expect(parseSchedule('*/30 * * * * *').isSubMinute).toBe(true);
    expect(parseSchedule('0 * * * * *').isSubMinute).toBe(false);
    expect(parseSchedule('0,20 0 0 1 * *').isSubMinute).toBe(true);
  });
});

describe('a timer that starts', () => {
  const hourly = parseSchedule('0 7 * * * *');
  const recorded = {
    lastEpochMs: at('2026-11-22T09:07:00Z'),
    nextEpochMs: at('2026-11-22T10:07:00Z'),
    lastUpdatedEpochMs: at('2026-11-22T09:07:00Z'),
  };

  it('is not past due when nothing is known of it', () => {
    expect(statusAtStart(hourly, undefined, at('2026-11-22T12:00:00Z'))).toEqual({
      isPastDue: false,
      status: { nextEpochMs: at('2026-11-22T12:07:00Z'), lastUpdatedEpochMs: at('2026-11-22T12:00:00Z') },
    });
  });

  it('is past due when its recorded occurrence went by, and keeps the record', () => {
    expect(statusAtStart(hourly, recorded, at('2026-11-22T12:00:00Z'))).toEqual({
      isPastDue: true,
      status: recorded,
    });
  });

  it('is not past due before its recorded occurrence', () => {
    expect(statusAtStart(hourly, recorded, at('2026-11-22T10:00:00Z'))?.isPastDue).toBe(false);
  });

  it('is recalculated, and not past due, when its schedule was changed', () => {
    const changed = statusAtStart(parseSchedule('0 30 * * * *'), recorded, at('2026-11-22T12:00:00Z'));
    expect(changed).toMatchObject({ isPastDue: false, status: { nextEpochMs: at('2026-11-22T12:30:00Z') } });
  });

  it('starts afresh from a record of the future, left by a clock that was moved', () => {
    const status = statusAtStart(hourly, recorded, at('2026-10-01T12:00:00Z'))?.status;
    expect(status?.nextEpochMs).toBe(at('2026-10-01T12:07:00Z'));
  });

  it('remembers its schedule without a folder too', () => {
    const monitor = createScheduleMonitor(undefined);
    expect(monitor.read('scanTimer')).toBeUndefined();
    monitor.write('scanTimer', recorded);
    expect(monitor.read('scanTimer')).toEqual(recorded);
  });
});
