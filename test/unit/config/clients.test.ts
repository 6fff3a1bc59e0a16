import { describe, expect, it } from 'vitest';
import { configOf, faultsOf, PARTNER } from '../../fakes/config.ts';

const ENTRA = {
  id: 'orders',
  tenant: '11111111-1111-1111-1111-111111111111',
  clientId: '22222222-2222-2222-2222-222222222222',
  vault: 'https://kv-a.vault.azure.net',
  clientSecret: { secretName: 'oauth-orders' },
  scopes: ['https://graph.microsoft.com/.default'],
} as const;
const OTHER = {
  ...ENTRA,
  tenant: undefined,
  tokenEndpoint: 'https://as.partner.example/token',
  scopes: ['read', 'write'],
} as const;
const KEY = {
  id: 'weather',
  vault: 'https://kv-b.vault.azure.net',
  apiKey: { secretName: 'oauth-weather', header: 'x-api-key' },
  call: { url: 'https://api.weather.example/me' },
} as const;

const PROVIDERS = [{ ...PARTNER, proofCall: { url: 'https://api.partner.example/me', expectedStatus: 204 } }];
const read = (...clients: readonly object[]) => configOf({}, { providers: PROVIDERS, clients }).clients;
const faults = (...clients: readonly object[]) => faultsOf({}, { providers: PROVIDERS, clients });

describe('a client of the config', () => {
  it('at Entra ID is known by tenant and secret, and by no expectation where nobody said one', () => {
    expect(read(ENTRA)).toMatchObject([
      {
        subject: {
          client: {
            issuer: { kind: 'entra', tenantId: ENTRA.tenant, authorityHost: 'login.microsoftonline.com' },
            credential: {
              method: 'client_secret_post',
              objects: [{ kind: 'secret', name: 'oauth-orders', vaultUrl: ENTRA.vault }],
            },
          },
          expects: { roles: undefined, scopes: undefined, maxTokenMinutes: 1440 },
        },
        call: undefined,
      },
    ]);
  });

  it('elsewhere is expected to be granted the scopes that it asks for', () => {
    expect(read(OTHER)[0]?.subject).toMatchObject({ expects: { scopes: ['read', 'write'] } });
    const other = { ...OTHER, expects: { scopes: ['read'] } };
    expect(read(other)[0]?.subject).toMatchObject({ expects: { scopes: ['read'] } });
  });

  it('proves itself with a key of the vault, or in another way that is named', () => {
    const withKey = { ...OTHER, clientSecret: undefined, clientKey: { keyName: 'signer' } };
    const basic = { ...OTHER, id: 'basic', clientAuthenticationMethod: 'client_secret_basic' };
    const methods = read(withKey, basic).map(
      ({ subject }) => subject.kind === 'client' && subject.client.credential.method,
    );
    expect(methods).toEqual(['private_key_jwt', 'client_secret_basic']);
  });

  it('may be a static key, whose vault is scanned like that of any other', () => {
    const { clients, vaults } = configOf({}, { clients: [KEY] });
    expect(clients[0]?.subject).toMatchObject({ kind: 'api_key', key: { header: 'x-api-key', prefix: '' } });
    expect(vaults.map(({ url }) => url)).toEqual([KEY.vault]);
  });

  it('may have the call of a provider', () => {
    expect(read({ ...OTHER, call: { provider: 'partner' } })[0]?.call).toEqual({
      url: 'https://api.partner.example/me',
      expectedStatus: 204,
    });
  });

  it.each<[string, object, string]>([
    ['no issuer', { ...ENTRA, tenant: undefined }, ': no tenant; allowed: one of tenant'],
    ['two issuers', { ...ENTRA, tokenEndpoint: OTHER.tokenEndpoint }, ': tenant and tokenEndpoint'],
    ['a tenant that is any', { ...ENTRA, tenant: 'common' }, '.tenant: "common"'],
    ['an authority with a path', { ...ENTRA, authorityHost: 'a.b/c' }, '.authorityHost: "a.b/c"'],
    ['an authority on this machine', { ...ENTRA, authorityHost: 'x:443' }, '.authorityHost'],
    ['no client id', { ...ENTRA, clientId: undefined }, '.clientId: missing'],
    ['no scope at Entra', { ...ENTRA, scopes: undefined }, '.scopes: missing; allowed: exactly one'],
    ['a scope that is not /.default', { ...ENTRA, scopes: ['User.Read'] }, '.scopes: User.Read'],
    ['an endpoint over http', { ...OTHER, tokenEndpoint: 'http://a.example/t' }, '.tokenEndpoint'],
    ['no credential', { ...OTHER, clientSecret: undefined }, ': no credential; allowed: one of clientSecret'],
    [
      'two credentials',
      { ...OTHER, clientKey: { keyName: 'k' }, clientAuthenticationMethod: 'private_key_jwt' },
      ': clientSecret; allowed: clientKey alone',
    ],
    [
      'no authentication',
      { ...OTHER, clientSecret: undefined, clientAuthenticationMethod: 'none' },
      ': no credential; allowed: one of clientSecret',
    ],
    ['no vault', { ...ENTRA, vault: undefined }, '.vault: missing, and clientSecret names none'],
    ['a vault that is none', { ...ENTRA, vault: 'https://a.example' }, '.clientSecret.vault'],
    ['a key without a call', { ...KEY, call: undefined }, '.call: missing'],
    [
      'a key that would be the host of its call',
      { ...KEY, apiKey: { ...KEY.apiKey, header: 'HOST' } },
      '.apiKey.header: "HOST"',
    ],
    ['a key and a client id', { ...KEY, clientId: 'x' }, '.clientId: beside apiKey'],
    ['a call to nowhere', { ...ENTRA, call: {} }, '.call: neither url nor provider'],
    ['a call over http', { ...ENTRA, call: { url: 'http://a.example' } }, '.call.url'],
    [
      'a call of a provider without one',
      { ...ENTRA, call: { provider: 'entra' } },
      '.call.provider: "entra"',
    ],
    ['a typing error', { ...ENTRA, scope: ['x'] }, '.scope: a name that Keywatch does not know'],
  ])('with %s is a fault that names it', (_what, client, words) => {
    expect(faults(client).join('\n')).toContain(`clients[0]${words}`);
  });

  it('has an id of its own', () => {
    expect(faults(ENTRA, { ...KEY, id: 'orders' })).toEqual([
      'config file: clients[1]: id "orders", like config file: clients[0]; allowed: each once',
    ]);
  });

  it('shows no secret that somebody wrote where its name belongs', () => {
    const pasted = { ...KEY, apiKey: { ...KEY.apiKey, secretName: 'CANARY=not-a-name' } };
    expect(faults(pasted).join()).toMatch(/secretName.*not shown/);
    expect(faults({ ...KEY, apiKey: 'CANARY' }).join()).not.toContain('CANARY');
  });
});
