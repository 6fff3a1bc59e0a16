import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import {
  cappedDefaultMs,
  describeThreshold,
  readThreshold,
  thresholdMs,
} from '../../../../src/lib/scan/rules/threshold.ts';

const read = (text: string) => {
  const reading = readThreshold(text);
  return reading.ok ? reading.threshold : 'refused';
};

describe('a threshold as text', () => {
  it.each([
    ['30', { days: 30 }],
    [' 7.5 ', { days: 7.5 }],
    ['0', { days: 0 }],
    ['3650', { days: 3650 }],
    ['20%', { lifetimeShare: 0.2 }],
    ['99 %', { lifetimeShare: 0.99 }],
  ])('reads "%s"', (text, threshold) => expect(read(text)).toEqual(threshold));

  it.each([
    '',
    '-5',
    '3651',
    '0%',
    '100%',
    '1e3',
    'NaN',
    'Infinity',
    '30 days',
    '٣٠',
    '30\n%x',
    '9'.repeat(256),
  ])('refuses "%s" and says what is allowed', (text) => {
    expect(readThreshold(text)).toEqual({ ok: false, allowed: expect.stringContaining('from 0 to 3650') });
  });

  it('is read in linear time, whatever blanks are in it', () => {
    const blanks = ' '.repeat(1_000_000);
    expect([`${blanks}20${blanks}%${blanks}`, `20${blanks}x`].map(read)).toEqual([
      { lifetimeShare: 0.2 },
      'refused',
    ]);
  });

  it('is described as a person would write it', () => {
    expect([{ days: 1 }, { days: 30 }, { lifetimeShare: 0.125 }].map(describeThreshold)).toEqual([
      '1 day',
      '30 days',
      '12.5%',
    ]);
  });
});

describe('a threshold as time', () => {
  it('takes a share of the lifetime, and none where that is unknown', () => {
    expect(thresholdMs({ lifetimeShare: 0.2 }, 90 * DAY_MS)).toBe(18 * DAY_MS);
    expect(thresholdMs({ lifetimeShare: 0.2 }, undefined)).toBeUndefined();
    expect(thresholdMs({ days: 5 }, undefined)).toBe(5 * DAY_MS);
  });

  it('keeps a default in days to its share of a 90-day life', () => {
    expect(cappedDefaultMs({ days: 30 }, 365 * DAY_MS)).toBe(30 * DAY_MS);
    expect(cappedDefaultMs({ days: 30 }, 90 * DAY_MS)).toBe(30 * DAY_MS);
    expect(cappedDefaultMs({ days: 30 }, 9 * DAY_MS)).toBe(3 * DAY_MS);
    expect(cappedDefaultMs({ days: 400 }, 9 * DAY_MS)).toBe(9 * DAY_MS);
  });

  it('takes a default share of an unknown lifetime of 90 days, so that somebody is warned', () => {
    expect(cappedDefaultMs({ lifetimeShare: 0.2 }, undefined)).toBe(18 * DAY_MS);
    expect(cappedDefaultMs({ days: 120 }, undefined)).toBe(120 * DAY_MS);
  });
});
