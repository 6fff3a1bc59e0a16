import { describe, expect, it } from 'vitest';
import type { AzureFailure } from '../../../src/lib/azure/azureErrorReason.ts';
import type { Assessment, CredentialMetadata } from '../../../src/lib/scan/rules/credential.ts';
import { type FakeVault, fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { scanVault } from '../../fakes/keyVaultScan.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { inDays, NOW_EPOCH_MS, POLICY, secretMetadata, VAULT_URL } from '../../fakes/metadata.ts';

const REQUEST = { source: 'keyvault', target: VAULT_URL, runId: 'scan-1', mode: 'full' } as const;
const certificate = (changes: Partial<CredentialMetadata> = {}) =>
  secretMetadata({ kind: 'certificate', name: 'desk', expiresOnEpochMs: inDays(20), ...changes });
const renewing = (daysBeforeEnd: number) => ({
  isEnabled: true,
  issuer: 'DigiCert',
  triggers: [{ daysBeforeEnd }],
});

const scan = async (
  objects: readonly CredentialMetadata[],
  policy?: FakeVault['policy'],
  versions?: readonly CredentialMetadata[] | AzureFailure,
) => {
  const seen: Assessment[] = [];
  const asked: string[] = [];
  const inventory = fakeInventory({
    [VAULT_URL]: {
      pages: { [objects[0]?.kind ?? 'secret']: [objects] },
      ...(policy === undefined ? {} : { policy }),
      ...(versions === undefined ? {} : { versions: 'ok' in versions ? versions : { ok: true, versions } }),
    },
  });
  const counting = {
    ...inventory,
    listVersions: (...given: Parameters<typeof inventory.listVersions>) => {
      asked.push(`versions of ${given[1]}/${given[2]}`);
      return inventory.listVersions(...given);
    },
    renewalPolicy: (...given: Parameters<typeof inventory.renewalPolicy>) => {
      asked.push(`${given[1]}/${given[2]}`);
      return inventory.renewalPolicy(...given);
    },
  };
  const ports = { inventory: counting, clock: manualClock(NOW_EPOCH_MS), policy: POLICY };
  const { counts, outcome, failure } = await scanVault(ports, REQUEST, 1000, (one) => void seen.push(one));
  return { seen, asked, counts, outcome, failure };
};

describe('a scan of what may renew itself', () => {
  it('leaves in peace what is not due yet', async () => {
    const { seen, counts } = await scan([certificate()], renewing(15));
    expect(seen).toMatchObject([{ status: 'warning', suppressed: 'renews_itself', findings: [] }]);
    expect(counts).toMatchObject({ objects: 1, renewing: 1 });
  });

  it('finds a renewal that is late, and lets its thresholds hold', async () => {
    const { seen, counts } = await scan([certificate()], renewing(23));
    expect(seen).toMatchObject([
      { status: 'warning', suppressed: undefined, findings: [{ code: 'renewal_late' }] },
    ]);
    expect(seen[0]?.findings[0]?.detail).toContain('2026-11-19');
    expect(counts.renewing).toBe(0);
  });

  it('never hides an end', async () => {
    const { seen } = await scan([certificate({ expiresOnEpochMs: inDays(-1) })], renewing(0.1));
    expect(seen).toMatchObject([{ status: 'expired', suppressed: undefined }]);
  });

  it('asks once for each that would need attention, and for no other', async () => {
    const { asked } = await scan([
      certificate({ name: 'near' }),
      certificate({ name: 'far', expiresOnEpochMs: inDays(200) }),
      certificate({ name: 'off', enabled: false }),
      certificate({ name: 'ignored', tags: { 'keywatch-ignore': 'true' } }),
      certificate({ name: 'tagged', tags: { 'keywatch-renews': '15' } }),
      certificate({ name: 'long-ended', expiresOnEpochMs: inDays(-40) }),
    ]);
    expect(asked).toEqual(['certificate/near', 'versions of certificate/off']);
    expect((await scan([secretMetadata({ expiresOnEpochMs: inDays(5) })])).asked).toEqual([]);
    expect((await scan([certificate({ kind: 'key' })])).asked).toEqual(['key/desk']);
  });

  it('goes by a tag where there is one, of a secret too', async () => {
    const tagged = (days: string) =>
      secretMetadata({ expiresOnEpochMs: inDays(20), tags: { 'keywatch-renews': days } });
    const { seen } = await scan([tagged('15'), tagged('23'), tagged('soon')]);
    expect(seen.map(({ suppressed, findings }) => [suppressed, findings.map(({ code }) => code)])).toEqual([
      ['renews_itself', []],
      [undefined, ['renewal_late']],
      [undefined, ['malformed_tag']],
    ]);
  });

  it('takes one whose policy cannot be read for one that does not renew, and says why', async () => {
    const { seen } = await scan([certificate()], inventoryFailure({ message: 'It may not.' }));
    expect(seen).toMatchObject([
      { status: 'warning', suppressed: undefined, renewal: { renews: false, because: 'It may not' } },
    ]);
  });

  it('does not ask again where all would be refused, and does where one was gone', async () => {
    const two = [certificate({ name: 'one' }), certificate({ name: 'two' })];
    expect((await scan(two, inventoryFailure())).asked).toEqual(['certificate/one']);
    expect((await scan(two, inventoryFailure({ reason: 'not_found' }))).asked).toHaveLength(2);
  });

  it('asks 500 times at most, and says so of the others', async () => {
    const many = Array.from({ length: 501 }, (_, index) => certificate({ name: `c-${index}` }));
    const { asked, seen } = await scan(many, renewing(15));
    expect(asked).toHaveLength(500);
    expect(seen.at(-1)).toMatchObject({
      suppressed: undefined,
      renewal: { renews: false, because: expect.stringContaining('500') },
    });
  });
});

describe('a scan of what is disabled, or has not begun', () => {
  const off = secretMetadata({ enabled: false, version: 'new', createdEpochMs: inDays(-1) });
  const older = (changes: Partial<CredentialMetadata>) =>
    secretMetadata({ version: 'old', createdEpochMs: inDays(-90), ...changes });

  it('sees the older version that is still in use, with its end', async () => {
    const { seen, counts } = await scan([off], undefined, [off, older({ expiresOnEpochMs: inDays(5) })]);
    expect(seen).toMatchObject([
      { version: 'old', status: 'critical', findings: [{ code: 'newest_version_disabled' }] },
    ]);
    expect(counts.byStatus).toMatchObject({ disabled: 0, critical: 1 });
  });

  it.each([
    ['has no other version', [off]],
    ['has no enabled one', [off, older({ enabled: false })]],
    ['has one that ended long ago', [off, older({ expiresOnEpochMs: inDays(-20) })]],
    ['is gone meanwhile', []],
  ])('leaves it at that where it %s', async (_, versions) => {
    const { seen } = await scan([off], undefined, versions);
    expect(seen).toMatchObject([{ status: 'disabled', findings: [] }]);
  });

  it('sees the version in force where that ends before the newest begins, and not where it ended long ago', async () => {
    const next = { ...off, enabled: true, notBeforeEpochMs: inDays(9) };
    const newest = { ...off, version: 'newest', createdEpochMs: inDays(0) };
    const statusOf = async (expiresOnEpochMs: number, newer: readonly CredentialMetadata[] = []) => {
      const versions = [...newer, next, older({ expiresOnEpochMs })];
      const { seen } = await scan(versions.slice(0, 1), undefined, versions);
      return seen.map(({ version, status, findings }) => [version, status, findings.map(({ code }) => code)]);
    };
    expect(await statusOf(inDays(5))).toEqual([['old', 'critical', ['gap_before_newest']]]);
    expect(await statusOf(inDays(9))).toEqual([['new', 'not_yet_valid', []]]);
    expect(await statusOf(inDays(-20))).toEqual([['new', 'not_yet_valid', []]]);
    expect(await statusOf(inDays(5), [newest])).toEqual([
      ['old', 'critical', ['newest_version_disabled', 'gap_before_newest']],
    ]);
    const afterNext = {
      ...newest,
      enabled: true,
      notBeforeEpochMs: inDays(99),
      expiresOnEpochMs: inDays(400),
    };
    expect(await statusOf(inDays(9), [afterNext])).toEqual([['newest', 'not_yet_valid', []]]);
  });

  it('asks whether the older version renews itself', async () => {
    const newest = certificate({ enabled: false, version: 'new', createdEpochMs: inDays(-1) });
    const inUse = certificate({ version: 'old', createdEpochMs: inDays(-90) });
    const { seen, asked } = await scan([newest], renewing(15), [newest, inUse]);
    expect(seen).toMatchObject([{ version: 'old', suppressed: 'renews_itself' }]);
    expect(asked).toEqual(['versions of certificate/desk', 'certificate/desk']);
  });

  it('has failed where the versions of one cannot be listed, as the older one may be in use, and asks for no other', async () => {
    const throttled = inventoryFailure({ reason: 'throttled', retryable: true });
    const { outcome, failure, asked } = await scan([off, { ...off, name: 'other' }], undefined, throttled);
    expect([outcome, failure, asked.length]).toEqual(['failed', throttled, 1]);
  });

  it('does not look at what is ignored', async () => {
    expect((await scan([{ ...off, tags: { 'keywatch-ignore': 'true' } }])).asked).toEqual([]);
  });

  it('looks at 500 at most, and says of each other that it was not looked at', async () => {
    const many = Array.from({ length: 502 }, (_, index) => ({ ...off, name: `s-${index}` }));
    const { seen, asked, outcome } = await scan(many);
    const unread = seen.filter(({ findings }) => findings.some(({ code }) => code === 'versions_unread'));
    expect([asked.length, outcome]).toEqual([500, 'complete']);
    expect(unread.map(({ name }) => name)).toEqual(['s-500', 's-501']);
  });
});
