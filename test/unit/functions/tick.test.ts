import type { Timer } from '@azure/functions';
import { describe, expect, it } from 'vitest';
import { lastTickOf, periodSecondsOf, secondsToNextTick } from '../../../src/functions/tick.ts';

const timer = (last: string, next: string): Timer => ({
  isPastDue: false,
  schedule: { adjustForDST: false },
  scheduleStatus: { last, lastUpdated: last, next },
});
const withoutSchedule = { ...timer('', ''), scheduleStatus: undefined } as unknown as Timer;
const NOON = '2026-11-22T12:00:00+00:00';

describe('a tick of a timer', () => {
  it('knows when the one before was, unless there was none', () => {
    expect(lastTickOf(timer(NOON, ''))).toBe(Date.parse(NOON));
    expect(lastTickOf(timer('0001-01-01T00:00:00', ''))).toBeUndefined();
    expect(lastTickOf(timer('rubbish', ''))).toBeUndefined();
    expect(lastTickOf(withoutSchedule)).toBeUndefined();
  });

  it.each([
    ['five minutes', timer(NOON, '2026-11-22T12:05:00+00:00'), 300],
    ['ten, where it would be a day', timer(NOON, '2026-11-23T12:00:00+00:00'), 600],
    ['ten, where the host does not say', withoutSchedule, 600],
    ['ten, before the first tick', timer('0001-01-01T00:00:00', NOON), 600],
    ['ten, where the next lies before the last', timer(NOON, '2026-11-22T11:00:00+00:00'), 600],
  ])('is followed by the next in %s', (_what, tick, seconds) => {
    expect(secondsToNextTick(tick)).toBe(seconds);
  });

  it('has no period where the host does not say, or the app was away', () => {
    expect(periodSecondsOf(timer(NOON, '2026-11-22T18:00:00+00:00'))).toBe(21_600);
    expect(periodSecondsOf(timer(NOON, '2026-11-23T12:00:00+00:00'))).toBe(86_400);
    expect(periodSecondsOf(withoutSchedule)).toBeUndefined();
    const late = { ...timer(NOON, '2026-11-24T12:00:00+00:00'), isPastDue: true };
    expect(periodSecondsOf(late)).toBeUndefined();
    expect(periodSecondsOf(timer('0001-01-01T00:00:00', NOON))).toBeUndefined();
  });
});
