import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { collect, refusalOf, START_EPOCH_MS, startKeyVault } from '../fakes/startKeyVault.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `s-${100 + index}`);

describe('the Key Vault stand-in, through the SDK client of secrets', () => {
  it('makes a new version of each set, which inherits nothing', async () => {
    const { secrets } = (await startKeyVault()).clientsOf();
    const first = await secrets.setSecret('token', 'v1', {
      tags: { seq: '1' },
      contentType: 'x',
      expiresOn: new Date(START_EPOCH_MS),
    });
    const second = await secrets.setSecret('token', 'v2');
    expect(second.properties.version).not.toBe(first.properties.version);
    expect(second.properties.tags).toBeUndefined();
    expect(second.properties.expiresOn).toBeUndefined();
    expect(second.properties.contentType).toBeUndefined();
    const { version = '' } = first.properties;
    expect((await secrets.getSecret('token', { version })).value).toBe('v1');
    expect((await secrets.getSecret('TOKEN')).value).toBe('v2');
    const versions = await collect(secrets.listPropertiesOfSecretVersions('token'));
    expect(versions.map((one) => one.version).sort()).toEqual(
      [first.properties.version, second.properties.version].sort(),
    );
  });

  it('refuses to read a disabled secret, but not an expired one', async () => {
    const { vault, clientsOf } = await startKeyVault();
    vault.seed.secret('off', { value: 'x', enabled: false });
    vault.seed.secret('old', { value: 'y', expiresOnEpochMs: 0 });
    const { secrets } = clientsOf();
    expect(await refusalOf(secrets.getSecret('off'))).toMatchObject({ status: 403, code: 'Forbidden' });
    expect((await secrets.getSecret('old')).value).toBe('y');
  });

  it.each([
    ['a value above 25 KB', 'big', 'x'.repeat(25 * 1024 + 1), {}],
    ['16 tags', 'tags', 'x', { tags: Object.fromEntries(names(16).map((name) => [name, ''])) }],
    ['a tag of 257 characters', 'tag', 'x', { tags: { a: 'b'.repeat(257) } }],
    ['a content type of 256 characters', 'type', 'x', { contentType: 'c'.repeat(256) }],
    ['a name with an underscore', 'a_b', 'x', {}],
  ])('refuses %s', async (_what, name, value, options) => {
    const { secrets } = (await startKeyVault()).clientsOf();
    expect(await refusalOf(secrets.setSecret(name, value, options))).toMatchObject({
      status: 400,
      code: 'BadParameter',
    });
    expect(await collect(secrets.listPropertiesOfSecrets())).toEqual([]);
  });

  it('takes a value of 25 KB, 15 tags and 256 characters of a tag', async () => {
    const { secrets } = (await startKeyVault()).clientsOf();
    const tags = Object.fromEntries(names(15).map((name) => [name, 'b'.repeat(256)]));
    const value = 'x'.repeat(25 * 1024);
    expect(await secrets.setSecret('big', value, { tags })).toMatchObject({ value, properties: { tags } });
  });

  it('says what it does not do', async () => {
    const { vault, clientsOf } = await startKeyVault();
    vault.seed.secret('token', { value: 'x' });
    const { secrets } = clientsOf();
    for (const call of [secrets.backupSecret('token'), secrets.updateSecretProperties('token', '', {})])
      expect(await refusalOf(call)).toMatchObject({ status: 501, code: 'NotImplemented' });
    const listing = secrets.listPropertiesOfSecrets().byPage({ maxPageSize: 26 });
    expect(await refusalOf(listing.next())).toMatchObject({ status: 400 });
  });
});

describe('the Key Vault stand-in, through the SDK client of keys', () => {
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

  it('refuses a certificate whose name a secret already has, and a secret that backs one', async () => {
    const { vault, clientsOf } = await startKeyVault();
    vault.seed.secret('desk', { value: 'x' });
    expect(() => vault.seed.certificate('desk', { from: validity })).toThrow(/taken/);
    expect(vault.seed.isEmpty()).toBe(false);
    vault.seed.certificate('gate', { from: validity });
    expect(vault.seed.count()).toBe(2);
    expect(await refusalOf(clientsOf().secrets.setSecret('gate', 'x'))).toMatchObject({ status: 403 });
  });
});
