import { type Crowd, run } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  run(n, 90, { vault: `kv-${n}`, objects: '40' }),
  run(n, 5, { vault: `kv-${n}`, objects: '2' }),
];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'half of a vault is gone, and the only credential of another',
    happened: (t) => {
      t.scan('kv-b', 70, { objects: 40 });
      t.scan('kv-b', 10, { objects: 20 });
      t.scan('kv-c', 70, { objects: 1 });
      t.scan('kv-c', 10, { objects: 0 });
    },
    fires: { 'inventory-shrank': [{ Vault: 'kv-b' }, { Vault: 'kv-c' }] },
    says: { digest: /"Open":"vaults with far fewer credentials: 2".*"far fewer credentials: kv-b"/ },
  },
  {
    name: 'two of forty credentials or of eight were deleted, a broken scan saw none, and a grant of twenty left the config',
    spares: ['inventory-shrank'],
    happened: (t) => {
      t.scan('kv-b', 130, { objects: 40 });
      t.scan('kv-b', 70, { objects: 38 });
      t.scan('kv-b', 10, { objects: 0, outcome: 'failed', reason: 'timeout' });
      t.scan('kv-c', 70, { objects: 8 });
      t.scan('kv-c', 10, { objects: 6 });
      t.run('token-refresh', 3, { objects: 19 });
    },
    fires: {},
  },
  {
    name: 'a deployment came without its config file: the refresh timer knows no grant any more',
    happened: (t) => t.run('token-refresh', 3, { objects: 0 }),
    fires: { 'inventory-shrank': [{ Vault: '(grants)' }] },
    says: { digest: /"far fewer credentials: \(grants\)"/ },
  },
  {
    name: 'the clients are gone from the config, one of them refused: that it is refused no more is no good news',
    happened: (t) => {
      t.proved('orders', 95, 'credential_wrong');
      t.run('credential-proof', 95, { outcome: 'failed', reason: 'not_asked' });
      t.run('credential-proof', 3, { objects: 0 });
    },
    fires: { 'inventory-shrank': [{ Vault: '(clients)' }] },
  },
];
