import { expect, it } from 'vitest';
import { configOf } from '../../fakes/config.ts';

const grant = {
  id: 'orders',
  provider: 'custom',
  vault: 'https://kv-grants.vault.azure.net',
  secretName: 'oauth-orders',
  clientId: 'keywatch',
  clientSecret: { secretName: 'oauth-client' },
  mode: 'observed',
};
const file = { providers: [{ id: 'custom', tokenEndpoint: 'https://login.example/token' }], grants: [grant] };

it('scans the vault of a grant whether it is named or not, and once', () => {
  const urls = (vaults: object[]) => configOf({}, { ...file, vaults }).vaults.map(({ url }) => url);
  expect(urls([])).toEqual([grant.vault]);
  expect(urls([{ url: grant.vault, name: 'front' }])).toEqual([grant.vault]);
  expect(urls([{ url: 'https://kv-other.vault.azure.net' }])).toEqual([
    'https://kv-other.vault.azure.net',
    grant.vault,
  ]);
});

it('calls the vault of a grant by its host where another vault was given its name', () => {
  const vaults = [{ url: 'https://kv-other.vault.azure.net', name: 'kv-grants' }];
  const names = configOf({}, { ...file, vaults }).vaults.map(({ policy }) => policy.name);
  expect(names).toEqual(['kv-grants', 'kv-grants.vault.azure.net']);
});
