import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { NO_FAILURES } from '../../../../src/lib/refresh/rules/controlRecord.ts';
import { addFailure, type FailedAttempt } from '../../../../src/lib/refresh/rules/refreshFailure.ts';

const NOW = Date.parse('2026-11-22T12:20:00Z');

describe('cooling down', () => {
  it('goes over to one attempt a day with the fourth day of failures, and not before', () => {
    let failures = NO_FAILURES;
    const waits = [0, 1, 2, 3, 4].map((day) => {
      const nowEpochMs = NOW + day * DAY_MS;
      failures = addFailure(failures, { grantId: 'g', code: 'x', retryable: true, nowEpochMs });
      return failures.notBeforeEpochMs - nowEpochMs;
    });
    expect(waits.map((waitMs) => waitMs === DAY_MS)).toEqual([false, false, false, true, true]);
  });

  it('counts a day once, grows, obeys Retry-After and leaves time before the deadline', () => {
    const attempts = fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 2 * DAY_MS }),
        retryAfterSeconds: fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(attempts, (given) => {
        let failures = NO_FAILURES;
        let nowEpochMs = NOW;
        const days = new Set<string>();
        for (const { afterMs, retryAfterSeconds } of given) {
          nowEpochMs += afterMs;
          days.add(new Date(nowEpochMs).toISOString().slice(0, 10));
          const code = 'x';
          failures = addFailure(failures, {
            grantId: 'g',
            code,
            retryable: true,
            nowEpochMs,
            retryAfterSeconds,
          });
          expect(failures.notBeforeEpochMs - nowEpochMs).toBeGreaterThanOrEqual(5 * 60_000);
          expect(failures.notBeforeEpochMs - nowEpochMs).toBeLessThanOrEqual(DAY_MS);
          const asked = Math.min(retryAfterSeconds ?? 0, 86_400) * 1000;
          expect(failures.notBeforeEpochMs - nowEpochMs).toBeGreaterThanOrEqual(asked);
        }
        expect(failures.days).toBe(days.size);
        expect(failures.consecutive).toBe(given.length);
      }),
    );
  });

  const pauseMs = (changes: Partial<FailedAttempt>) =>
    addFailure(NO_FAILURES, {
      grantId: 'g',
      code: 'x',
      retryable: true,
      nowEpochMs: NOW,
      ...changes,
    }).notBeforeEpochMs - NOW;

  it.each([
    ['10 minutes at most', {}, 10],
    ['what Retry-After asks for', { retryAfterSeconds: 1_800 }, 30],
    ['an hour at most where Retry-After is in milliseconds', { retryAfterSeconds: 60_000 }, 60],
    ['as long as everybody where only a person can help', { retryable: false }, undefined],
  ])('holds back who waits for an access token for %s', (_how, changes, minutes) => {
    const attempt = { grantId: 'g', code: 'x', retryable: true, nowEpochMs: NOW, ...changes };
    const before = { ...NO_FAILURES, consecutive: 7, days: 1 };
    const { notBeforeEpochMs, waitedForFromEpochMs } = addFailure(before, attempt);
    const expected = minutes === undefined ? notBeforeEpochMs : NOW + minutes * 60_000;
    expect(waitedForFromEpochMs).toBe(expected);
    expect(notBeforeEpochMs).toBeGreaterThan(NOW + 60 * 60_000);
  });

  it('ends the hurry at the deadline: from then on a day', () => {
    for (const afterMs of [0, 1, 60_000, 40 * DAY_MS]) {
      expect(pauseMs({ deadlineEpochMs: NOW - afterMs })).toBe(DAY_MS);
      expect(pauseMs({ deadlineEpochMs: NOW - afterMs, retryAfterSeconds: 10 ** 9 })).toBe(DAY_MS);
    }
  });

  it('never waits for a Retry-After beyond half of what is left of the token', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60_000, max: 90 * DAY_MS }),
        fc.oneof(fc.integer({ min: 0 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -5, 1e300)),
        (leftMs, retryAfterSeconds) => {
          const ms = pauseMs({ deadlineEpochMs: NOW + leftMs, retryAfterSeconds });
          expect(ms).toBeLessThanOrEqual(Math.min(Math.max(leftMs / 2, 300_000), DAY_MS) + 1);
        },
      ),
      { seed: 20_261_129 },
    );
  });
});
