import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VERSIONS_LIMIT } from '../../../../src/lib/oauth/rules/versionsAYear.ts';
import type { ObjectMetadata } from '../../../../src/lib/scan/rules/credential.ts';
import { currentVersion, versionFacts } from '../../../../src/lib/scan/rules/versions.ts';
import { inDays, secretMetadata } from '../../../fakes/metadata.ts';

const version = (id: string, createdDay: number | undefined, changes: Partial<ObjectMetadata> = {}) =>
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
    expect(versionFacts(old, [old, current]).superseded).toBe(true);
    expect(versionFacts(current, [old, current]).superseded).toBe(false);
  });

  it('is not superseded by a newer one that is disabled', () => {
    expect(versionFacts(old, [old, version('b', -3, disabled)]).superseded).toBe(false);
  });

  it('is not superseded by one of the same second: creation does not order the two', () => {
    const twin = version('c', -300);
    expect([old, twin].map((one) => versionFacts(one, [old, twin]).superseded)).toEqual([false, false]);
  });

  it('is not superseded by itself, nor where creation is unknown', () => {
    const unknown = [version('a', undefined), version('b', undefined)];
    for (const one of unknown) expect(versionFacts(one, unknown).superseded).toBe(false);
    expect(versionFacts(old, [old]).superseded).toBe(false);
  });

  it('may leave one older version enabled, not two', () => {
    const older = [version('y', -20), version('z', -10)];
    expect(versionFacts(current, [current, version('z', -10)]).findings).toEqual([]);
    expect(versionFacts(current, [current, ...older]).findings).toEqual([
      { code: 'superseded_version_enabled', detail: expect.stringContaining('2 older versions') },
    ]);
    expect(
      versionFacts(current, [current, ...older.map((one) => ({ ...one, enabled: false }))]).findings,
    ).toEqual([]);
  });

  it('of an object with more versions than can be backed up is a finding, from one over the limit', () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => version(`v${n}`, -n, disabled));
    expect(versionFacts(current, many(VERSIONS_LIMIT)).findings).toEqual([]);
    expect(versionFacts(current, many(VERSIONS_LIMIT + 1)).findings.map(({ code }) => code)).toEqual([
      'too_many_versions',
    ]);
  });

  it('is never superseded when it is the current one', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: -99, max: 0 }), fc.boolean()), { minLength: 1 });
    fc.assert(
      fc.property(some, (given) => {
        const versions = given.map(([day, enabled], index) => version(`v${index}`, day, { enabled }));
        const newest = currentVersion(versions);
        expect(newest && versionFacts(newest, versions).superseded).toBe(false);
      }),
    );
  });
});
