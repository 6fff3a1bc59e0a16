import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { classifyStatus, type StatusFacts } from '../../../../src/lib/scan/rules/status.ts';
import { inDays, NOW_EPOCH_MS } from '../../../fakes/metadata.ts';

const facts = (changes: Partial<StatusFacts> = {}): StatusFacts => ({
  enabled: true,
  notBeforeEpochMs: inDays(-100),
  expiresOnEpochMs: inDays(100),
  warningMs: 30 * DAY_MS,
  criticalMs: 10 * DAY_MS,
  ...changes,
});
const statusWith = (changes: Partial<StatusFacts>) => classifyStatus(facts(changes), NOW_EPOCH_MS);

describe('the status of a credential', () => {
  it('is valid far from its end', () => expect(statusWith({})).toBe('valid'));

  it('is warning from exactly the warning on, and valid a millisecond before', () => {
    expect(statusWith({ expiresOnEpochMs: inDays(30) })).toBe('warning');
    expect(statusWith({ expiresOnEpochMs: inDays(30) + 1 })).toBe('valid');
  });

  it('is critical from exactly the page on, and warning a millisecond before', () => {
    expect(statusWith({ expiresOnEpochMs: inDays(10) })).toBe('critical');
    expect(statusWith({ expiresOnEpochMs: inDays(10) + 1 })).toBe('warning');
  });

  it('is expired at its end, not after it', () => {
    expect(statusWith({ expiresOnEpochMs: NOW_EPOCH_MS })).toBe('expired');
    expect(statusWith({ expiresOnEpochMs: NOW_EPOCH_MS + 1 })).toBe('critical');
  });

  it('is never critical before its end when both thresholds are zero', () => {
    expect(statusWith({ expiresOnEpochMs: NOW_EPOCH_MS + 1, warningMs: 0, criticalMs: 0 })).toBe('valid');
  });

  it('is not_yet_valid before its start and valid at its start', () => {
    expect(statusWith({ notBeforeEpochMs: NOW_EPOCH_MS + 1 })).toBe('not_yet_valid');
    expect(statusWith({ notBeforeEpochMs: NOW_EPOCH_MS })).toBe('valid');
  });

  it('is no_expiry without an end, never valid', () => {
    expect(statusWith({ expiresOnEpochMs: undefined, warningMs: undefined, criticalMs: undefined })).toBe(
      'no_expiry',
    );
  });

  it('is expired rather than not_yet_valid when it starts after an end that is past', () => {
    expect(statusWith({ notBeforeEpochMs: inDays(5), expiresOnEpochMs: inDays(-5) })).toBe('expired');
  });

  it('is disabled whatever its dates say', () => {
    expect(statusWith({ enabled: false, expiresOnEpochMs: inDays(-5) })).toBe('disabled');
    expect(statusWith({ enabled: false, expiresOnEpochMs: undefined })).toBe('disabled');
  });

  it('is valid today and expired at the end of the year 9999 only', () => {
    const end = Date.parse('9999-12-31T23:59:59Z');
    expect(statusWith({ expiresOnEpochMs: end })).toBe('valid');
    expect(classifyStatus(facts({ expiresOnEpochMs: end }), end)).toBe('expired');
  });

  it('counts a leap day like any other', () => {
    const end = Date.parse('2028-03-01T00:00:00Z');
    const at = (text: string) =>
      classifyStatus(facts({ expiresOnEpochMs: end, warningMs: DAY_MS, criticalMs: 0 }), Date.parse(text));
    expect(at('2028-02-28T23:59:59Z')).toBe('valid');
    expect(at('2028-02-29T00:00:00Z')).toBe('warning');
  });

  it('is the same instant in every time zone', () => {
    const zones = fc.integer({ min: -14 * 60, max: 14 * 60 });
    fc.assert(
      fc.property(zones, fc.integer({ min: -50, max: 50 }), (zoneMinutes, hours) => {
        const end = NOW_EPOCH_MS + hours * 3_600_000;
        const local = new Date(end + zoneMinutes * 60_000).toISOString().slice(0, 19);
        const sign = zoneMinutes < 0 ? '-' : '+';
        const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
        const zone = `${sign}${two(Math.abs(zoneMinutes) / 60)}:${two(Math.abs(zoneMinutes) % 60)}`;
        expect(statusWith({ expiresOnEpochMs: Date.parse(local + zone) })).toBe(
          statusWith({ expiresOnEpochMs: end }),
        );
      }),
    );
  });

  it('only ever goes on: not yet valid, valid, warning, critical, expired', () => {
    const order = ['not_yet_valid', 'valid', 'warning', 'critical', 'expired'];
    const day = fc.integer({ min: -4000, max: 4000 });
    const share = fc.integer({ min: 0, max: 4000 });
    fc.assert(
      fc.property(
        fc.option(day, { nil: undefined }),
        day,
        share,
        share,
        fc.array(day),
        (from, to, a, b, days) => {
          const one = facts({
            notBeforeEpochMs: from === undefined ? undefined : inDays(from),
            expiresOnEpochMs: inDays(to),
            warningMs: Math.max(a, b) * DAY_MS,
            criticalMs: Math.min(a, b) * DAY_MS,
          });
          const ranks = days
            .sort((left, right) => left - right)
            .map((when) => order.indexOf(classifyStatus(one, inDays(when))));
          expect(ranks).not.toContain(-1);
          expect(ranks).toEqual([...ranks].sort((left, right) => left - right));
        },
      ),
    );
  });
});
