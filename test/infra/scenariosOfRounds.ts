import type { Scenario } from './scenarios.ts';

const hour = 60;

/** Whether the watchers make their rounds, and how these end. */
export const ROUND_SCENARIOS: readonly Scenario[] = [
  {
    name: 'no telemetry at all: each watcher is named',
    silent: true,
    happened: () => {},
    fires: {
      'scan-missed': [
        { Scanner: 'keyvault-scan', Vault: 'all' },
        { Scanner: 'token-refresh', Vault: 'all' },
      ],
    },
  },
  {
    name: 'the refresh timer stopped an hour ago',
    silent: true,
    happened: (t) => {
      t.scan('kv-a', 10);
      t.tick('token-refresh', 60);
    },
    fires: { 'scan-missed': [{ Scanner: 'token-refresh', Vault: 'all' }] },
  },
  {
    name: 'one vault of two is no longer scanned',
    happened: (t) => t.scan('kv-b', 4 * hour),
    fires: { 'scan-missed': [{ Scanner: 'keyvault-scan', Vault: 'kv-b' }] },
  },
  {
    name: 'a look at one object does not pass for a scan of its vault',
    silent: true,
    happened: (t) => {
      t.tick('token-refresh', 5);
      t.scan('kv-a', 4 * hour);
      t.scan('kv-a', 5, { mode: 'object' });
    },
    fires: { 'scan-missed': [{ Scanner: 'keyvault-scan', Vault: 'all' }] },
  },
  {
    name: 'a vault refuses the scanner',
    happened: (t) =>
      t.scan('kv-b', 5, { outcome: 'failed', reason: 'forbidden', httpStatus: 403, objects: 0 }),
    fires: { 'scan-incomplete': [{ Vault: 'kv-b', Reason: 'forbidden' }] },
  },
  {
    name: 'a vault was throttled once',
    happened: (t) => t.scan('kv-a', 5, { outcome: 'failed', reason: 'throttled', httpStatus: 429 }),
    fires: {},
  },
  {
    name: 'a vault was throttled twice in a row',
    happened: (t) => {
      t.scan('kv-a', 9, { outcome: 'failed', reason: 'throttled', httpStatus: 429 });
      t.scan('kv-a', 5, { outcome: 'failed', reason: 'timeout' });
    },
    fires: { 'scan-incomplete': [{ Vault: 'kv-a', Reason: 'timeout' }] },
  },
  {
    name: 'the attempts of one round were throttled, one after the other',
    happened: (t) => {
      for (const minutesAgo of [5, 4, 3])
        t.scan('kv-a', minutesAgo, {
          scanId: 'round',
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
      t.tick('token-refresh', 2, { outcome: 'failed', reason: 'grants_not_read' });
      t.tick('token-refresh', 1, { outcome: 'failed', reason: 'grants_not_read' });
    },
    fires: { 'scan-incomplete': [{ Vault: 'grants', Reason: 'grants_not_read' }] },
  },
  {
    name: 'one round could not read its grants, the next one could',
    happened: (t) => {
      t.tick('token-refresh', 2, { outcome: 'failed', reason: 'grants_not_read' });
      t.tick('token-refresh', 1);
    },
    fires: {},
  },
  {
    name: 'the scanner may not see one subscription; another was throttled long ago',
    happened: (t) => {
      t.discoveryFailed(20, 'forbidden', 'permanent');
      t.discoveryFailed(300, 'throttled', 'transient');
    },
    fires: { 'scan-incomplete': [{ Vault: 'discovery', Reason: 'discovery_forbidden' }] },
  },
  {
    name: 'a subscription was slow once',
    happened: (t) => t.discoveryFailed(20, 'timeout', 'transient'),
    fires: {},
  },
  {
    name: 'a refused vault was opened again',
    happened: (t) => {
      t.scan('kv-b', 70, { outcome: 'failed', reason: 'forbidden', httpStatus: 403 });
      t.scan('kv-b', 10);
    },
    fires: {},
  },
];
