import { describe, expect, it } from 'vitest';
import { grantObjectKey } from '../../../src/lib/scan/rules/assess.ts';
import {
  configOf,
  faultsOf,
  BOOKINGS as GRANT,
  PARTNER as PROVIDER,
  REFRESH_SETTINGS as SETTINGS,
} from '../../fakes/config.ts';

const VAULT = GRANT.vault;
const faults = (grants: object[], providers: object[] = [PROVIDER]) =>
  faultsOf(SETTINGS, { providers, grants });

describe('a grant of the config file', () => {
  it('is joined with how its authorization server behaves; unknown is strict', () => {
    const { grants, refresh } = configOf(SETTINGS, { providers: [PROVIDER], grants: [GRANT] });
    expect(grants).toMatchObject([
      {
        grant: {
          id: 'bookings',
          mode: 'refreshed',
          secret: { vaultUrl: VAULT, name: 'bookings-refresh-token' },
          clientCredential: {
            objects: [{ kind: 'secret', vaultUrl: VAULT, name: 'bookings-client-secret' }],
          },
        },
        profile: { id: 'partner', rotation: { kind: 'strict' } },
      },
    ]);
    expect(refresh?.sealingKeyId).toBe(SETTINGS.KEYWATCH_SEALING_KEY_ID);
  });

  it('is used at the hosts that it names, in lower case and each once', () => {
    const targets = ['API.partner.example', 'files.partner.example', 'api.partner.example'];
    const { grants } = configOf(SETTINGS, { providers: [PROVIDER], grants: [{ ...GRANT, targets }] });
    expect(grants[0]?.grant.targets).toEqual(['api.partner.example', 'files.partner.example']);
  });

  it('needs stores and a sealing key only where it is refreshed', () => {
    expect(
      faultsOf({}, { providers: [PROVIDER], grants: [GRANT] }).map((line) => line.split(':')[0]),
    ).toEqual(Object.keys(SETTINGS));
    const observed = { ...GRANT, mode: 'observed' };
    expect(configOf({}, { providers: [PROVIDER], grants: [observed] }).refresh).toBeUndefined();
  });

  it.each<[string, object[], string]>([
    ['an id a second time', [{ secretName: 'other' }], 'grants[1]: id "bookings", like'],
    [
      'a secret that is another grant’s, in other letters',
      [{ id: 'other', secretName: GRANT.secretName.toUpperCase() }],
      'grants[1]: secret BOOKINGS-REFRESH-TOKEN of https://kv-a.vault.azure.net, like config file: grants[0]',
    ],
    [
      'a secret that another grant observes, the vault in other letters',
      [{ id: 'other', mode: 'observed', vault: 'HTTPS://KV-A.Vault.Azure.NET:443/' }],
      'grants[1]: secret bookings-refresh-token of https://kv-a.vault.azure.net, like',
    ],
    [
      'a client secret that is the refresh token of a later grant',
      [
        { id: 'one', secretName: 'one', clientSecret: { secretName: 'other-token', vault: `${VAULT}/` } },
        { id: 'other', secretName: 'OTHER-token' },
      ],
      'grants[1].clientSecret: secret other-token',
    ],
  ])('beside another one with %s is a fault that names it', (_what, others, words) => {
    expect(faults([GRANT, ...others.map((change) => ({ ...GRANT, ...change }))])).toEqual([
      expect.stringContaining(words),
    ]);
  });

  it.each<[string, object, string]>([
    [
      'a client secret that is its own refresh token',
      { clientSecret: { secretName: 'Bookings-Refresh-Token' } },
      '.clientSecret: secret Bookings-Refresh-Token of https://kv-a.vault.azure.net, which holds the refresh token of config file: grants[0]',
    ],
    ['an unknown provider', { provider: 'partnr' }, '.provider: "partnr"; allowed: "partner"'],
    ['a preset that needs variables', { provider: 'salesforce' }, '.provider: "salesforce"'],
    ['a vault that is none', { vault: 'kv-a' }, '.vault: "kv-a" is a name without its domain'],
    [
      'a vault of the client secret that is none',
      { clientSecret: { vault: 'http://kv-a.vault.azure.net', secretName: 's' } },
      '.clientSecret.vault: "http://kv-a.vault.azure.net" is not encrypted',
    ],
    ['no client secret', { clientSecret: undefined }, ': no clientSecret'],
    [
      'a target that is an address',
      { targets: ['api.partner.example', 'https://api.partner.example/v1'] },
      '.targets[1]: "https://api.partner.example/v1"; allowed: a full host name like api.partner.com',
    ],
    [
      'a key in the address of a runbook',
      { runbook: 'http://wiki.example/page?key=s3cret' },
      '.runbook: "http://wiki.example/page?…"',
    ],
    [
      'a token in the fragment of a reconnect link',
      { reconnectUrl: 'https://wiki.example/page#access_token=s3cret' },
      '.reconnectUrl: "https://wiki.example/page#…"',
    ],
    ['no target in its list', { targets: [] }, '.targets: a list; allowed: at least 1'],
    ['too many targets', { targets: Array(11).fill('a.example') }, '.targets: a list; allowed: at most 10'],
    [
      'targets that nothing would be reported',
      { mode: 'observed', targets: ['api.partner.example'] },
      '.targets: targets of an observed grant; allowed: none here: tag the secret with keywatch-target',
    ],
    ['a proof without a call', { prove: true }, '.prove: true, and partner has no proofCall'],
    ['a day that does not exist', { consentedAt: '2026-02-30' }, '.consentedAt: "2026-02-30"'],
  ])('with %s is a fault that names it', (_what, change, words) => {
    expect(faults([{ ...GRANT, ...change }])).toEqual([expect.stringContaining(`grants[0]${words}`)]);
  });

  it.each(['tokenEndpoint', 'refreshUrl'])('never sends its token to this machine in Azure: %s', (member) => {
    const provider = { ...PROVIDER, [member]: 'http://127.0.0.1/token' };
    expect(faults([GRANT], [provider])).toEqual([expect.stringContaining(`providers[0].${member}`)]);
  });

  it('has a provider whose preset there is, and the near one is named', () => {
    expect(faults([], [{ id: 'crm', preset: 'salesforc_rtr' }]).join()).toContain(
      'providers[0].preset: "salesforc_rtr"; allowed: a tokenEndpoint, or the id of a preset ("salesforce_rtr", if that was meant)',
    );
  });

  it('has a provider of which there is one', () => {
    expect(faults([GRANT], [PROVIDER, PROVIDER])).toEqual([
      'config file: providers[1]: id "partner" a second time; allowed: each once',
    ]);
  });
});

describe('the vault of a grant', () => {
  const urlsAndNames = (vaults: object[]) =>
    configOf(SETTINGS, { providers: [PROVIDER], grants: [GRANT], vaults }).vaults.map(({ url, policy }) => [
      url,
      policy.name,
    ]);
  const OTHER = 'https://kv-other.vault.azure.net';

  it('is scanned whether it is named or not, and once', () => {
    expect(urlsAndNames([])).toEqual([[VAULT, 'kv-a']]);
    expect(urlsAndNames([{ url: VAULT, name: 'front' }])).toEqual([[VAULT, 'front']]);
    expect(urlsAndNames([{ url: OTHER }])).toEqual([
      [OTHER, 'kv-other'],
      [VAULT, 'kv-a'],
    ]);
  });

  it('is called by its host where another vault was given its name', () => {
    expect(urlsAndNames([{ url: OTHER, name: 'kv-a' }])).toEqual([
      [OTHER, 'kv-a'],
      [VAULT, 'kv-a.vault.azure.net'],
    ]);
  });
});

describe('the policy of a vault', () => {
  it('names the owner of what its grants use: the token, and the secret or key of the client', () => {
    const keyed = { id: 'keyed', tokenEndpoint: PROVIDER.tokenEndpoint } as const;
    const { clientSecret: _, ...rest } = GRANT;
    const config = configOf(SETTINGS, {
      providers: [PROVIDER, { ...keyed, clientAuthenticationMethod: 'private_key_jwt' }],
      grants: [
        { ...GRANT, secretName: 'Bookings-Token', owner: 'bookings-team' },
        {
          ...rest,
          id: 'other',
          provider: 'keyed',
          secretName: 'other-token',
          clientKey: { vault: 'https://kv-b.vault.azure.net', keyName: 'signer', isCertificate: true },
          owner: 'other-team',
        },
      ],
    });
    const ownerOf = (vault: string, kind: 'secret' | 'key' | 'certificate', name: string) =>
      config.policyOf(vault).grantObjects?.get(grantObjectKey(kind, name))?.owner;
    expect(ownerOf(VAULT, 'secret', 'bookings-token')).toBe('bookings-team');
    expect(ownerOf(VAULT, 'secret', 'bookings-client-secret')).toBe('bookings-team');
    expect(ownerOf(VAULT, 'secret', 'other-token')).toBe('other-team');
    expect(ownerOf('https://kv-b.vault.azure.net', 'certificate', 'signer')).toBe('other-team');
    expect(config.policyOf('https://kv-c.vault.azure.net').grantObjects).toBeUndefined();
  });
});
