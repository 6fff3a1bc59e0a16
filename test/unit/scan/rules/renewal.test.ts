import { describe, expect, it } from 'vitest';
import { isoDate } from '../../../../src/lib/kernel/instant.ts';
import {
  describeRenewal,
  type RenewalTrigger,
  renewalByPolicy,
  renewalSaid,
  renewalStage,
} from '../../../../src/lib/scan/rules/renewal.ts';
import { inDays, NOW_EPOCH_MS, secretMetadata } from '../../../fakes/metadata.ts';

/** It lives for 100 days, 80 of which are over. */
const CERTIFICATE = secretMetadata({
  kind: 'certificate',
  createdEpochMs: inDays(-80),
  notBeforeEpochMs: inDays(-80),
  expiresOnEpochMs: inDays(20),
});

const by = (trigger: RenewalTrigger, dated = CERTIFICATE) => {
  const renewal = renewalByPolicy({ isEnabled: true, issuer: 'DigiCert', triggers: [trigger] }, dated);
  return renewal.renews ? (renewal.dueEpochMs - NOW_EPOCH_MS) / 86_400_000 : renewal.because;
};

describe('the policy of a certificate or key', () => {
  it.each([
    [{ daysBeforeEnd: 30 }, -10],
    [{ lifetimePercentage: 80 }, 0],
    [{ lifetimePercentage: 99 }, 19],
    [{ timeBeforeEnd: 'P10D' }, 10],
    [{ timeBeforeEnd: 'P1W' }, 13],
    [{ timeBeforeEnd: 'PT36H' }, 18.5],
    [{ timeAfterCreation: 'P90D' }, 10],
  ] as const)('renews by %j, %s days from now', (trigger, days) => {
    expect(by(trigger)).toBe(days);
  });

  it('counts months and years by the calendar', () => {
    const made = { ...CERTIFICATE, createdEpochMs: Date.parse('2026-01-15T00:00:00Z') };
    const policy = { isEnabled: true, triggers: [{ timeAfterCreation: 'P1Y1M' }] };
    expect(renewalByPolicy(policy, made)).toMatchObject({ dueEpochMs: Date.parse('2027-02-15T00:00:00Z') });
  });

  it.each([
    ['P1M', '2027-03-31', '2027-02-28'],
    ['P3M', '2027-12-31', '2027-09-30'],
    ['P1Y', '2032-02-29', '2031-02-28'],
    ['P4Y', '2032-02-29', '2028-02-29'],
  ])('%s before %s is due on %s: the last day of a month that is shorter', (timeBeforeEnd, end, due) => {
    const dated = { ...CERTIFICATE, createdEpochMs: 0, expiresOnEpochMs: Date.parse(end) };
    const policy = { isEnabled: true, triggers: [{ timeBeforeEnd }] };
    expect(renewalByPolicy(policy, dated)).toMatchObject({ dueEpochMs: Date.parse(due) });
  });

  it.each([
    { daysBeforeEnd: 0 },
    { lifetimePercentage: 0 },
    { lifetimePercentage: 100 },
    { timeBeforeEnd: 'P' },
    { timeBeforeEnd: 'soon' },
    { timeAfterCreation: 'PT' },
    {},
  ])('that says no time (%j) renews nothing', (trigger) => {
    expect(by(trigger)).toMatch(/does not say when/);
  });

  it('is never due before there is anything to renew', () => {
    expect(by({ daysBeforeEnd: 300 })).toBe(-80);
  });

  it.each([
    [{ isEnabled: true, issuer: 'Unknown', triggers: [{ daysBeforeEnd: 30 }] }, /Unknown/],
    [{ isEnabled: true, issuer: 'unknown', triggers: [{ daysBeforeEnd: 30 }] }, /Unknown/],
    [{ isEnabled: false, issuer: 'Self', triggers: [{ daysBeforeEnd: 30 }] }, /disabled/],
    [{ isEnabled: true, issuer: 'Self', triggers: [] }, /no action/],
  ])('renews nothing where it cannot: %j', (policy, because) => {
    const renewal = renewalByPolicy(policy, CERTIFICATE);
    expect(renewal).toMatchObject({ renews: false, because: expect.stringMatching(because) });
    expect(describeRenewal(renewal)).toMatch(/^not renewed by itself: /);
  });

  it('of what has no end, or no start, is due at no time that depends on it', () => {
    expect(by({ daysBeforeEnd: 30 }, { ...CERTIFICATE, expiresOnEpochMs: undefined })).toMatch(/when/);
    const startless = { ...CERTIFICATE, createdEpochMs: undefined, notBeforeEpochMs: undefined };
    expect(by({ lifetimePercentage: 80 }, startless)).toMatch(/when/);
    expect(by({ daysBeforeEnd: 30 }, startless)).toBe(-10);
  });
});

describe('a renewal that somebody says', () => {
  it('is due so long before the end, in days or as a share of the life', () => {
    const dueOf = (renews: { days: number } | { lifetimeShare: number }) =>
      renewalSaid({ origin: 'tag', scope: 'one', says: { renews } }, CERTIFICATE);
    expect(dueOf({ days: 7 })).toEqual({ renews: true, dueEpochMs: inDays(13), by: 'its tag' });
    expect(dueOf({ lifetimeShare: 0.1 })).toMatchObject({ dueEpochMs: inDays(10) });
  });

  it('is none where nobody says it, or nothing ends', () => {
    const source = { origin: 'rules[0]', scope: 'one', says: { renews: { days: 7 } } } as const;
    expect(renewalSaid({ ...source, says: {} }, CERTIFICATE)).toBeUndefined();
    expect(renewalSaid(source, { ...CERTIFICATE, expiresOnEpochMs: undefined })).toBeUndefined();
  });
});

describe('the stage of a renewal', () => {
  const stageAt = (dueDays: number, endDays: number) =>
    renewalStage({ renews: true, dueEpochMs: inDays(dueDays), by: 'it' }, inDays(endDays), NOW_EPOCH_MS);

  it.each([
    [5, 20, 'awaited'],
    [-1.99, 20, 'awaited'],
    [-2, 20, 'late'],
    // Of two days that were left, one is the grace.
    [-0.99, 1.01, 'awaited'],
    [-1, 1, 'late'],
    [0, 0, 'late'],
  ] as const)('due in %s days, ending in %s, is %s', (due, end, stage) => {
    expect(stageAt(due, end)).toBe(stage);
  });

  it('is none for what does not renew itself', () => {
    expect(renewalStage({ renews: false, because: 'no' }, inDays(1), NOW_EPOCH_MS)).toBeUndefined();
    expect(renewalStage(undefined, inDays(1), NOW_EPOCH_MS)).toBeUndefined();
  });

  it('is told with its day', () => {
    expect(describeRenewal({ renews: true, dueEpochMs: inDays(3), by: 'its policy' })).toBe(
      `renewed by its policy, due on ${isoDate(inDays(3))}`,
    );
  });
});
