import { describe, expect, it } from 'vitest';
import { VERSIONS_LIMIT } from '../../../../src/lib/oauth/rules/versionsAYear.ts';
import type { CredentialMetadata } from '../../../../src/lib/scan/rules/credential.ts';
import { currentVersion, isSuperseded, versionFindings } from '../../../../src/lib/scan/rules/versions.ts';
import { inDays, secretMetadata } from '../../../fakes/metadata.ts';

const version = (id: string, createdDay: number | undefined, changes: Partial<CredentialMetadata> = {}) =>
  secretMetadata({
    version: id,
    createdEpochMs: createdDay === undefined ? undefined : inDays(createdDay),
    ...changes,
  });
const disabled = { enabled: false };

describe('the current version', () => {
  it('is the newest enabled one, in whatever order they come', () => {
    const versions = [version('b', -5), version('c', -1, disabled), version('a', -9)];
    expect(currentVersion(versions)?.version).toBe('b');
  });

  it('is the newest at all when none is enabled, and none of none', () => {
    expect(currentVersion([version('a', -9, disabled), version('b', -5, disabled)])?.version).toBe('b');
    expect(currentVersion([])).toBeUndefined();
  });
});

describe('a version', () => {
  const [old, current] = [version('a', -300), version('b', -3)];

  it('is superseded by a newer enabled one', () => {
    expect(isSuperseded(old, [old, current])).toBe(true);
    expect(isSuperseded(current, [old, current])).toBe(false);
  });

  it('is not superseded by a newer one that is disabled', () => {
    expect(isSuperseded(old, [old, version('b', -3, disabled)])).toBe(false);
  });

  it('is not superseded by one of the same second: creation does not order the two', () => {
    const twin = version('c', -300);
    expect([old, twin].map((one) => isSuperseded(one, [old, twin]))).toEqual([false, false]);
  });

  it('is not superseded by itself, nor where creation is unknown', () => {
    const unknown = [version('a', undefined), version('b', undefined)];
    for (const one of unknown) expect(isSuperseded(one, unknown)).toBe(false);
    expect(isSuperseded(old, [old])).toBe(false);
  });

  it('may leave one older version enabled, not two', () => {
    const older = [version('y', -20), version('z', -10)];
    expect(versionFindings([current, version('z', -10)])).toEqual([]);
    expect(versionFindings([current, ...older])).toEqual([
      { code: 'superseded_version_enabled', detail: expect.stringContaining('2 older versions') },
    ]);
    expect(versionFindings([current, ...older.map((one) => ({ ...one, enabled: false }))])).toEqual([]);
  });

  it('that is disabled above an enabled one is a finding, and not among equals or where nothing is enabled', () => {
    const off = version('c', -1, disabled);
    expect(versionFindings([old, current, off])).toEqual([
      {
        code: 'newest_version_disabled',
        detail: expect.stringMatching(/of 2026-11-21, is disabled, and one of 2026-11-19 is enabled/),
      },
    ]);
    expect(versionFindings([old, off, version('d', 0)])).toEqual([]);
    expect(versionFindings([current, version('c', -3, disabled)])).toEqual([]);
    expect(versionFindings([off, version('d', -9, disabled)])).toEqual([]);
  });

  it('of an object with more versions than can be backed up is a finding, from one over the limit', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => version(`v${n}`, -n, disabled));
    expect(versionFindings(many(VERSIONS_LIMIT))).toEqual([]);
    expect(versionFindings(many(VERSIONS_LIMIT + 1)).map(({ code }) => code)).toEqual(['too_many_versions']);
  });
});
