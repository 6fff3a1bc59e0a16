import { type Crowd, proof } from '../../../test/infra/crowd.ts';
import { hour, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  proof(n, 'unavailable', 'availability', 13 * hour),
  proof(n, 'unavailable', 'availability'),
];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a token endpoint never answered since its client was configured, and another is busy since yesterday',
    happened: (t) => {
      t.proved('orders', 13 * hour, 'unavailable');
      t.proved('orders', 5, 'unavailable', { httpStatus: 200 });
      t.proved('stock', 14 * hour, 'proven');
      t.proved('stock', 13 * hour, 'throttled', { httpStatus: 429 });
      t.proved('stock', 5, 'throttled', { httpStatus: 429 });
    },
    fires: {
      'credential-unproven': [
        { CredentialId: 'client/orders', Owner: 'team-orders', Vault: 'kv-a' },
        { CredentialId: 'client/stock' },
      ],
      digest: [{ Open: 'credentials unproven: 2' }],
    },
  },
  {
    name: 'a server is away for less than half a day, a client is no longer configured, a vault gives no secret',
    spares: ['credential-unproven'],
    happened: (t) => {
      t.proved('orders', 11 * hour, 'unavailable');
      t.proved('orders', 5, 'unavailable');
      t.proved('stock', 13 * hour, 'unavailable');
      t.proved('stock', 35, 'proven');
      t.proved('stock', 5, 'unavailable');
      t.proved('rates', 20 * hour, 'unavailable');
      t.proved('rates', 3 * hour, 'unavailable');
      t.proved('menus', 13 * hour, 'not_asked');
      t.proved('menus', 5, 'not_asked');
    },
    fires: {},
  },
  {
    name: 'clients are proven once a day, and a server was away at one time: nobody knows for how long',
    spares: ['credential-unproven'],
    happened: (t) => {
      t.run('credential-proof', 24 * hour + 5, { periodSeconds: 86_400 });
      t.proved('orders', 24 * hour + 5, 'proven');
      t.proved('orders', 5, 'unavailable');
    },
    fires: {},
  },
  {
    name: 'a refused credential whose server went away stays refused: one alert',
    spares: ['credential-unproven'],
    happened: (t) => {
      t.proved('orders', 14 * hour, 'credential_wrong');
      for (const minutesAgo of [13 * hour, 5]) t.proved('orders', minutesAgo, 'unavailable');
    },
    fires: { 'credential-refused': [{ CredentialId: 'client/orders' }] },
  },
];
