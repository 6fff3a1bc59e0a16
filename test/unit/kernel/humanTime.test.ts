import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, fromNow } from '../../../src/lib/kernel/humanTime.ts';
import { inDays, NOW_EPOCH_MS } from '../../fakes/metadata.ts';

describe('a time in words', () => {
  it.each([
    [12, 'in 12 days'],
    [-1, '24 hours ago'],
    [2, 'in 2 days'],
    [-40, '40 days ago'],
    [3 * 365.25, 'in 3 years'],
    [0, 'now'],
  ])('of %s days from now is "%s"', (days, words) => expect(fromNow(inDays(days), NOW_EPOCH_MS)).toBe(words));

  it('runs towards now: nothing seems further off than it is', () => {
    expect(fromNow(inDays(13) - 1, NOW_EPOCH_MS)).toBe('in 12 days');
    expect(fromNow(NOW_EPOCH_MS - 59_999, NOW_EPOCH_MS)).toBe('now');
    expect(fromNow(NOW_EPOCH_MS + 60_000, NOW_EPOCH_MS)).toBe('in 60 seconds');
  });

  it('always says something, up to the last day of the calendar', () => {
    const instant = fc.integer({ min: -8.64e15, max: 8.64e15 });
    fc.assert(
      fc.property(instant, (epochMs) => {
        expect(fromNow(epochMs, NOW_EPOCH_MS)).toMatch(/^(now|in [\d,]+ \w+|[\d,]+ \w+ ago)$/);
      }),
    );
  });
});

it('counts one without an s and thousands with a comma', () => {
  expect([0, 1, 100_000].map((count) => counted(count, 'secret'))).toEqual([
    '0 secrets',
    '1 secret',
    '100,000 secrets',
  ]);
});
