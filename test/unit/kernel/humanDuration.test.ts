import { describe, expect, it } from 'vitest';
import { humanDuration } from '../../../src/lib/kernel/humanDuration.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

describe('a length of time', () => {
  it('that was asked for is still as long when a moment of it is over', () => {
    expect(humanDuration(2 * HOUR_MS)).toBe('2 hours');
    expect(humanDuration(2 * HOUR_MS - 40)).toBe('2 hours');
    expect(humanDuration(5 * MINUTE_MS - 40)).toBe('5 minutes');
  });

  it('below two of a unit is reported in the smaller one, so that none of it is lost', () => {
    expect(humanDuration(1.9 * HOUR_MS)).toBe('114 minutes');
    expect(humanDuration(HOUR_MS)).toBe('60 minutes');
    expect(humanDuration(90 * SECOND_MS)).toBe('90 seconds');
    expect(humanDuration(SECOND_MS)).toBe('1 second');
    expect(humanDuration(47 * HOUR_MS)).toBe('47 hours');
  });

  it('counts whole days only', () => {
    expect(humanDuration(3 * DAY_MS - 40)).toBe('2 days');
    expect(humanDuration(-3 * DAY_MS)).toBe('3 days');
    expect(humanDuration(999 * DAY_MS)).toBe('999 days');
    expect(humanDuration(1000 * DAY_MS)).toBe('1,000 days');
  });
});
