import { describe, expect, it } from 'vitest';
import { inspectObject } from '../../../src/lib/scan/inspectObject.ts';
import type { VersionListing } from '../../../src/lib/scan/ports.ts';
import type { CredentialMetadata } from '../../../src/lib/scan/rules/credential.ts';
import { fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, POLICY, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';

const look = (listing: VersionListing, version?: string) =>
  inspectObject(
    { inventory: fakeInventory({ [VAULT_URL]: { versions: listing } }), clock: manualClock(NOW_EPOCH_MS) },
    { vaultUrl: VAULT_URL, kind: 'secret', name: 'door-lock-api', version },
    POLICY,
  );
const versions = (...changes: Partial<CredentialMetadata>[]): VersionListing => ({
  ok: true,
  versions: changes.map(secretMetadata),
});
const OLD = { version: 'old', createdEpochMs: inDays(-360), expiresOnEpochMs: inDays(2) };
const NEW = { version: 'new', createdEpochMs: inDays(-1), expiresOnEpochMs: inDays(364) };

describe('a look at one object', () => {
  it('is at the version that took over when an old one is spoken of: its word is the last on the object', async () => {
    expect(await look(versions(OLD, NEW), 'old')).toMatchObject({
      ok: true,
      assessment: { version: 'new', status: 'valid', suppressed: undefined },
    });
    expect(
      await look(versions(OLD, { ...NEW, createdEpochMs: inDays(-300), expiresOnEpochMs: inDays(3) }), 'old'),
    ).toMatchObject({
      assessment: { version: 'new', status: 'critical', suppressed: undefined },
    });
  });

  it('is at the version spoken of when nothing is known to be newer', async () => {
    const twins = versions({ ...OLD, createdEpochMs: 1_000 }, { ...NEW, createdEpochMs: 1_000 });
    expect(await look(twins, 'old')).toMatchObject({ assessment: { version: 'old', suppressed: undefined } });
  });

  it('is at the version in force where that ends before the newest begins', async () => {
    const next = { ...NEW, notBeforeEpochMs: inDays(5) };
    for (const spokenOf of ['old', 'new', undefined])
      expect(await look(versions(OLD, next), spokenOf)).toMatchObject({
        assessment: { version: 'old', status: 'critical', findings: [{ code: 'gap_before_newest' }] },
      });
    expect(await look(versions(OLD, { ...NEW, notBeforeEpochMs: inDays(2) }), 'old')).toMatchObject({
      assessment: { version: 'new', status: 'not_yet_valid', findings: [] },
    });
    const ended = { ...OLD, expiresOnEpochMs: inDays(-20) };
    expect(await look(versions(ended, next), 'old')).toMatchObject({
      assessment: { version: 'new', status: 'not_yet_valid', findings: [] },
    });
  });

  it('goes by the clock of the vault', async () => {
    const listing = { ...versions(OLD), serverDateEpochMs: inDays(3) } as VersionListing;
    expect(await look(listing)).toMatchObject({ assessment: { status: 'expired' } });
  });

  it('is at the current version when none is spoken of, or one that is not there', async () => {
    for (const spokenOf of [undefined, 'gone']) {
      expect(await look(versions(OLD, NEW), spokenOf)).toMatchObject({ assessment: { version: 'new' } });
    }
  });

  it('finds an object gone that has no versions', async () => {
    expect(await look(versions())).toEqual({ ok: false, reason: 'gone' });
  });

  it('leaves what backs a certificate to the certificate', async () => {
    expect(await look(versions({ ...NEW, managed: true }))).toEqual({ ok: false, reason: 'managed' });
  });

  it('fails with the reason of the vault', async () => {
    const failure = inventoryFailure();
    expect(await look(failure)).toEqual({ ok: false, reason: 'failed', failure });
  });
});
