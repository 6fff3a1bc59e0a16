import { describe, expect, it, onTestFinished } from 'vitest';
import { STATUSES_WORST_FIRST } from '../../../../src/lib/credentials/statuses.ts';
import { keyVaultInventory } from '../../../../src/lib/scan/keyVault/keyVaultInventory.ts';
import { assessObject, type VaultPolicy } from '../../../../src/lib/scan/rules/assess.ts';
import type { Assessment } from '../../../../src/lib/scan/rules/credential.ts';
import { scannerIdentity } from '../../../../src/local/keyVault/identities.ts';
import { startKeyVaultStandIn } from '../../../../src/local/keyVault/keyVaultStandIn.ts';
import { selfSignedCertificate } from '../../../../src/local/keyVault/selfSigned.ts';
import { companyVaults, seedVault } from '../../../../src/local/seed/company.ts';
import { machineCertificates } from '../../../../src/local/seed/machineCertificates.ts';
import { manualClock } from '../../../fakes/manualClock.ts';

const clock = manualClock();

/** Everything the seeded company holds, as a scan through the SDK clients would judge it. */
const assessCompany = async (): Promise<Assessment[]> => {
  const company = companyVaults(machineCertificates([]));
  const { nowEpochMs } = clock;
  const vaults = company.map(({ name }) => ({ name }));
  const standIn = await startKeyVaultStandIn({ vaults, nowEpochMs });
  onTestFinished(() => standIn.close());
  const credential = standIn.credentialFor(scannerIdentity);
  const inventory = keyVaultInventory({ credential, clock, allowLoopback: true });
  const assessments: Assessment[] = [];
  for (const seeded of company) {
    const vault = standIn.vault(seeded.name);
    seedVault(vault, seeded, nowEpochMs());
    expect(seedVault(vault, seeded, nowEpochMs())).toBe(0);
    const policy: VaultPolicy = {
      name: seeded.name,
      says: [
        { origin: 'vault', scope: 'vault', says: { owner: seeded.owner, mustExpire: seeded.mustExpire } },
      ],
    };
    for (const kind of ['secret', 'key', 'certificate'] as const)
      await inventory.list(vault.url, kind, (objects) => {
        const own = objects.filter(({ managed }) => !managed);
        assessments.push(...own.map((object) => assessObject(object, policy, nowEpochMs())));
      });
  }
  return assessments;
};

describe('the seeded company', () => {
  it('holds over sixty objects in three vaults: every status, kind, suppression and finding of a listing', async () => {
    const assessments = await assessCompany();
    const all = <T>(of: (one: Assessment) => T) => new Set(assessments.map(of));
    expect(assessments.length).toBeGreaterThanOrEqual(60);
    expect(all(({ vault }) => vault).size).toBe(3);
    expect([...all(({ status }) => status)].sort()).toEqual([...STATUSES_WORST_FIRST].sort());
    expect([...all(({ kind }) => kind)].sort()).toEqual(['certificate', 'key', 'secret']);
    expect(all(({ suppressed }) => suppressed)).toEqual(new Set([undefined, 'snoozed', 'ignored']));
    const findings = new Set(assessments.flatMap((one) => one.findings.map(({ code }) => code)));
    expect([...findings].sort()).toEqual([
      'ended_long_ago',
      'malformed_tag',
      'never_valid',
      'no_expiry',
      'unowned',
    ]);
  });

  it('says by tag where some of them are used, and by a malformed one nothing', async () => {
    const assessments = await assessCompany();
    const targetsOf = (wanted: string) => assessments.find(({ name }) => name === wanted)?.targets;
    expect(targetsOf('github-deploy-pat')).toEqual(['api.github.com', 'uploads.github.com']);
    expect(targetsOf('mastercard-client-mtls')).toEqual(['api.mastercard.com']);
    expect(targetsOf('tag-nonsense')).toBeUndefined();
  });

  it('has a key that ends in the year of its name, whatever today is', async () => {
    const key = (await assessCompany()).find(({ name }) => name === 'year-9999');
    expect(key?.expiresOnEpochMs).toBe(Date.parse('9999-12-31T00:00:00Z'));
  });

  it('is the same from run to run', async () => {
    const facts = ({ credentialId, status, expiresOnEpochMs, findings }: Assessment) =>
      JSON.stringify([credentialId, status, expiresOnEpochMs, findings]);
    const [one, other] = [await assessCompany(), await assessCompany()];
    expect(one.map(facts)).toEqual(other.map(facts));
  });
});

describe('the certificates of the machine', () => {
  const pemEnding = (commonName: string, notAfter: string) =>
    selfSignedCertificate({
      commonName,
      notBeforeEpochMs: Date.parse('2020-01-01T00:00:00Z'),
      notAfterEpochMs: Date.parse(notAfter),
    }).certificate;

  it('are taken soonest end first, each once, under names that Key Vault allows', () => {
    const soon = pemEnding('Ünïversal Root / CA', '2027-01-01T00:00:00Z');
    const late = pemEnding('Ünïversal Root / CA', '2040-01-01T00:00:00Z');
    const { objects, found } = machineCertificates([late, soon, soon, 'no certificate']);
    expect(found).toBe(2);
    expect(objects[0]?.name).toBe('ca-Universal-Root-CA');
    expect(objects[1]?.name).toMatch(/^ca-Universal-Root-CA-[0-9a-f]{4}$/);
    expect(objects[0]?.pem).toBe(soon);
  });

  it('are none where the machine shows none', () => {
    expect(machineCertificates([])).toEqual({ objects: [], found: 0 });
  });
});
