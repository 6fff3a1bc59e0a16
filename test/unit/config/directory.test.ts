import { describe, expect, it } from 'vitest';
import { configOf, faultsOf } from '../../fakes/config.ts';

const TENANT = '99999999-0000-4000-8000-000000000009';
const APP = '22222222-BBBB-4000-8000-000000000002';
const VAULT = 'https://kv-a.vault.azure.net';
const fileOf = (directory: object, file: object = {}) => ({
  ...file,
  directory: { tenantId: TENANT, ...directory },
});

describe('the tenant of the config file', () => {
  it('is scanned under a name and a target of its own, without enterprise applications', () => {
    const { directory } = configOf({}, fileOf({}));
    expect(directory).toMatchObject({
      tenantId: TENANT,
      graphUrl: undefined,
      scope: {
        target: `entra:${TENANT}`,
        servicePrincipals: false,
        saml: false,
        policy: { name: 'entra', rules: undefined },
      },
    });
    expect(configOf({}, {}).directory).toBe(undefined);
  });

  it('is among the targets that the config names, beside the vaults', () => {
    const named = { KEYWATCH_VAULTS: VAULT };
    const vault = { source: 'keyvault', target: VAULT, name: 'kv-a' };
    expect(configOf(named, {}).targets).toEqual([vault]);
    expect(configOf(named, fileOf({})).targets).toEqual([
      vault,
      { source: 'entra', target: `entra:${TENANT}`, name: 'entra' },
    ]);
  });

  it('shares its name with no vault that is found in a subscription: that has the name of its host', () => {
    for (const name of ['entra', 'Entra']) {
      const { policyOf } = configOf({}, fileOf({ name }));
      const names = ['https://entra.vault.azure.net', VAULT].map((url) => policyOf(url).name);
      expect(names).toEqual(['entra.vault.azure.net', 'kv-a']);
    }
  });

  it('has thresholds and an owner of its own before the defaults, and the rules that name its applications', () => {
    const file = {
      defaults: { owner: 'ops' },
      rules: [{ match: { name: 'CRM portal/*', kind: 'app_secret' }, owner: 'crm' }],
    };
    const { policy } = configOf({}, fileOf({ name: 'contoso', warning: 60 }, file)).directory?.scope ?? {};
    expect(policy?.says.map(({ origin, says: { owner, warning } }) => [origin, owner, warning])).toEqual([
      ['directory', undefined, { days: 60 }],
      ['defaults', 'ops', undefined],
    ]);
    const matching = (kind: 'app_secret' | 'app_certificate') =>
      policy?.rules?.matching({ kind, name: 'CRM portal/8c1d22f0/3f2b1c44' }).map(({ says }) => says.owner);
    expect([matching('app_secret'), matching('app_certificate')]).toEqual([['crm'], []]);
  });

  it('ties secrets of vaults to applications, and has those vaults scanned', () => {
    const applications = [{ appId: APP, vault: `${VAULT}/`, secretName: 'Crm-Secret' }];
    const { ties, vaults } = configOf({}, fileOf({ applications }));
    expect([...ties]).toEqual([[`${VAULT}/crm-secret`, { appId: APP.toLowerCase(), keyId: undefined }]]);
    expect(vaults.map(({ url }) => url)).toEqual([VAULT]);
  });

  it.each([
    [fileOf({ tenantId: 'contoso.example' }), /directory\.tenantId: .*allowed: a GUID/],
    [
      fileOf({ graphUrl: 'https://graph.example.com' }),
      /directory\.graphUrl: "https:\/\/graph\.example\.com"; allowed: https:\/\/graph\.microsoft\.com/,
    ],
    [fileOf({ graphUrl: 'http://127.0.0.1:99' }), /directory\.graphUrl/],
    [fileOf({ name: 'kv-a' }, { vaults: [{ url: VAULT }] }), /directory\.name: called "kv-a" like a vault/],
    [fileOf({ name: 'KV-a' }, { vaults: [{ url: VAULT }] }), /directory\.name: called "KV-a" like a vault/],
    [fileOf({ warning: 5, critical: 10 }), /directory: warning .* cross/],
    [
      fileOf({ applications: [{ appId: APP, vault: 'x', secretName: 'y' }] }),
      /directory\.applications\[0\]\.vault/,
    ],
    [
      fileOf({ applications: Array(2).fill({ appId: APP, vault: VAULT, secretName: 'y' }) }),
      /applications\[1\]: y a second time/,
    ],
    [fileOf({ hosts: 1 }), /hosts/],
  ])('is refused with what is allowed: %j', (file, fault) => {
    expect(faultsOf({}, file)).toEqual([expect.stringMatching(fault)]);
  });

  it('may be a stand-in on this machine in local mode only', () => {
    const file = fileOf({ graphUrl: 'http://127.0.0.1:99/x' });
    expect(configOf({ KEYWATCH_LOCAL: 'true' }, file).directory?.graphUrl).toBe('http://127.0.0.1:99');
  });
});
