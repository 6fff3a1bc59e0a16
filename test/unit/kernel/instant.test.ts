import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInstant, isoDate, isoSeconds, readInstant } from '../../../src/lib/kernel/instant.ts';

describe('an instant as text', () => {
  it('takes a date as the end of that day in UTC', () => {
    expect(readInstant('2026-12-31')).toBe(Date.parse('2026-12-31T23:59:59.999Z'));
  });

  it.each([
    ['2026-12-31T18:00:00Z', '2026-12-31T18:00:00Z'],
    ['2026-12-31T18:00+01:00', '2026-12-31T17:00:00Z'],
    [' 2028-02-29T00:00:00.250-05:30 ', '2028-02-29T05:30:00.250Z'],
  ])('reads %s with its zone', (text, utc) => expect(readInstant(text)).toBe(Date.parse(utc)));

  it.each([
    '2026-02-30',
    '2027-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-12-31T18:00:00',
    '2026-12-31 18:00',
    '2026-12-31T25:00Z',
    '31.12.2026',
    'tomorrow',
    '',
    '2026-12-31T18:00:00Z; DROP',
    '+030000-01-01',
  ])('refuses "%s"', (text) => expect(readInstant(text)).toBeUndefined());

  it('takes an early year as it stands, not as one of the last century', () => {
    expect(isoDate(readInstant('0050-01-01') ?? 0)).toBe('0050-01-01');
  });

  it('reads the end of every day that a calendar has', () => {
    const days = fc.integer({ min: 0, max: 2_932_896 }); // up to 9999-12-31
    fc.assert(
      fc.property(days, (day) => {
        const text = isoDate(day * 86_400_000);
        expect(readInstant(text)).toBe((day + 1) * 86_400_000 - 1);
      }),
    );
  });

  it('reads rubbish as nothing, without failing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 256 }), (text) => {
        const epochMs = readInstant(text);
        expect(epochMs === undefined || isInstant(epochMs)).toBe(true);
      }),
    );
  });
});

describe('an instant for people', () => {
  it('is written in full beyond the year 9999', () => {
    const epochMs = Date.UTC(30_000, 0, 2, 3, 4, 5, 678);
    expect([isoDate(epochMs), isoSeconds(epochMs)]).toEqual(['+030000-01-02', '+030000-01-02T03:04:05Z']);
  });

  it('is one only within the range of a calendar', () => {
    const none = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 8.64e15 + 1];
    expect(none.map(isInstant)).toEqual([false, false, false, false]);
    expect([0, 8.64e15, -8.64e15].map(isInstant)).toEqual([true, true, true]);
  });
});
