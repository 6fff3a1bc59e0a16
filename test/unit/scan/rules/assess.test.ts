import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATUSES_WORST_FIRST } from '../../../../src/lib/credentials/statuses.ts';
import { isInstant } from '../../../../src/lib/kernel/instant.ts';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { assessObject } from '../../../../src/lib/scan/rules/assess.ts';
import type { CredentialMetadata } from '../../../../src/lib/scan/rules/credential.ts';
import { anyText } from '../../../fakes/anyText.ts';
import { inDays, NOW_EPOCH_MS, OWNER, POLICY, secretMetadata, vaultSays } from '../../../fakes/metadata.ts';

const assess = (changes: Partial<CredentialMetadata> = {}) =>
  assessObject(secretMetadata(changes), POLICY, NOW_EPOCH_MS);
const codes = (changes: Partial<CredentialMetadata>) => assess(changes).findings.map(({ code }) => code);

describe('an object of a vault', () => {
  it('is identified by vault, kind and name, which scans have in common', () => {
    expect(assess().credentialId).toBe('kv-front-desk/secret/door-lock-api');
    expect(assess({ kind: 'key' }).credentialId).not.toBe(assess().credentialId);
  });

  it('without fault is valid, owned by default, and has no finding', () => {
    expect(assess()).toMatchObject({
      status: 'valid',
      owner: OWNER,
      findings: [],
      suppressed: undefined,
    });
  });

  it('is a finding when nobody owns it', () => {
    const { findings } = assessObject(secretMetadata(), { ...POLICY, says: [] }, NOW_EPOCH_MS);
    expect(findings).toEqual([{ code: 'unowned', detail: expect.stringContaining('keywatch-owner') }]);
  });

  it('that ended two weeks ago and is still enabled is a finding, and no longer a page', () => {
    const ended = (days: number, policy = POLICY, changes: Partial<CredentialMetadata> = {}) => {
      const metadata = secretMetadata({ expiresOnEpochMs: inDays(-days), ...changes });
      const { findings, alertUntilEpochMs = 0 } = assessObject(metadata, policy, NOW_EPOCH_MS);
      return { codes: findings.map(({ code }) => code), left: (alertUntilEpochMs - NOW_EPOCH_MS) / DAY_MS };
    };
    expect(ended(13.9).codes).toEqual([]);
    expect(ended(13.9).left).toBeCloseTo(0.1);
    expect(ended(14)).toEqual({ codes: ['ended_long_ago'], left: 0 });
    expect(ended(400).codes).toEqual(['ended_long_ago']);
    expect(ended(400, POLICY, { enabled: false }).codes).toEqual([]);
    const slow = { ...POLICY, says: [vaultSays({ endedLongAgoDays: 30 }), ...POLICY.says] };
    expect([ended(29, slow).codes, ended(30, slow).codes]).toEqual([[], ['ended_long_ago']]);
  });

  it('that starts at or after its end is never valid, and says so', () => {
    expect(codes({ notBeforeEpochMs: inDays(300) })).toEqual(['never_valid']);
    expect(codes({ notBeforeEpochMs: inDays(200) })).toEqual(['never_valid']);
    expect(codes({ notBeforeEpochMs: inDays(200) - 1 })).toEqual([]);
  });

  it('that is disabled has no findings, whatever is wrong with it', () => {
    const changes = { enabled: false, expiresOnEpochMs: undefined, tags: { 'keywatch-ignore': 'maybe' } };
    expect(assess(changes)).toMatchObject({ status: 'disabled', findings: [] });
  });
});

describe('the thresholds of an object', () => {
  const warningAndCriticalDays = (changes: Partial<CredentialMetadata>) => {
    const { expiresOnEpochMs = 0, warningAtEpochMs = 0, criticalAtEpochMs = 0 } = assess(changes);
    return [warningAtEpochMs, criticalAtEpochMs].map((at) => (expiresOnEpochMs - at) / DAY_MS);
  };
  const tagged = (warning?: string, critical?: string) => ({
    tags: {
      ...(warning === undefined ? {} : { 'keywatch-warning-days': warning }),
      ...(critical === undefined ? {} : { 'keywatch-critical-days': critical }),
    },
  });

  it('are a third and a ninth of a life shorter than 90 days', () => {
    const week = { createdEpochMs: inDays(0), expiresOnEpochMs: inDays(9) };
    expect(warningAndCriticalDays(week)).toEqual([3, 1]);
    expect(assess(week).status).toBe('valid');
  });

  it('are those of its tags, in days or as a share of its life', () => {
    expect(warningAndCriticalDays(tagged('60', '5'))).toEqual([60, 5]);
    expect(warningAndCriticalDays(tagged('20%', '10%'))).toEqual([73, 36.5]);
  });

  it('count a share from its start rather than its creation', () => {
    expect(warningAndCriticalDays({ ...tagged('50%', '0'), notBeforeEpochMs: inDays(100) })[0]).toBe(50);
  });

  it('fall back to days where a share is asked of an unknown life', () => {
    expect(warningAndCriticalDays({ ...tagged('20%'), createdEpochMs: undefined })).toEqual([30, 10]);
  });

  it('move along when a tag moves only one of them past the other', () => {
    expect(warningAndCriticalDays(tagged('5'))).toEqual([5, 5]);
    expect(warningAndCriticalDays(tagged(undefined, '40'))).toEqual([40, 40]);
    expect(codes(tagged('5'))).toEqual([]);
  });

  it('are the defaults, and a finding, where two tags cross', () => {
    expect(warningAndCriticalDays(tagged('5', '20'))).toEqual([30, 10]);
    expect(assess(tagged('5', '20')).findings).toEqual([
      {
        code: 'malformed_tag',
        detail: expect.stringContaining('(5 days) and keywatch-critical-days (20 days) cross'),
      },
    ]);
  });

  it('never page before they warn, whatever tags, defaults and dates are', () => {
    const threshold = fc.oneof(
      fc.record({ days: fc.integer({ min: 0, max: 3650 }) }),
      fc.record({ lifetimeShare: fc.double({ min: 0.01, max: 0.99, noNaN: true }) }),
    );
    const text = fc.option(
      fc.oneof(
        fc.nat(4000).map(String),
        fc.nat(120).map((n) => `${n}%`),
      ),
      { nil: undefined },
    );
    const day = fc.option(fc.integer({ min: -4000, max: 4000 }).map(inDays), { nil: undefined });
    fc.assert(
      fc.property(
        threshold,
        threshold,
        text,
        text,
        day,
        day,
        (warning, critical, warningTag, criticalTag, created, end) => {
          const metadata = secretMetadata({
            ...tagged(warningTag, criticalTag),
            createdEpochMs: created,
            expiresOnEpochMs: end,
          });
          const given = assessObject(
            metadata,
            { ...POLICY, says: [vaultSays({ warning, critical })] },
            NOW_EPOCH_MS,
          );
          expect(given.criticalAtEpochMs ?? 0).toBeGreaterThanOrEqual(given.warningAtEpochMs ?? 0);
        },
      ),
    );
  });
});

describe('absurd metadata', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15])(
    'with an end at %s has no end, and is not valid for ever',
    (end) => {
      expect(assess({ expiresOnEpochMs: end })).toMatchObject({
        status: 'no_expiry',
        expiresOnEpochMs: undefined,
      });
    },
  );

  it('never throws and always comes to one of the statuses, with instants that a calendar has', () => {
    const instant = fc.option(fc.oneof(fc.double(), fc.integer(), fc.constantFrom(8.64e15, -8.64e15)), {
      nil: undefined,
    });
    const text = anyText({ maxLength: 256 });
    const metadata = fc.record({
      enabled: fc.boolean(),
      name: text,
      createdEpochMs: instant,
      notBeforeEpochMs: instant,
      expiresOnEpochMs: instant,
      tags: fc.dictionary(
        fc.oneof(
          text,
          text.map((part) => `keywatch-${part}`),
        ),
        text,
        { maxKeys: 15 },
      ),
    });
    fc.assert(
      fc.property(metadata, (changes) => {
        const given = assess(changes);
        expect(STATUSES_WORST_FIRST).toContain(given.status);
        const { expiresOnEpochMs, notBeforeEpochMs, warningAtEpochMs, criticalAtEpochMs } = given;
        for (const at of [expiresOnEpochMs, notBeforeEpochMs, warningAtEpochMs, criticalAtEpochMs]) {
          expect(at === undefined || isInstant(at)).toBe(true);
        }
      }),
    );
  });
});
