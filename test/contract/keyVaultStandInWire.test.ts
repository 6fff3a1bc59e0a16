import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownerIdentity, refresherIdentity, scannerIdentity } from '../../src/local/keyVault/identities.ts';
import { startKeyVaultStandIn } from '../../src/local/keyVault/keyVaultStandIn.ts';
import { collect, refusalOf, START_EPOCH_MS, startKeyVault } from '../fakes/startKeyVault.ts';
import { temporaryFolder } from '../fakes/temporaryFolder.ts';

describe('the challenge of the Key Vault stand-in', () => {
  it('does not take a token that has lapsed', async () => {
    let nowEpochMs = START_EPOCH_MS;
    const { standIn, vault } = await startKeyVault({ nowEpochMs: () => nowEpochMs });
    const authorization = `Bearer ${standIn.mintToken(ownerIdentity, 60_000)}`;
    const status = async () =>
      (await fetch(`${vault.url}/secrets?api-version=7.5`, { headers: { authorization } })).status;
    expect(await status()).toBe(200);
    nowEpochMs += 60_000;
    expect(await status()).toBe(401);
  });
});

describe('the identities of the Key Vault stand-in', () => {
  it('let the refresher at the secrets of its prefix only', async () => {
    const { vault, clientsOf } = await startKeyVault();
    vault.seed.secret('oauth-crm', { value: 'x' });
    vault.seed.secret('payroll', { value: 'x' });
    const { secrets } = clientsOf(refresherIdentity);
    expect((await secrets.setSecret('oauth-crm', 'y')).value).toBe('y');
    expect(await refusalOf(secrets.getSecret('payroll'))).toMatchObject({ status: 403 });
    expect(await refusalOf(secrets.listPropertiesOfSecrets().next())).toMatchObject({ status: 403 });
    expect(await refusalOf(secrets.beginDeleteSecret('oauth-crm'))).toMatchObject({ status: 403 });
  });
});

describe('a Key Vault stand-in with a folder', () => {
  const start = (folder: string) =>
    startKeyVaultStandIn({ vaults: [{ name: 'front-desk' }], nowEpochMs: () => START_EPOCH_MS, folder });

  it('finds its vault again after a restart, with old tokens still good', async () => {
    const folder = temporaryFolder();
    const before = await start(folder);
    const [vault] = before.vaults;
    const version = vault?.seed.secret('token', { value: 'v1', tags: { seq: '1' } });
    const token = before.mintToken(ownerIdentity);
    await before.close();
    const after = await start(folder);
    onTestFinished(() => after.close());
    after.credentialFor(ownerIdentity);
    const response = await fetch(`${after.vault('front-desk').url}/secrets/token?api-version=7.5`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({
      value: 'v1',
      tags: { seq: '1' },
      id: `${after.vault('front-desk').url}/secrets/token/${version}`,
    });
    expect(after.vault('front-desk').seed.isEmpty()).toBe(false);
    expect(readdirSync(folder).filter((file) => (statSync(join(folder, file)).mode & 0o077) !== 0)).toEqual(
      [],
    );
  });
});

describe('a bulk vault of the Key Vault stand-in', () => {
  it('lists as many secrets as it was told to, and does nothing else', async () => {
    const bulk = { secrets: 1_010, firstExpiresOnEpochMs: START_EPOCH_MS };
    const { clientsOf } = await startKeyVault({ vaults: [{ name: 'bulk', bulk }] });
    const { secrets, keys } = clientsOf(scannerIdentity);
    const listed = await collect(secrets.listPropertiesOfSecrets());
    expect(new Set(listed.map(({ name }) => name)).size).toBe(1_010);
    expect(await collect(keys.listPropertiesOfKeys())).toEqual([]);
    expect(await refusalOf(clientsOf().secrets.setSecret('x', 'y'))).toMatchObject({ status: 501 });
  });
});
