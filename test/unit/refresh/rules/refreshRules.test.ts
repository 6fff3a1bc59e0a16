import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stableShare } from '../../../../src/lib/kernel/stableShare.ts';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { NO_FAILURES } from '../../../../src/lib/refresh/rules/controlRecord.ts';
import { grantDeadline } from '../../../../src/lib/refresh/rules/deadline.ts';
import {
  afterGraceAcceptance,
  believedIntent,
  decideAmbiguous,
  intentInstants,
} from '../../../../src/lib/refresh/rules/intentDeadline.ts';
import { decideRefreshDue } from '../../../../src/lib/refresh/rules/refreshDue.ts';
import { refreshTimings } from '../../../../src/lib/refresh/rules/refreshTimings.ts';

const NOW = Date.parse('2026-11-22T12:20:00Z');
const rotations: fc.Arbitrary<RotationClass> = fc.oneof(
  fc.constantFrom<RotationClass>({ kind: 'static' }, { kind: 'keeps_old' }, { kind: 'strict' }),
  fc.record({ kind: fc.constant('grace' as const), graceSeconds: fc.integer({ min: 0, max: 200_000 }) }),
);

describe('the timings of a class', () => {
  it('hang together for every class', () => {
    fc.assert(
      fc.property(rotations, (rotation) => {
        const timings = refreshTimings(rotation);
        const leaseMs = timings.leaseSeconds * 1000;
        expect(timings.leaseSeconds).toBeGreaterThanOrEqual(15);
        expect(timings.leaseSeconds).toBeLessThanOrEqual(60);
        expect(timings.sendTimeoutMs + timings.fenceMarginMs).toBeLessThan(leaseMs);
        expect(timings.retryAfterMs).toBeGreaterThan(leaseMs);
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

  it('is believed whenever a clock that keeps time wrote it, also while a doubt is waited out', () => {
    const ageMs = fc.integer({ min: -4 * 60_000, max: 2 * DAY_MS });
    fc.assert(
      fc.property(rotations, ageMs, fc.nat({ max: 3_600_000 }), (rotation, sinceMs, graceAgeMs) => {
        const timings = refreshTimings(rotation);
        const intent = intentInstants(timings, NOW, NOW - graceAgeMs);
        const doubted = rotation.kind === 'grace' ? afterGraceAcceptance(intent, NOW) : undefined;
        for (const one of [intent, doubted ?? intent])
          expect(believedIntent(one, timings, NOW + sinceMs)).toBe(one);
        const ahead = intentInstants(timings, NOW + 2 * DAY_MS + sinceMs, undefined);
        const { kind } = decideAmbiguous(believedIntent(ahead, timings, NOW), NOW + 10 * 60_000);
        expect(kind).toBe('wait');
      }),
      { seed: 20261129 },
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
          // More than ten years are no lifetime.
          saidDays !== undefined && saidDays > 3652.5 ? undefined : saidDays,
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
      fc.property(
        fc.string({ minLength: 1 }),
        fc.double({ min: 0.001, max: 59, noNaN: true }),
        (grantId, lifeDays) => {
          const half = (lifeDays * DAY_MS) / 2;
          expect(at(NOW + Math.floor(half * 0.8) - 1, grantId, lifeDays).kind).toBe('not_due');
          expect(at(NOW + Math.ceil(half), grantId, lifeDays).kind).not.toBe('not_due');
          expect(at(NOW + half * 0.9, grantId, lifeDays)).toEqual(at(NOW + half * 0.9, grantId, lifeDays));
        },
      ),
    );
  });

  it('spreads grants over that tenth of their life', () => {
    const shares = Array.from({ length: 1000 }, (_, index) => stableShare(`grant-${index}`));
    const fifths = [0, 1, 2, 3, 4].map(
      (fifth) => shares.filter((share) => Math.floor(share * 5) === fifth).length,
    );
    for (const count of fifths) expect(count).toBeGreaterThan(140);
  });

  it('lets no grant lie unused for more than 30 days, whatever its life is said to be', () => {
    const life = fc.option(fc.double({ min: 0, max: 50_000, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.string(), life, (grantId, lifeDays) => {
        const deadlineEpochMs = lifeDays === undefined ? undefined : NOW + lifeDays * DAY_MS;
        const record = { refreshedAtEpochMs: NOW, deadlineEpochMs, failures: NO_FAILURES };
        const day30 = decideRefreshDue({ grantId, record, nowEpochMs: NOW + 30 * DAY_MS - 30 * 60_000 });
        expect(day30.kind).toBe('due');
      }),
      { seed: 20_261_129 },
    );
  });

  it('is once a day after a deadline that a refresh has outlived', () => {
    const record = { refreshedAtEpochMs: NOW, deadlineEpochMs: NOW - DAY_MS, failures: NO_FAILURES };
    const decide = (hours: number) =>
      decideRefreshDue({ grantId: 'crm', record, nowEpochMs: NOW + hours * 3_600_000 }).kind;
    expect([decide(23.9), decide(24)]).toEqual(['not_due', 'due']);
  });

  it('takes instants of a clock that was ahead for absent', () => {
    const ahead = NOW + 400 * DAY_MS;
    const record = { deadlineEpochMs: NOW + 60 * DAY_MS, failures: NO_FAILURES };
    const refreshed = { ...record, refreshedAtEpochMs: ahead };
    expect(decideRefreshDue({ grantId: 'crm', record: refreshed, nowEpochMs: NOW }).kind).toBe('due');
    const failures = { ...NO_FAILURES, consecutive: 1, days: 1, notBeforeEpochMs: ahead };
    const cooling = { ...record, refreshedAtEpochMs: NOW - 59 * DAY_MS, failures };
    expect(decideRefreshDue({ grantId: 'crm', record: cooling, nowEpochMs: NOW }).kind).toBe('due');
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
