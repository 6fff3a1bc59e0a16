import { describe, expect, it } from 'vitest';
import { collect, refusalOf, START_EPOCH_MS, startKeyVault } from '../fakes/startKeyVault.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `s-${100 + index}`);

describe('the Key Vault stand-in, through the SDK client of secrets', () => {
  it('gives back what was set, with dates in whole seconds', async () => {
    const { vault, clientsOf } = await startKeyVault({ nowEpochMs: () => START_EPOCH_MS + 999 });
    const { secrets } = clientsOf();
    const expiresOn = new Date(START_EPOCH_MS + 86_400_000);
    const set = await secrets.setSecret('token', 'v1', {
      expiresOn,
      notBefore: new Date(START_EPOCH_MS),
      contentType: 'text/plain',
      tags: { owner: 'team-a' },
    });
    const got = await secrets.getSecret('token');
    expect(got).toEqual(set);
    expect(got.value).toBe('v1');
    expect(got.properties).toMatchObject({
      vaultUrl: vault.url,
      expiresOn,
      notBefore: new Date(START_EPOCH_MS),
      createdOn: new Date(START_EPOCH_MS),
      updatedOn: new Date(START_EPOCH_MS),
      enabled: true,
      contentType: 'text/plain',
      tags: { owner: 'team-a' },
      recoveryLevel: 'Recoverable+Purgeable',
    });
  });

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

  it('updates the properties of one version and leaves the rest', async () => {
    let nowEpochMs = START_EPOCH_MS;
    const { secrets } = (await startKeyVault({ nowEpochMs: () => nowEpochMs })).clientsOf();
    const { version = '' } = (
      await secrets.setSecret('token', 'v1', { tags: { seq: '1' }, contentType: 'text/plain' })
    ).properties;
    nowEpochMs += 5_000;
    const updated = await secrets.updateSecretProperties('token', version, { enabled: false });
    expect(updated).toMatchObject({
      version,
      enabled: false,
      tags: { seq: '1' },
      contentType: 'text/plain',
      createdOn: new Date(START_EPOCH_MS),
      updatedOn: new Date(START_EPOCH_MS + 5_000),
    });
    expect(await collect(secrets.listPropertiesOfSecretVersions('token'))).toHaveLength(1);
    expect(await refusalOf(secrets.updateSecretProperties('token', '', {}))).toMatchObject({ status: 501 });
  });

  it('lists pages of 25 by nextLink, without values and without versions', async () => {
    const { vault, clientsOf } = await startKeyVault();
    for (const name of names(60)) vault.seed.secret(name, { value: 'x' });
    const { secrets } = clientsOf();
    const pages = await collect(secrets.listPropertiesOfSecrets().byPage());
    expect(pages.map((page) => page.length)).toEqual([25, 25, 10]);
    expect(pages.flat().map(({ name }) => name)).toEqual(names(60));
    expect(pages.flat().filter(({ version }) => version !== undefined)).toEqual([]);
    expect(JSON.stringify(pages)).not.toContain('"value"');
    const small = await collect(secrets.listPropertiesOfSecrets().byPage({ maxPageSize: 10 }));
    expect(small.map((page) => page.length)).toEqual([10, 10, 10, 10, 10, 10]);
  });

  it('gives no empty page after a last one that was full', async () => {
    const { vault, clientsOf } = await startKeyVault();
    for (const name of names(50)) vault.seed.secret(name, { value: 'x' });
    const pages = await collect(clientsOf().secrets.listPropertiesOfSecrets().byPage());
    expect(pages.map((page) => page.length)).toEqual([25, 25]);
  });

  it('refuses more than 25 to a page', async () => {
    const { secrets } = (await startKeyVault()).clientsOf();
    const listing = secrets.listPropertiesOfSecrets().byPage({ maxPageSize: 26 });
    expect(await refusalOf(listing.next())).toMatchObject({ status: 400 });
  });

  it('neither skips nor repeats a secret when another one goes between two pages', async () => {
    const { vault, clientsOf } = await startKeyVault();
    for (const name of names(40)) vault.seed.secret(name, { value: 'x' });
    const { secrets } = clientsOf();
    const pages = secrets.listPropertiesOfSecrets().byPage({ maxPageSize: 10 });
    const seen: string[] = [];
    for await (const page of pages) {
      if (seen.length === 0) await secrets.beginDeleteSecret('s-105');
      seen.push(...page.map(({ name }) => name));
    }
    expect(seen).toEqual(names(40));
  });

  it('soft-deletes, and refuses a set from then on', async () => {
    const { secrets } = (await startKeyVault()).clientsOf();
    await secrets.setSecret('token', 'v1');
    const deleted = (await secrets.beginDeleteSecret('token')).getResult();
    expect(deleted?.properties.scheduledPurgeDate).toEqual(new Date(START_EPOCH_MS + 90 * 86_400_000));
    expect(await refusalOf(secrets.getSecret('token'))).toMatchObject({
      status: 404,
      code: 'SecretNotFound',
    });
    expect(await refusalOf(secrets.setSecret('token', 'v2'))).toMatchObject({
      status: 409,
      code: 'Conflict',
      innerCode: 'ObjectIsDeletedButRecoverable',
    });
    expect((await secrets.getDeletedSecret('token')).name).toBe('token');
  });

  it('refuses to read a disabled secret, but not an expired one', async () => {
    const { vault, clientsOf } = await startKeyVault();
    vault.seed.secret('off', { value: 'x', enabled: false });
    vault.seed.secret('old', { value: 'y', expiresOnEpochMs: 0 });
    const { secrets } = clientsOf();
    expect(await refusalOf(secrets.getSecret('off'))).toMatchObject({
      status: 403,
      code: 'Forbidden',
      innerCode: 'SecretDisabled',
    });
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
    const backup = clientsOf().secrets.backupSecret('token');
    expect(await refusalOf(backup)).toMatchObject({ status: 501, code: 'NotImplemented' });
  });
});
