import { createPublicKey, type JsonWebKey, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ownerIdentity } from '../../src/local/keyVault/identities.ts';
import { collect, refusalOf, START_EPOCH_MS, startKeyVault } from '../fakes/startKeyVault.ts';

const DAY_MS = 86_400_000;

const base64url = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('base64url');

describe('the Key Vault stand-in, through the SDK client of keys', () => {
  it('unwraps what was wrapped away from it with the public key', async () => {
    const { keys } = (await startKeyVault()).clientsOf();
    const key = await keys.createRsaKey('sealing', { keySize: 2048, keyOps: ['wrapKey', 'unwrapKey'] });
    expect(key.key?.d).toBeUndefined();
    const jwk: JsonWebKey = { kty: 'RSA', n: base64url(key.key?.n), e: base64url(key.key?.e) };
    const contentKey = randomBytes(32);
    const wrapped = publicEncrypt(
      { key: createPublicKey({ key: jwk, format: 'jwk' }), oaepHash: 'sha256' },
      contentKey,
    );
    const { version = '' } = key.properties;
    const client = keys.getCryptographyClient('sealing', { keyVersion: version });
    const { result } = await client.unwrapKey('RSA-OAEP-256', wrapped);
    expect(Buffer.from(result)).toEqual(contentKey);
    wrapped[0] = (wrapped[0] ?? 0) ^ 1;
    expect(await refusalOf(client.unwrapKey('RSA-OAEP-256', wrapped))).toMatchObject({ status: 400 });
  });

  it('wraps for itself, and stops once the key has expired while still unwrapping', async () => {
    let nowEpochMs = START_EPOCH_MS;
    const { standIn, vault } = await startKeyVault({ nowEpochMs: () => nowEpochMs });
    const token = standIn.mintToken(ownerIdentity);
    vault.seed.key('sealing', { keyType: 'RSA', expiresOnEpochMs: START_EPOCH_MS + DAY_MS });
    // Without the SDK, whose CryptographyClient judges a key's dates itself, by the machine's own clock.
    const atTheService = async (operation: 'wrapkey' | 'unwrapkey', value: string) => {
      const response = await fetch(`${vault.url}/keys/sealing//${operation}?api-version=7.5`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ alg: 'RSA-OAEP-256', value }),
      });
      const body = (await response.json()) as { value: string };
      return { status: response.status, value: body.value };
    };
    const contentKey = base64url(Buffer.from('content key'));
    const wrapped = await atTheService('wrapkey', contentKey);
    nowEpochMs += DAY_MS;
    expect(await atTheService('wrapkey', contentKey)).toMatchObject({ status: 403 });
    expect(await atTheService('unwrapkey', wrapped.value)).toEqual({ status: 200, value: contentKey });
  });

  it('makes, lists, disables and deletes keys, never showing a private part', async () => {
    const { vault, clientsOf } = await startKeyVault();
    const { keys } = clientsOf();
    vault.seed.key('ec');
    const made = await keys.createEcKey('made', { curve: 'P-384', tags: { owner: 'team-a' } });
    const { version = '' } = made.properties;
    await keys.updateKeyProperties('made', version, { enabled: false });
    const listed = await collect(keys.listPropertiesOfKeys());
    expect(listed).toMatchObject([
      { name: 'ec', enabled: true },
      { name: 'made', enabled: false, tags: { owner: 'team-a' } },
    ]);
    expect(await collect(keys.listPropertiesOfKeyVersions('made'))).toMatchObject([{ version }]);
    await (await keys.beginDeleteKey('made')).pollUntilDone();
    expect(await refusalOf(keys.createEcKey('made'))).toMatchObject({
      innerCode: 'ObjectIsDeletedButRecoverable',
    });
  });

  it('refuses what it has no hardware or no code for', async () => {
    const { vault, clientsOf } = await startKeyVault();
    const { keys } = clientsOf();
    expect(await refusalOf(keys.createOctKey('sym'))).toMatchObject({ status: 501 });
    expect(await refusalOf(keys.createRsaKey('hsm', { hsm: true }))).toMatchObject({ status: 501 });
    vault.seed.key('ec');
    expect(await refusalOf(keys.rotateKey('ec'))).toMatchObject({ status: 501 });
    expect(await refusalOf(keys.getKeyRotationPolicy('ec'))).toMatchObject({ status: 501 });
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

  it('holds certificates that end after 2049', async () => {
    const { vault, clientsOf } = await startKeyVault();
    const notAfterEpochMs = Date.parse('2051-03-04T05:06:07Z');
    vault.seed.certificate('far', { from: { ...validity, notAfterEpochMs } });
    const [far] = await collect(clientsOf().certificates.listPropertiesOfCertificates());
    expect(far?.expiresOn).toEqual(new Date(notAfterEpochMs));
  });
});
