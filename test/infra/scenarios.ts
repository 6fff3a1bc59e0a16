import { hour, type Scenario } from './scenario.ts';
import { expiring } from './seen.ts';

const dead = { oauthError: 'invalid_grant', permanence: 'permanent', reason: 'invalid_grant' } as const;

/** What several rules must get right together; those of one rule lie in its folder. */
export const scenarios: readonly Scenario[] = [
  { name: 'all is well', spares: ['scan-missed'], happened: () => {}, fires: {} },
  {
    name: 'snoozed, ignored, disabled and far-off credentials are in the daily inventory',
    spares: ['credential-expiring', 'credential-critical', 'credential-expired'],
    happened: (t) =>
      t.scan('kv-a', 5, {
        mode: 'full',
        sees: [
          expiring({ name: 'a', suppressed: 'snoozed' }),
          expiring({ name: 'b', status: 'critical', days: 2, suppressed: 'ignored' }),
          expiring({ name: 'd', status: 'disabled', days: -2 }),
          expiring({ name: 'e', status: 'valid', days: 300 }),
          expiring({ name: 'f', status: 'not_yet_valid', days: 300 }),
        ],
      }),
    fires: {},
  },
  {
    name: 'a subscription shows no vault any more: the vault that was there is named',
    happened: (t) => {
      t.asked('kv-found', 250);
      t.scan('kv-found', 245);
      t.discoveryFailed(10, 'not_found', 'permanent');
      t.asked('kv-quiet', 10);
    },
    fires: {
      'scan-incomplete': [{ Vault: '(discovery)', Problem: 'not_found' }],
      'scan-missed': [{ Job: 'keyvault-scan', Vault: 'kv-found' }],
    },
    says: { 'scan-missed': /no longer on the list/ },
  },
  {
    name: 'vaults are scanned once a day: half of one is gone, and what was given up on yesterday still is',
    happened: (t) => {
      t.scan('kv-b', 24 * hour + 20, { objects: 20 });
      t.scan('kv-b', 20, { objects: 9 });
      t.metric('keywatch.queue.poison', 20 * hour, 1);
    },
    fires: {
      'inventory-shrank': [{ Vault: 'kv-b' }],
      'poison-queue': [{ Queue: 'keywatch-scan-poison' }],
    },
  },
  {
    name: 'grants are refreshed as they should be',
    happened: (t) => {
      t.refreshed('crm', 30, 'refreshed', { rotated: true });
      t.state('crm', 5, { outcome: 'refreshed', deadlineDays: 90 });
    },
    fires: {},
  },
  {
    name: 'a machine whose clock is ahead says that all is well: what is said now counts until then',
    happened: (t) => {
      t.scan('kv-a', -3 * hour, { mode: 'full', sees: [expiring({ status: 'valid', days: 300 })] });
      t.inspect('kv-a', -hour, expiring({ status: 'valid', days: 300 }));
      t.scan('kv-a', 5, {
        mode: 'full',
        sees: [
          expiring({ status: 'critical', days: 2 }),
          { name: 'a', status: 'valid', days: 90, finding: 'unowned' },
        ],
      });
      t.asked('kv-b', 200);
      t.scan('kv-b', -hour);
      t.scan('kv-c', 10, { objects: 0 });
      t.scan('kv-c', -hour, { objects: 20 });
      t.scan('kv-c', 70, { objects: 20 });
      t.refreshed('crm', 5, 'dead', dead);
      t.refreshed('crm', -hour, 'refreshed');
      t.proved('orders', 5, 'credential_wrong');
      t.proved('orders', -hour, 'proven');
      t.rotated('billing', 5, 'failed', { permanence: 'permanent', reason: 'not_owner' });
      t.rotated('billing', -hour, 'stored');
      t.metric('keywatch.queue.poison', -hour, 1);
    },
    fires: {
      'credential-critical': [{ CredentialId: 'kv-a/secret/crm' }],
      'credential-refused': [{ CredentialId: 'client/orders' }],
      'grant-dead': [{ CredentialId: 'grant/crm' }],
      'inventory-shrank': [{ Vault: 'kv-c' }],
      'rotation-failing': [{ CredentialId: 'rotation/billing' }],
      'scan-missed': [{ Job: 'keyvault-scan', Vault: 'kv-b' }],
    },
    says: { digest: /"Faults":\["unowned: kv-a\/secret\/a"\]/ },
  },
  {
    name: 'a single 401 at night, at low traffic',
    spares: ['requests-401-spike', 'dependencies-401-spike'],
    happened: (t) => {
      t.calls('api.example.com', 5, { ok: 2, refused: 1 });
      t.requests('/orders', 5, { ok: 3, refused: 1 });
    },
    fires: {},
  },
  {
    name: 'calls to the host of a dead grant are refused: the grant is named, not its healthy neighbour',
    happened: (t) => {
      t.refreshed('erp', 3 * hour, 'refreshed');
      t.refreshed('crm', 30, 'dead', dead);
      t.calls('login.example.com', 5 * hour, { ok: 100 });
      t.calls('login.example.com', 5, { ok: 10, refused: 10 });
    },
    fires: {
      'grant-dead': [{ CredentialId: 'grant/crm' }],
      'dependencies-401-spike': [
        { Host: 'login.example.com', LikelyCredential: 'grant/crm', LikelyOwner: 'team-crm' },
      ],
    },
  },
  {
    name: 'a lost answer and a token that is not stored belong to grants that are no longer configured',
    happened: (t) => {
      t.state('crm', 3 * hour, { outcome: 'ambiguous' });
      t.state('erp', 3 * hour, { outcome: 'not_stored' });
    },
    fires: {},
  },
];
