import { type Crowd, proof } from '../../../test/infra/crowd.ts';
import { hour, type Scenario } from '../../../test/infra/scenario.ts';

const refused = { action: 'Make a new secret.', oauthError: 'invalid_client', httpStatus: 401 };

const ofGrant = { credentialId: 'grant/crm', owner: 'team-crm' };

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [proof(n, 'credential_wrong', 'authentication')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a secret was revoked early, a token is not accepted, and one was refused before its server went away',
    happened: (t) => {
      t.proved('orders', 65, 'proven');
      t.proved('orders', 5, 'credential_wrong', refused);
      t.proved('stock', 5, 'call_refused', refused);
      t.proved('rates', 65, 'credential_wrong', refused);
      t.proved('rates', 5, 'unavailable', { httpStatus: 503 });
    },
    fires: {
      'credential-refused': [
        { CredentialId: 'client/orders', Owner: 'team-orders', Vault: 'kv-a', Kind: 'client' },
        { CredentialId: 'client/stock' },
        { CredentialId: 'client/rates' },
      ],
      digest: [{ Open: 'credentials refused: 3' }],
    },
    says: { 'credential-refused': /Make a new secret.*invalid_client|invalid_client.*Make a new secret/ },
  },
  {
    name: 'refused secrets were replaced, by one that is too new to be known everywhere, or are no longer configured',
    spares: ['credential-refused'],
    happened: (t) => {
      for (const id of ['orders', 'stock']) t.proved(id, 40, 'credential_wrong', refused);
      t.proved('orders', 5, 'proven');
      t.proved('stock', 5, 'settling');
      t.proved('rates', 3 * hour, 'credential_wrong', refused);
    },
    fires: {},
  },
  {
    name: 'token endpoints that are busy, away, or were not asked say nothing of a credential',
    spares: ['credential-refused', 'credential-not-permitted'],
    happened: (t) => {
      t.proved('orders', 5, 'throttled', { httpStatus: 429 });
      t.proved('stock', 5, 'unavailable', { httpStatus: 503 });
      t.proved('rates', 5, 'not_asked');
      t.proved('menus', 5, 'call_failed', { httpStatus: 502 });
    },
    fires: {},
  },
  {
    name: 'a refused credential stays refused while the timer is silent',
    silent: true,
    happened: (t) => {
      t.scan('kv-a', 10);
      t.run('token-refresh', 5);
      t.run('credential-proof', 3 * hour);
      t.proved('orders', 3 * hour, 'credential_wrong', refused);
    },
    fires: {
      'credential-refused': [{ CredentialId: 'client/orders' }],
      'scan-missed': [{ Job: 'credential-proof', Vault: '(all)' }],
    },
  },
  {
    name: 'the access token of a grant is refused after its refresh',
    happened: (t) => {
      t.refreshed('crm', 3 * hour, 'refreshed');
      t.proved('crm', 3 * hour, 'call_refused', ofGrant);
      t.state('crm', 5, { outcome: 'refreshed' });
    },
    fires: { 'credential-refused': [{ CredentialId: 'grant/crm', Kind: 'grant', Owner: 'team-crm' }] },
  },
  {
    name: 'a grant whose access token was refused was taken out of the configuration',
    spares: ['credential-refused'],
    happened: (t) => {
      t.refreshed('crm', 3 * hour, 'refreshed');
      t.proved('crm', 3 * hour, 'call_refused', ofGrant);
    },
    fires: {},
  },
  {
    name: 'a grant whose access token was refused has died since: one alert',
    spares: ['credential-refused'],
    happened: (t) => {
      t.proved('crm', 3 * hour, 'call_refused', ofGrant);
      t.refreshed('crm', hour, 'dead', { reason: 'invalid_grant', permanence: 'permanent' });
      t.state('crm', 5, { outcome: 'dead', reason: 'invalid_grant' });
    },
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm' }] },
  },
  {
    name: 'a refused client was taken out of the configuration, and the vault of another is closed to Keywatch',
    silent: true,
    spares: ['credential-refused'],
    happened: (t) => {
      t.scan('kv-a', 10);
      t.run('token-refresh', 5);
      t.proved('orders', 3 * hour, 'credential_wrong', refused);
      for (const minutesAgo of [3 * hour, 65, 35, 5]) {
        t.proved('stock', minutesAgo, 'not_asked');
        t.run('credential-proof', minutesAgo, { outcome: 'failed', reason: 'not_asked' });
      }
    },
    fires: { 'scan-incomplete': [{ Vault: '(clients)' }] },
  },
];
