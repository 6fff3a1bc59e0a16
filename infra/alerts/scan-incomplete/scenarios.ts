import { type Crowd, run } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';

const throttled = { outcome: 'failed', reason: 'throttled', httpStatus: 429 } as const;
const refused = { outcome: 'failed', reason: 'forbidden', httpStatus: 403 } as const;

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [run(n, 5, { vault: `kv-${n}`, outcome: 'failed', reason: 'forbidden' })];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a vault refuses the scanner; others fail twice in a row, for another reason each time: one alert for each',
    happened: (t) => {
      t.scan('kv-b', 5, { ...refused, objects: 0 });
      t.scan('kv-a', 9, throttled);
      t.scan('kv-a', 5, { outcome: 'failed', reason: 'timeout' });
      t.scan('kv-c', 65, { outcome: 'failed', reason: 'connection' });
      t.scan('kv-c', 5, throttled);
    },
    fires: {
      'scan-incomplete': [
        { Vault: 'kv-b', Problem: 'forbidden' },
        { Vault: 'kv-a', Problem: 'failing' },
        { Vault: 'kv-c', Problem: 'failing' },
      ],
    },
    says: { digest: /"Open":"runs not done to their end: 3".*"forbidden: kv-b"/ },
  },
  {
    name: 'a vault that refused the scanner answers too late since, and no scan of it was done: its alert stays the same',
    happened: (t) => {
      t.scan('kv-a', 190);
      t.scan('kv-a', 130, refused);
      t.scan('kv-a', 70, { outcome: 'failed', reason: 'timeout' });
      t.scan('kv-a', 10, throttled);
      t.scan('kv-b', 130, refused);
      t.scan('kv-b', 70);
      t.scan('kv-b', 10, throttled);
    },
    fires: { 'scan-incomplete': [{ Vault: 'kv-a', Problem: 'forbidden' }] },
    says: { 'scan-incomplete': /"Reason":"throttled"/ },
  },
  {
    name: 'runs failed that were the only one, attempts of one, or followed by one that was done',
    spares: ['scan-incomplete'],
    happened: (t) => {
      t.scan('kv-a', 5, throttled);
      t.scan('kv-b', 70, refused);
      t.scan('kv-b', 10);
      for (const minutesAgo of [5, 4, 3]) t.scan('kv-c', minutesAgo, { runId: 'run', ...throttled });
      t.run('token-refresh', 2, { outcome: 'failed', reason: 'grants_failed' });
      t.run('token-refresh', 1);
    },
    fires: {},
  },
  {
    name: 'a timer could not read its grants, another not ask for some clients, twice in a row; a vault is well',
    happened: (t) => {
      for (const minutesAgo of [2, 1]) {
        t.run('token-refresh', minutesAgo, { outcome: 'failed', reason: 'grants_failed' });
        t.run('credential-proof', minutesAgo, { outcome: 'failed', reason: 'not_asked' });
      }
    },
    fires: {
      'scan-incomplete': [
        { Vault: '(grants)', Problem: 'failing' },
        { Vault: '(clients)', Problem: 'failing' },
      ],
    },
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
    name: 'vaults are called grants and discovery, and both refuse the scanner',
    happened: (t) => {
      for (const vault of ['grants', 'discovery']) t.scan(vault, 10, refused);
    },
    fires: {
      'scan-incomplete': [
        { Vault: 'grants', Problem: 'forbidden' },
        { Vault: 'discovery', Problem: 'forbidden' },
      ],
    },
  },
];
