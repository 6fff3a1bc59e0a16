import { describe, expect, it } from 'vitest';
import { ownCredentialEnds } from '../../../src/lib/scan/ownCredentialEnds.ts';
import { ownCredentials } from '../../../src/lib/scan/rules/ownCredentials.ts';
import { BOOKINGS, configOf, PARTNER, REFRESH_SETTINGS } from '../../fakes/config.ts';
import { fakeInventory, inventoryFailure } from '../../fakes/fakeInventory.ts';
import { secretMetadata } from '../../fakes/metadata.ts';

const vaultOf = (name: string) => `https://kv-${name}.vault.azure.net`;
const SETTINGS = { ...REFRESH_SETTINGS, KEYWATCH_SEALING_KEY_ID: `${vaultOf('seal')}/keys/keywatch-seal` };
const { clientSecret, ...grant } = BOOKINGS;
const GRANTS = [
  { ...grant, clientSecret: { ...clientSecret, vault: vaultOf('clients') } },
  {
    ...grant,
    id: 'desk',
    secretName: 'desk-token',
    provider: 'signing',
    clientKey: { vault: vaultOf('keys'), keyName: 'desk-key' },
  },
];
const PROVIDERS = [PARTNER, { ...PARTNER, id: 'signing', clientAuthenticationMethod: 'private_key_jwt' }];
const config = configOf(SETTINGS, { providers: PROVIDERS, grants: GRANTS });

describe('what Keywatch itself works with', () => {
  it('is scanned wherever its vault is', () => {
    const urls = config.vaults.map(({ url }) => url).sort();
    expect(urls).toEqual([vaultOf('a'), vaultOf('clients'), vaultOf('keys'), vaultOf('seal')]);
  });

  it('leaves the vault of a sealing key alone where nothing is sealed', () => {
    const observed = GRANTS.map((one) => ({ ...one, mode: 'observed' }));
    const { vaults } = configOf(SETTINGS, { providers: PROVIDERS, grants: observed });
    expect(vaults.map(({ url }) => url)).not.toContain(vaultOf('seal'));
  });

  it('is the sealing key and the credential of each client, and has an end or none', async () => {
    const credentials = ownCredentials(config.grants, config.refresh?.sealingKeyId);
    expect(credentials.map(({ role, name }) => `${role} ${name}`)).toEqual([
      'sealing key keywatch-seal',
      'client secret bookings-client-secret',
      'client key desk-key',
    ]);
    const expiresOnEpochMs = Date.parse('2027-03-04T00:00:00Z');
    const inventory = fakeInventory({
      [vaultOf('seal')]: { versions: { ok: true, versions: [secretMetadata({ expiresOnEpochMs })] } },
      [vaultOf('clients')]: {
        versions: { ok: true, versions: [secretMetadata({ expiresOnEpochMs: undefined })] },
      },
      [vaultOf('keys')]: { versions: inventoryFailure() },
    });
    expect(await ownCredentialEnds(inventory, credentials)).toMatchObject([
      { role: 'sealing key', name: 'keywatch-seal', expiresOnEpochMs },
    ]);
  });
});
