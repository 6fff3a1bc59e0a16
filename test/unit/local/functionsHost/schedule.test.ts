import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../../src/local/functionsHost/schedule.ts';

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
});
