import { type Crowd, run } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';

const throttled = { outcome: 'failed', reason: 'throttled', httpStatus: 429 } as const;

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [run(n, 5, { vault: `kv-${n}`, outcome: 'failed', reason: 'forbidden' })];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a vault refuses the scanner',
    happened: (t) =>
      t.scan('kv-b', 5, { outcome: 'failed', reason: 'forbidden', httpStatus: 403, objects: 0 }),
    fires: { 'scan-incomplete': [{ Vault: 'kv-b', Problem: 'forbidden' }] },
    says: { digest: /"Open":"runs not done to their end: 1".*"forbidden: kv-b"/ },
  },
  {
    name: 'a vault was throttled once',
    spares: ['scan-incomplete'],
    happened: (t) => t.scan('kv-a', 5, { outcome: 'failed', reason: 'throttled', httpStatus: 429 }),
    fires: {},
  },
  {
    name: 'a vault was throttled twice in a row',
    happened: (t) => {
      t.scan('kv-a', 9, { outcome: 'failed', reason: 'throttled', httpStatus: 429 });
      t.scan('kv-a', 5, { outcome: 'failed', reason: 'timeout' });
    },
    fires: { 'scan-incomplete': [{ Vault: 'kv-a', Problem: 'failing' }] },
  },
  {
    name: 'the attempts of one run were throttled, one after the other',
    spares: ['scan-incomplete'],
    happened: (t) => {
      for (const minutesAgo of [5, 4, 3])
        t.scan('kv-a', minutesAgo, {
          runId: 'run',
          outcome: 'failed',
          reason: 'throttled',
          httpStatus: 429,
        });
    },
    fires: {},
  },
  {
    name: 'the refresh timer could not read its grants, twice in a row; a vault is well',
    happened: (t) => {
      t.run('token-refresh', 2, { outcome: 'failed', reason: 'grants_failed' });
      t.run('token-refresh', 1, { outcome: 'failed', reason: 'grants_failed' });
    },
    fires: { 'scan-incomplete': [{ Vault: '(grants)', Problem: 'failing' }] },
  },
  {
    name: 'the proof timer could not ask for some of its clients, twice in a row',
    happened: (t) => {
      t.run('credential-proof', 2, { outcome: 'failed', reason: 'not_asked' });
      t.run('credential-proof', 1, { outcome: 'failed', reason: 'not_asked' });
    },
    fires: { 'scan-incomplete': [{ Vault: '(clients)', Problem: 'failing' }] },
  },
  {
    name: 'one run could not read its grants, the next one could',
    happened: (t) => {
      t.run('token-refresh', 2, { outcome: 'failed', reason: 'grants_failed' });
      t.run('token-refresh', 1);
    },
    fires: {},
  },
  {
    name: 'the scanner may not see one subscription; another was throttled long ago',
    happened: (t) => {
      t.discoveryFailed(20, 'forbidden', 'permanent');
      t.discoveryFailed(300, 'throttled', 'transient');
    },
    fires: { 'scan-incomplete': [{ Vault: '(discovery)', Problem: 'forbidden' }] },
  },
  {
    name: 'a subscription showed no vault an hour ago, and shows one again',
    happened: (t) => {
      t.discoveryFailed(70, 'not_found', 'permanent');
      t.run('vault-discovery', 10);
    },
    fires: {},
  },
  {
    name: 'subscriptions are no longer asked since one of them refused, four hours ago',
    happened: (t) => t.discoveryFailed(240, 'forbidden', 'permanent'),
    fires: {},
  },
  {
    name: 'a subscription was slow once',
    spares: ['scan-incomplete'],
    happened: (t) => t.discoveryFailed(20, 'timeout', 'transient'),
    fires: {},
  },
  {
    name: 'a refused vault was opened again',
    spares: ['scan-incomplete'],
    happened: (t) => {
      t.scan('kv-b', 70, { outcome: 'failed', reason: 'forbidden', httpStatus: 403 });
      t.scan('kv-b', 10);
    },
    fires: {},
  },
  {
    name: 'the subscriptions could not be asked for four hours: that is one alert, not one for each vault in them',
    happened: (t) => {
      t.asked('kv-found', 250);
      t.scan('kv-found', 245);
      for (const minutesAgo of [190, 130, 70, 10]) {
        t.discoveryFailed(minutesAgo, 'timeout', 'transient');
        t.asked('kv-quiet', minutesAgo);
      }
    },
    fires: { 'scan-incomplete': [{ Vault: '(discovery)', Problem: 'failing' }] },
  },
  {
    name: 'vaults are scanned every six hours, and the one that fails takes longer than the rest: its alert stays open',
    happened: (t) => {
      for (const minutesAgo of [740, 380])
        t.scan('kv-b', minutesAgo, { outcome: 'failed', reason: 'timeout' });
      for (const vault of ['kv-b', 'kv-quiet']) t.asked(vault, 20);
    },
    fires: { 'scan-incomplete': [{ Vault: 'kv-b', Problem: 'failing' }] },
  },
  {
    name: 'a vault fails for another reason each time: that is one alert',
    happened: (t) => {
      t.scan('kv-b', 65, { outcome: 'failed', reason: 'connection' });
      t.scan('kv-b', 5, throttled);
    },
    fires: { 'scan-incomplete': [{ Vault: 'kv-b', Problem: 'failing' }] },
  },
  {
    name: 'vaults are called grants and discovery, and both refuse the scanner',
    happened: (t) => {
      for (const vault of ['grants', 'discovery'])
        t.scan(vault, 10, { outcome: 'failed', reason: 'forbidden', httpStatus: 403 });
    },
    fires: {
      'scan-incomplete': [
        { Vault: 'grants', Problem: 'forbidden' },
        { Vault: 'discovery', Problem: 'forbidden' },
      ],
    },
  },
];
