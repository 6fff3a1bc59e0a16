import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_FAILURES } from '../../../src/lib/domain/controlRecord.ts';
import { grantDeadline } from '../../../src/lib/domain/deadline.ts';
import { decideAmbiguous, intentInstants } from '../../../src/lib/domain/intentDeadline.ts';
import type { RotationClass } from '../../../src/lib/domain/providerProfile.ts';
import { decideRefreshDue } from '../../../src/lib/domain/refreshDue.ts';
import { addFailure } from '../../../src/lib/domain/refreshFailure.ts';
import { MINIMUM_LAST_RESORT_MS, refreshTimings } from '../../../src/lib/domain/refreshTimings.ts';
import { stableShare } from '../../../src/lib/domain/stableShare.ts';
import { DAY_MS } from '../../../src/lib/domain/threshold.ts';

const NOW = Date.parse('2026-11-22T12:20:00Z');
const rotations: fc.Arbitrary<RotationClass> = fc.oneof(
  fc.constantFrom<RotationClass>({ kind: 'static' }, { kind: 'keeps_old' }, { kind: 'strict' }),
  fc.record({ kind: fc.constant('grace' as const), graceSeconds: fc.integer({ min: 0, max: 200_000 }) }),
);

describe('the timings of a class', () => {
  it('hang together for every class', () => {
    fc.assert(
      fc.property(rotations, fc.integer({ min: 0, max: 7_200_000 }), (rotation, lastResortMs) => {
        const timings = refreshTimings(rotation, lastResortMs);
        const leaseMs = timings.leaseSeconds * 1000;
        expect(timings.leaseSeconds).toBeGreaterThanOrEqual(15);
        expect(timings.leaseSeconds).toBeLessThanOrEqual(60);
        expect(timings.sendTimeoutMs + timings.fenceMarginMs).toBeLessThan(leaseMs);
        expect(timings.retryAfterMs).toBeGreaterThan(leaseMs);
        expect(timings.lastResortAfterMs).toBeGreaterThanOrEqual(MINIMUM_LAST_RESORT_MS);
        const repeatsMs = (timings.maximumPosts - 1) * timings.repeatAfterMs;
        expect(timings.sendTimeoutMs).toBeLessThanOrEqual(timings.repeatAfterMs);
        expect(timings.repeatAfterMs).toBeLessThan(timings.lastAnswerMs);
        expect(timings.lastAnswerMs).toBeGreaterThanOrEqual(60_000);
        expect(timings.holdMs + timings.lastAnswerMs).toBeLessThan(timings.lastResortAfterMs / 2);
        // With half of the function's 30 minutes left for the stores.
        expect(repeatsMs + timings.lastAnswerMs + timings.holdMs).toBeLessThan(15 * 60_000);
        if (timings.graceMs !== undefined) expect(timings.retryAfterMs + 2_000).toBeLessThan(timings.graceMs);
      }),
    );
  });
});

describe('an intent that was found', () => {
  it('is never retried between the end of its grace and the last resort', () => {
    fc.assert(
      fc.property(rotations, fc.nat({ max: 2 * 3_600_000 }), (rotation, ageMs) => {
        const timings = refreshTimings(rotation);
        const { kind } = decideAmbiguous(intentInstants(timings, NOW, undefined), NOW + ageMs);
        const inGrace =
          timings.graceMs !== undefined && ageMs >= timings.retryAfterMs && ageMs < timings.graceMs;
        const isOver = ageMs >= timings.lastResortAfterMs;
        expect(kind).toBe(isOver ? 'last_resort' : inGrace ? 'retry_in_grace' : 'wait');
      }),
    );
  });

  it('counts its grace from the first attempt with the same token', () => {
    const timings = refreshTimings({ kind: 'grace', graceSeconds: 600 });
    const retry = intentInstants(timings, NOW, NOW - 500_000);
    expect(decideAmbiguous(retry, NOW + 80_000).kind).toBe('retry_in_grace');
    expect(decideAmbiguous(retry, NOW + 100_000).kind).toBe('wait');
  });
});

describe('a deadline', () => {
  const days = fc.option(fc.double({ min: 0.01, max: 4000, noNaN: true }), { nil: undefined });
  it('is the earliest of the limits that are known, and absent when none is', () => {
    fc.assert(
      fc.property(days, days, days, (idleDays, absoluteDays, saidDays) => {
        const deadline = grantDeadline({
          profile: { idleDays, absoluteDays, absoluteFrom: 'first_consent' },
          usedAtEpochMs: NOW,
          issuedAtEpochMs: NOW,
          consentedAtEpochMs: NOW - 100 * DAY_MS,
          expiresInSeconds: saidDays === undefined ? undefined : saidDays * 86_400,
        });
        const limits = [
          idleDays,
          saidDays,
          absoluteDays === undefined ? undefined : absoluteDays - 100,
        ].filter((limit) => limit !== undefined);
        if (limits.length === 0) expect(deadline).toBeUndefined();
        else expect(deadline).toBeCloseTo(NOW + Math.min(...limits) * DAY_MS, -2);
      }),
    );
  });

  it('takes an expiry of zero, below zero or beyond all numbers for not known', () => {
    for (const expiresInSeconds of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      const life = { usedAtEpochMs: NOW, issuedAtEpochMs: NOW, consentedAtEpochMs: NOW, expiresInSeconds };
      expect(grantDeadline({ ...life, profile: { absoluteFrom: 'issue' } })).toBeUndefined();
    }
  });
});

describe('the due rule', () => {
  const at = (nowEpochMs: number, grantId = 'crm', lifeDays = 90) =>
    decideRefreshDue({
      grantId,
      profile: { idleDays: lifeDays },
      record: { refreshedAtEpochMs: NOW, deadlineEpochMs: NOW + lifeDays * DAY_MS, failures: NO_FAILURES },
      nowEpochMs,
    });

  it('says why in words', () => {
    const { kind, reason } = at(NOW + 47 * DAY_MS);
    expect(kind).toBe('due');
    expect(reason).toMatch(/^due since \d+ days: half of 90 days passed$/);
  });

  it('makes every grant due between 40 and 50 % of its life, always at the same instant', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: 8, max: 400 }), (grantId, lifeDays) => {
        const half = (lifeDays * DAY_MS) / 2;
        expect(at(NOW + half * 0.8 - 1, grantId, lifeDays).kind).toBe('not_due');
        expect(at(NOW + half, grantId, lifeDays).kind).toBe('due');
        expect(at(NOW + half * 0.9, grantId, lifeDays)).toEqual(at(NOW + half * 0.9, grantId, lifeDays));
      }),
    );
  });

  it('spreads grants over that tenth of their life', () => {
    const shares = Array.from({ length: 1000 }, (_, index) => stableShare(`grant-${index}`));
    const fifths = [0, 1, 2, 3, 4].map(
      (fifth) => shares.filter((share) => Math.floor(share * 5) === fifth).length,
    );
    for (const count of fifths) expect(count).toBeGreaterThan(140);
  });

  it('never begins at the top of the hour, unless the deadline is closer than that', () => {
    const later = NOW + 60 * DAY_MS;
    for (const minute of [0, 1, 2, 57, 58, 59]) {
      const nowEpochMs = later - (later % 3_600_000) + minute * 60_000;
      expect(at(nowEpochMs).kind).toBe('postponed');
    }
    expect(at(Date.parse('2027-02-20T12:01:00Z')).kind).toBe('due');
  });
});

describe('cooling down', () => {
  it('goes over to one attempt a day with the fourth day of failures, and not before', () => {
    let failures = NO_FAILURES;
    const waits = [0, 1, 2, 3, 4].map((day) => {
      const nowEpochMs = NOW + day * DAY_MS;
      failures = addFailure(failures, { grantId: 'g', code: 'x', permanence: 'transient', nowEpochMs });
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
            permanence: 'transient',
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
});
