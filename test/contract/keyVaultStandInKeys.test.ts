import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { ownerIdentity } from '../../src/local/keyVault/identities.ts';
import { collect, refusalOf, START_EPOCH_MS, startKeyVault } from '../fakes/startKeyVault.ts';

describe('the Key Vault stand-in, through the SDK client of keys', () => {
  it('signs no more once the key has ended', async () => {
    let nowEpochMs = START_EPOCH_MS;
    const { standIn, vault } = await startKeyVault({ nowEpochMs: () => nowEpochMs });
    const headers = { authorization: `Bearer ${standIn.mintToken(ownerIdentity)}` };
    vault.seed.key('sign', { keyType: 'RSA', expiresOnEpochMs: START_EPOCH_MS + DAY_MS });
    // Without the SDK, whose CryptographyClient judges a key's dates itself, by the machine's own clock.
    const url = `${vault.url}/keys/sign//sign?api-version=7.5`;
    const body = JSON.stringify({ alg: 'RS256', value: Buffer.alloc(32).toString('base64url') });
    const status = async () => (await fetch(url, { method: 'POST', headers, body })).status;
    expect(await status()).toBe(200);
    nowEpochMs += DAY_MS;
    expect(await status()).toBe(403);
  });

  it('refuses what it has no hardware or no code for', async () => {
    const { vault, clientsOf } = await startKeyVault();
    const { keys } = clientsOf();
    expect(await refusalOf(keys.createOctKey('sym'))).toMatchObject({ status: 501 });
    expect(await refusalOf(keys.createRsaKey('hsm', { hsm: true }))).toMatchObject({ status: 501 });
    vault.seed.key('ec');
    expect(await refusalOf(keys.rotateKey('ec'))).toMatchObject({ status: 501 });
  });
});

describe('the Key Vault stand-in, through the SDK client of certificates', () => {
  const validity = {
    notBeforeEpochMs: START_EPOCH_MS - 10 * DAY_MS,
    notAfterEpochMs: START_EPOCH_MS + 20 * DAY_MS,
  };

  it('backs a certificate with a managed secret and key, which change with it alone', async () => {
    const { vault, clientsOf } = await startKeyVault();
    vault.seed.certificate('desk', { from: validity, tags: { owner: 'team-a' } });
    const { certificates, secrets, keys } = clientsOf();
    expect(await collect(certificates.listPropertiesOfCertificates())).toMatchObject([
      { name: 'desk', expiresOn: new Date(validity.notAfterEpochMs), tags: { owner: 'team-a' } },
    ]);
    expect(await collect(secrets.listPropertiesOfSecrets())).toMatchObject([{ name: 'desk', managed: true }]);
    expect(await collect(keys.listPropertiesOfKeys())).toMatchObject([{ name: 'desk', managed: true }]);
    expect(await refusalOf(secrets.setSecret('desk', 'x'))).toMatchObject({ status: 403 });
  });

  it('refuses a certificate whose name a secret already has', async () => {
    const { vault } = await startKeyVault();
    vault.seed.secret('desk', { value: 'x' });
    expect(() => vault.seed.certificate('desk', { from: validity })).toThrow(/taken/);
    expect(vault.seed.isEmpty()).toBe(false);
    vault.seed.certificate('gate', { from: validity });
    expect(vault.seed.count()).toBe(2);
  });
});
