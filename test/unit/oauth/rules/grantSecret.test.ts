import { describe, expect, it } from 'vitest';
import { assessObject, grantObjectKey } from '../../../../src/lib/scan/rules/assess.ts';
import type { CredentialMetadata } from '../../../../src/lib/scan/rules/credential.ts';
import { inDays, NOW_EPOCH_MS, POLICY, secretMetadata } from '../../../fakes/metadata.ts';

const assess = (changes: Partial<CredentialMetadata> = {}) =>
  assessObject(secretMetadata(changes), POLICY, NOW_EPOCH_MS);

describe("a grant's secret", () => {
  const instant = (days: number) => new Date(inDays(days)).toISOString().replace(/\.\d+Z$/, 'Z');
  /** Refreshed so many days ago, ending in so many. */
  const grant = (refreshed: number, ends: number | undefined, tags: Record<string, string> = {}) =>
    assess({
      createdEpochMs: inDays(refreshed),
      expiresOnEpochMs: ends === undefined ? undefined : inDays(ends),
      tags: { 'keywatch-seq': '7', 'keywatch-refreshed-at': instant(refreshed), ...tags },
    });

  it('has its life counted from the last refresh, however old its version is', () => {
    const tags = { 'keywatch-seq': '7', 'keywatch-refreshed-at': instant(-3) };
    const old = { createdEpochMs: inDays(-300), tags };
    expect(assess({ ...old, expiresOnEpochMs: inDays(4) }).status).toBe('valid');
    expect(assess({ ...old, expiresOnEpochMs: inDays(0.3) }).status).toBe('critical');
  });

  it('does not look younger for a version that a failing attempt wrote', () => {
    const tags = { 'keywatch-seq': '7', 'keywatch-refreshed-at': instant(-70), 'keywatch-stage': 'intent' };
    expect(assess({ createdEpochMs: inDays(0), expiresOnEpochMs: inDays(20), tags }).status).toBe('warning');
  });

  it('goes by the whole consent where that is what ends', () => {
    const tags = {
      'keywatch-consented-at': instant(-340),
      'keywatch-consent-ends-at': instant(25),
    };
    expect(grant(-1, 25, tags).status).toBe('warning');
    expect(grant(-1, 6, { ...tags, 'keywatch-consent-ends-at': instant(6) }).status).toBe('critical');
    expect(grant(-1, 6, tags).status).toBe('valid');
  });

  it('without a known end is no credential without expiry, as long as it is refreshed', () => {
    expect(grant(-29, undefined)).toMatchObject({ status: 'valid', findings: [] });
    for (const forgotten of [grant(-61, undefined), grant(-1, undefined, { 'keywatch-state': 'dead' })])
      expect(forgotten).toMatchObject({ status: 'no_expiry', findings: [{ code: 'no_expiry' }] });
  });

  it('that its own refreshes outgrow within a year is a finding with the number, and well all the same', () => {
    const tags = { 'keywatch-seq': '7', 'keywatch-refreshed-at': instant(-1) };
    const judged = (versionsPerRefresh: number, ends: number) => {
      const object = { grantId: 'crm', owner: undefined, runbook: undefined, versionsPerRefresh };
      const policy = {
        ...POLICY,
        grantObjects: new Map([[grantObjectKey('secret', 'door-lock-api'), object]]),
      };
      return assessObject(secretMetadata({ expiresOnEpochMs: inDays(ends), tags }), policy, NOW_EPOCH_MS);
    };
    expect(judged(2, 2)).toMatchObject({
      status: 'valid',
      findings: [{ code: 'too_many_versions', detail: expect.stringContaining('about 541 versions') }],
    });
    expect(judged(1, 2).findings).toEqual([]);
    expect(judged(2, 6).findings).toEqual([]);
  });

  it('that a person wrote a moment ago is no credential without expiry either', () => {
    const object = { grantId: 'crm', owner: undefined, runbook: undefined, versionsPerRefresh: 0 };
    const policy = {
      ...POLICY,
      grantObjects: new Map([[grantObjectKey('secret', 'door-lock-api'), object]]),
    };
    const judged = (createdDays: number) =>
      assessObject(
        secretMetadata({ createdEpochMs: inDays(createdDays), expiresOnEpochMs: undefined }),
        policy,
        NOW_EPOCH_MS,
      ).status;
    expect([judged(-1), judged(-3)]).toEqual(['valid', 'no_expiry']);
  });

  it('ignores an instant that a wrong clock wrote', () => {
    expect(grant(400, undefined).status).toBe('no_expiry');
  });

  it('asks for no attention in the time in which a refresh of a short life is due', () => {
    for (const minutes of [30, 60, 90, 180]) {
      const day = minutes / 1440;
      const late = minutes / 2 - Math.min(minutes / 2, 19);
      expect([minutes, grant(late / 1440 - day, late / 1440 + 1e-4).status]).toEqual([minutes, 'valid']);
    }
  });
});
