import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFor } from '../../../src/cli/vaultOption.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const [A, B] = ['https://kv-a.vault.azure.net', 'https://kv-b.vault.azure.net'];

/** Overrides that name a config file with this content. */
const fileOf = (content: unknown): Record<string, string> => {
  const path = join(temporaryFolder(), 'keywatch.config.json');
  writeFileSync(path, JSON.stringify(content));
  return { KEYWATCH_CONFIG_FILE: path };
};

describe('--vault', () => {
  const file = { vaults: [{ url: A, owner: 'desk' }, { url: B }] };

  it('makes its vaults the only ones, with what the config file says of them', async () => {
    const config = await configFor([`${A}/`], { ...fileOf(file), KEYWATCH_VAULTS: B });
    expect(config.vaults.map(({ url }) => url)).toEqual([A]);
    expect(config.policyOf(A).says[0]?.says.owner).toBe('desk');
  });

  it('says in words that the config file cannot be read', async () => {
    await expect(configFor([], { KEYWATCH_CONFIG_FILE: import.meta.dirname })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('which cannot be read (EISDIR)'),
    });
  });

  it('changes nothing when it is not given', async () => {
    expect((await configFor([], fileOf(file))).vaults).toHaveLength(2);
  });

  it('needs no storage for grants that it does not refresh', async () => {
    const grants = [{ id: 'crm', provider: 'idp', vault: A, secretName: 'oauth-crm', clientId: 'desk' }];
    const providers = [
      { id: 'idp', tokenEndpoint: 'https://login.example/token', clientAuthenticationMethod: 'none' },
    ];
    const withGrants = fileOf({ ...file, providers, grants });
    await expect(configFor([A], withGrants)).rejects.toThrow('KEYWATCH_BLOB_SERVICE_URL: missing');
    for (const vaults of [[A], []]) {
      const config = await configFor(vaults, withGrants, { refreshes: false });
      expect(config).toMatchObject({ refresh: undefined, grants: [{ grant: { id: 'crm' } }] });
    }
  });

  it.each([
    ['kv-a', '--vault: "kv-a" is a name without its domain; write https://kv-a.vault.azure.net'],
    ['', '--vault: the address of the vault is empty'],
    ['http://kv-a.vault.azure.net', '--vault: "http://kv-a.vault.azure.net" is not encrypted'],
  ])('refuses "%s" in words', async (given, words) => {
    await expect(configFor([given], fileOf({}))).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining(words),
    });
  });
});
