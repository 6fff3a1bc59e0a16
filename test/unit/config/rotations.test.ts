import { describe, expect, it } from 'vitest';
import { configOf, faultsOf, REFRESH_SETTINGS } from '../../fakes/config.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = {
  id: 'orders',
  tenant: TENANT,
  clientId: '22222222-2222-4222-8222-22222222222A',
  vault: 'https://kv-a.vault.azure.net',
  clientSecret: { secretName: 'oauth-orders' },
  scopes: ['https://graph.microsoft.com/.default'],
  owner: 'orders@contoso.example',
  rotate: {},
} as const;

const file = (client: object, more: object = {}) => ({
  directory: { tenantId: TENANT },
  clients: [client],
  ...more,
});
const faults = (client: object, more?: object, settings: object = REFRESH_SETTINGS) =>
  faultsOf({ ...settings }, file(client, more));

describe('the rotation of a client of the config', () => {
  it('is of its application and its secret, with half a year, half of it and a week where nobody said more', () => {
    expect(configOf(REFRESH_SETTINGS, file(CLIENT)).rotate?.rotations).toEqual([
      {
        id: 'orders',
        appId: CLIENT.clientId.toLowerCase(),
        tenantId: TENANT,
        authorityHost: 'login.microsoftonline.com',
        scope: 'https://graph.microsoft.com/.default',
        secret: { vaultUrl: CLIENT.vault, name: 'oauth-orders' },
        ...{ lifetimeDays: 180, rotateAtShare: 0.5, keepOldDays: 7, adopt: [] },
        ...{ owner: 'orders@contoso.example', runbook: undefined },
      },
    ]);
  });

  it('goes by the sign-in logs of a workspace that is named by its id', () => {
    const named = { ...REFRESH_SETTINGS, KEYWATCH_SIGN_IN_WORKSPACE_ID: TENANT };
    expect(configOf(named, file(CLIENT)).rotate?.signInWorkspaceId).toBe(TENANT);
    expect(configOf(REFRESH_SETTINGS, file(CLIENT)).rotate?.signInWorkspaceId).toBeUndefined();
    expect(faults(CLIENT, {}, { ...named, KEYWATCH_SIGN_IN_WORKSPACE_ID: 'log-contoso' })).toEqual([
      expect.stringContaining('which is not its name'),
    ]);
  });

  it('is of nobody who did not ask for it', () => {
    expect(configOf({}, file({ ...CLIENT, rotate: undefined })).rotate).toBeUndefined();
  });

  it('has the vault of its sealing key scanned, also where no grant is refreshed', () => {
    const seal = 'https://kv-seal.vault.azure.net';
    const settings = { ...REFRESH_SETTINGS, KEYWATCH_SEALING_KEY_ID: `${seal}/keys/keywatch-seal` };
    const scanned = (client: object) => configOf(settings, file(client)).vaults.map(({ url }) => url);
    expect(scanned(CLIENT)).toContain(seal);
    expect(scanned({ ...CLIENT, rotate: undefined })).not.toContain(seal);
  });

  it('is of a client secret at Entra ID alone', () => {
    const elsewhere = { ...CLIENT, tenant: undefined, tokenEndpoint: 'https://as.partner.example/token' };
    expect(faults(elsewhere)).toEqual([expect.stringContaining('clients[0].rotate: of no client secret')]);
    const withKey = { ...CLIENT, clientSecret: undefined, clientKey: { keyName: 'signer' } };
    expect(faults(withKey)).toEqual([expect.stringContaining('clients[0].rotate: of no client secret')]);
    expect(faults({ ...CLIENT, clientId: 'orders' })).toEqual([
      expect.stringContaining('the GUID of the application'),
    ]);
  });

  it('is in the tenant of the directory, and of each application and secret once', () => {
    expect(faults(CLIENT, { directory: undefined })).toEqual([
      expect.stringContaining('without a "directory"'),
    ]);
    const other = { directory: { tenantId: '33333333-3333-4333-8333-333333333333' } };
    expect(faults(CLIENT, other)).toEqual([expect.stringContaining('the tenant of "directory"')]);
    expect(faults(CLIENT, { clients: [CLIENT, { ...CLIENT, id: 'again' }] })).toHaveLength(2);
  });

  it('needs a place for its records and a key that seals', () => {
    expect(faults(CLIENT, {}, {})).toEqual([
      expect.stringContaining('KEYWATCH_BLOB_SERVICE_URL: missing, and rotating a client secret needs it'),
      expect.stringContaining('KEYWATCH_SEALING_KEY_ID: missing, and rotating a client secret needs it'),
    ]);
  });
});
