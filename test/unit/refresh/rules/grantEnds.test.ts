import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { readLifetime } from '../../../../src/lib/oauth/rules/lifetime.ts';
import { endsAfterRefresh, type KnownEnds } from '../../../../src/lib/refresh/rules/grantEnds.ts';

const CONSENTED = Date.parse('2026-11-22T12:00:00Z');
const day = (days: number): number => CONSENTED + days * DAY_MS;
const known = (changes: Partial<KnownEnds> = {}): KnownEnds => ({
  consentedAtEpochMs: CONSENTED,
  refreshedAtEpochMs: undefined,
  deadlineEpochMs: undefined,
  ...changes,
});
const refresh = (
  before: KnownEnds,
  usedAtDays: number,
  changes: Partial<Parameters<typeof endsAfterRefresh>[1]> = {},
) =>
  endsAfterRefresh(before, {
    profile: { idleDays: 30, absoluteDays: 365, absoluteFrom: 'first_consent' },
    usedAtEpochMs: day(usedAtDays),
    rotated: true,
    expiresInSeconds: undefined,
    ...changes,
  });

describe('the end of a consent', () => {
  it('is known from the first refresh on, long before it is the next end', () => {
    expect(refresh(known(), 1)).toMatchObject({
      deadlineEpochMs: day(31),
      consentEndsAtEpochMs: day(365),
    });
    expect(refresh(known(), 350)).toMatchObject({
      deadlineEpochMs: day(365),
      consentEndsAtEpochMs: day(365),
    });
  });

  it('is none where each new token starts its limit again', () => {
    const profile = { absoluteDays: 90, absoluteFrom: 'issue' } as const;
    expect(refresh(known(), 40, { profile })).toMatchObject({
      deadlineEpochMs: day(130),
      consentEndsAtEpochMs: undefined,
      issuedAtEpochMs: day(40),
    });
  });

  it('is that of the token where the server keeps the old one, whenever it was used', () => {
    const profile = { absoluteDays: 90, absoluteFrom: 'issue' } as const;
    const before = known({
      issuedAtEpochMs: day(10),
      refreshedAtEpochMs: day(50),
      deadlineEpochMs: day(100),
    });
    expect(refresh(before, 70, { profile, rotated: false })).toMatchObject({
      deadlineEpochMs: day(100),
      consentEndsAtEpochMs: day(100),
      issuedAtEpochMs: day(10),
    });
  });

  it('is found where a server states the same instant again and again', () => {
    const profile = { absoluteFrom: 'first_consent' } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 3000 }),
        fc.array(fc.double({ min: 0.01, max: 0.5, noNaN: true }), { minLength: 2, maxLength: 12 }),
        (endDays, steps) => {
          let before = known();
          let at = 0;
          for (const [index, step] of steps.entries()) {
            at += step * (endDays - at);
            const expiresInSeconds = Math.floor((endDays - at) * 86_400);
            const ends = refresh(before, at, { profile, expiresInSeconds });
            if (index === 0) expect(ends.consentEndsAtEpochMs).toBeUndefined();
            else {
              expect(Math.abs((ends.consentEndsAtEpochMs ?? 0) - day(endDays))).toBeLessThan(5_000);
              // To the millisecond the one that was noted before: an end that differs is another alert.
              expect([ends.consentEndsAtEpochMs, ends.deadlineEpochMs]).toEqual(
                Array(2).fill(before.deadlineEpochMs),
              );
            }
            before = { ...before, ...ends, refreshedAtEpochMs: day(at) };
          }
        },
      ),
      { seed: 20_261_129 },
    );
  });

  it('is none where the end that a server states moves along', () => {
    const profile = { absoluteFrom: 'first_consent' } as const;
    let before = known();
    for (const at of [0, 0.001, 10, 40, 41]) {
      const ends = refresh(before, at, { profile, expiresInSeconds: 60 * 86_400 });
      expect(ends.consentEndsAtEpochMs).toBeUndefined();
      before = { ...before, ...ends, refreshedAtEpochMs: day(at) };
    }
  });

  it('is refuted by a refresh that succeeds more than a day after it, and that is a deviation', () => {
    expect(refresh(known(), 365.5)).toMatchObject({ deadlineEpochMs: day(365), deviations: [] });
    expect(refresh(known(), 367)).toEqual({
      deadlineEpochMs: day(397),
      consentEndsAtEpochMs: undefined,
      issuedAtEpochMs: day(367),
      deviations: [expect.objectContaining({ code: 'absolute_limit_refuted' })],
    });
  });
});

describe('a lifetime that an answer states', () => {
  it('is that until the instant of the end, where the answer says that instead', () => {
    const profile = { absoluteFrom: 'first_consent' } as const;
    for (const expiresInSeconds of [day(7) / 1000, day(7)])
      expect(refresh(known(), 1, { profile, expiresInSeconds })).toMatchObject({
        deadlineEpochMs: day(7),
        deviations: [],
      });
    expect(readLifetime(day(700), CONSENTED)).toEqual({ seconds: 700 * 86_400, deviation: undefined });
  });

  it('is unknown, and a deviation, when it cannot be meant', () => {
    const instant = Math.floor(CONSENTED / 1000);
    const inMs = (days: number) => days * DAY_MS;
    const given = [
      2 ** 31 - 1,
      instant,
      CONSENTED,
      inMs(1),
      inMs(21),
      inMs(30),
      inMs(90),
      0,
      -1,
      Number.NaN,
      Infinity,
    ];
    for (const seconds of given) {
      expect([seconds, readLifetime(seconds, CONSENTED)]).toEqual([
        seconds,
        { seconds: undefined, deviation: expect.objectContaining({ code: 'lifetime_not_believed' }) },
      ]);
    }
  });

  it('is believed from a second to ten years', () => {
    for (const days of [1 / 86_400, 1 / 48, 1, 7, 90, 365, 366, 2 * 365, 5 * 365, 10 * 365]) {
      const seconds = days * 86_400;
      expect(readLifetime(seconds, CONSENTED)).toEqual({ seconds, deviation: undefined });
    }
    expect(readLifetime(undefined, CONSENTED)).toEqual({ seconds: undefined, deviation: undefined });
  });
});
