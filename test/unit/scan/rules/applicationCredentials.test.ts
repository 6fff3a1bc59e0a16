import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedCredential } from '../../../../src/lib/directory/rules/directoryApplication.ts';
import {
  type ApplicationCredential,
  credentialsOf,
  successorOf,
} from '../../../../src/lib/scan/rules/applicationCredentials.ts';
import { application } from '../../../fakes/fakeDirectory.ts';
import { inDays, NOW_EPOCH_MS } from '../../../fakes/metadata.ts';

const IDENTIFIERS = ['AA', 'BB', 'CC'] as const;
const day = fc.option(fc.integer({ min: -900, max: 900 }).map(inDays), { nil: undefined });

/** Whatever the directory may list: dates missing or turned round, entries that share an identifier, or have none. */
const listedEntry: fc.Arbitrary<ListedCredential> = fc.record({
  type: fc.constantFrom('secret', 'certificate'),
  keyId: fc.option(fc.uuid(), { nil: undefined }),
  displayName: fc.constant(undefined),
  startEpochMs: day,
  endEpochMs: day,
  identifier: fc.option(fc.constantFrom(...IDENTIFIERS), { nil: undefined }),
});
const anyApplication = fc
  .record({
    entries: fc.array(listedEntry, { maxLength: 12 }),
    active: fc.option(fc.constantFrom(...IDENTIFIERS), { nil: undefined }),
    isSaml: fc.boolean(),
  })
  .map(({ entries, active, isSaml }) =>
    application(
      'any',
      entries,
      isSaml ? { type: 'servicePrincipals', saml: { activeThumbprint: active } } : {},
    ),
  );

const isValid = ({
  startEpochMs = 0,
  endEpochMs = Number.POSITIVE_INFINITY,
}: ApplicationCredential): boolean => startEpochMs <= NOW_EPOCH_MS && endEpochMs > NOW_EPOCH_MS;

describe('the credentials of an application', () => {
  it('are the same whatever the order of their entries', () => {
    fc.assert(
      fc.property(anyApplication, (one) => {
        const key = ({ kind, keyId, endEpochMs }: ApplicationCredential) => `${kind} ${keyId} ${endEpochMs}`;
        const turned = { ...one, credentials: one.credentials.toReversed() };
        expect(credentialsOf(turned).map(key).sort()).toEqual(credentialsOf(one).map(key).sort());
      }),
    );
  });

  it('never silence each other: of each kind that can be used, one speaks', () => {
    fc.assert(
      fc.property(anyApplication, (one) => {
        const all = credentialsOf(one);
        for (const kind of new Set(all.filter(isValid).map((credential) => credential.kind))) {
          const speaking = all
            .filter((credential) => credential.kind === kind && isValid(credential))
            .filter((credential) => successorOf(credential, all, NOW_EPOCH_MS) === undefined);
          expect(speaking.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('are not superseded by what a rotation made within a day, and may take back', () => {
    const secret = (startDays: number, endDays: number, displayName?: string): ListedCredential => ({
      ...{ type: 'secret', keyId: `k${startDays}`, displayName, identifier: undefined },
      ...{ startEpochMs: inDays(startDays), endEpochMs: inDays(endDays) },
    });
    const successor = (newer: ListedCredential) => {
      const all = credentialsOf(application('crm', [secret(-90, 3), newer]));
      const [old] = all;
      return old && successorOf(old, all, NOW_EPOCH_MS)?.keyId;
    };
    expect(successor(secret(-0.9, 180, 'keywatch:crm:1'))).toBe(undefined);
    expect(successor(secret(-1, 180, 'keywatch:crm:1'))).toBe('k-1');
    expect(successor(secret(-0.9, 180, 'by hand'))).toBe('k-0.9');
  });
});
