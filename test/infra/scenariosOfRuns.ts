import type { Scenario } from './scenarios.ts';

const hour = 60;

/** Whether the jobs make their runs, how these end, and what work was given up on. */
export const RUN_SCENARIOS: readonly Scenario[] = [
  {
    name: 'no telemetry at all: each job is named',
    silent: true,
    happened: () => {},
    fires: {
      'scan-missed': [
        { Job: 'keyvault-scan', Vault: '(all)' },
        { Job: 'token-refresh', Vault: '(all)' },
      ],
    },
  },
  {
    name: 'the refresh timer stopped an hour ago',
    silent: true,
    happened: (t) => {
      t.scan('kv-a', 10);
      t.run('token-refresh', 60);
    },
    fires: { 'scan-missed': [{ Job: 'token-refresh', Vault: '(all)' }] },
    says: { digest: /"Open":"jobs or vaults silent: 1".*"silent: token-refresh \(all\)"/ },
  },
  {
    name: 'one vault of two is no longer scanned',
    happened: (t) => t.scan('kv-b', 4 * hour),
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: 'kv-b' }] },
  },
  {
    name: 'the scan of one vault is asked for every hour, and none has ended for more than a day',
    happened: (t) => {
      t.scan('kv-b', 26 * hour);
      for (let hoursAgo = 0; hoursAgo < 26; hoursAgo++) t.asked('kv-b', 10 + hoursAgo * hour);
    },
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: 'kv-b' }] },
  },
  {
    name: 'a new vault was asked for three hours ago, and no run of it has ended; another one is under way',
    happened: (t) => {
      for (const minutesAgo of [190, 130, 70, 10]) t.asked('kv-new', minutesAgo);
      t.asked('kv-newer', 70);
      t.asked('kv-newer', 10);
    },
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: 'kv-new' }] },
  },
  {
    name: 'scans are asked for, and none of any vault ends',
    silent: true,
    happened: (t) => {
      t.run('token-refresh', 5);
      for (const minutesAgo of [190, 130, 70, 10]) t.asked('kv-a', minutesAgo);
    },
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: '(all)' }] },
  },
  {
    name: 'a vault left the list two days ago',
    happened: (t) => {
      t.asked('kv-gone', 48 * hour);
      t.scan('kv-gone', 48 * hour);
    },
    fires: {},
  },
  {
    name: 'a look at one object does not pass for a scan of its vault',
    silent: true,
    happened: (t) => {
      t.run('token-refresh', 5);
      t.scan('kv-a', 4 * hour);
      t.scan('kv-a', 5, { mode: 'object' });
    },
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: '(all)' }] },
  },
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
    name: 'a message lies in a poison queue',
    happened: (t) => t.metric('keywatch.queue.poison', 20, 2),
    fires: { 'poison-queue': [{ Queue: 'keywatch-scan-poison' }] },
    says: { digest: /"Open":"queues of work given up on: 1"/ },
  },
  {
    name: 'the poison queues could not be counted in two runs',
    happened: (t) => {
      t.metric('keywatch.queue.poison', 130, 0);
      t.uncounted(70);
      t.uncounted(10);
    },
    fires: { 'poison-queue': [{ Queue: 'keywatch-scan-poison' }, { Queue: 'keywatch-refresh-poison' }] },
  },
  {
    name: 'the poison queues could not be counted in one run, twice, and could in the next',
    happened: (t) => {
      for (const minutesAgo of [190, 130, 130]) t.uncounted(minutesAgo);
      t.metric('keywatch.queue.poison', 70, 0);
      t.uncounted(10);
      t.uncounted(10);
    },
    fires: {},
  },
  {
    name: 'the poison queues are empty',
    spares: ['poison-queue'],
    happened: (t) => t.metric('keywatch.queue.poison', 20, 0),
    fires: {},
  },
];
