import { type Crowd, run } from '../../../test/infra/crowd.ts';
import { hour, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [run(n, 5, {}), run(n, 600, { vault: `kv-${n}` })];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'no telemetry at all: each job is named',
    silent: true,
    happened: () => {},
    fires: {
      'scan-missed': [
        { Job: 'keyvault-scan', Vault: '(all)' },
        { Job: 'token-refresh', Vault: '(all)' },
        { Job: 'credential-proof', Vault: '(all)' },
      ],
    },
  },
  {
    name: 'the refresh timer stopped an hour ago',
    silent: true,
    happened: (t) => {
      t.run('credential-proof', 5);
      t.scan('kv-a', 10);
      t.run('token-refresh', 60);
    },
    fires: { 'scan-missed': [{ Job: 'token-refresh', Vault: '(all)' }] },
    says: { digest: /"Open":"jobs or vaults silent: 1".*"silent: token-refresh \(all\)"/ },
  },
  {
    name: 'the proof timer stopped an hour and a half ago: who is revoked now would go unnoticed',
    silent: true,
    happened: (t) => {
      t.scan('kv-a', 10);
      t.run('token-refresh', 5);
      t.run('credential-proof', 90);
    },
    fires: { 'scan-missed': [{ Job: 'credential-proof', Vault: '(all)' }] },
  },
  {
    name: 'the rotation timer stopped an hour ago, where something is rotated',
    silent: true,
    happened: (t) => {
      t.scan('kv-a', 10);
      t.run('token-refresh', 5);
      t.run('credential-proof', 5);
      t.run('secret-rotation', 70);
    },
    fires: { 'scan-missed': [{ Job: 'secret-rotation', Vault: '(all)' }] },
  },
  ...[3, 20, 47].map(
    (hoursAgo): Scenario => ({
      name: `a deployment ended ${hoursAgo} hours ago, and others live on: each of its jobs is named`,
      silent: true,
      happened: (t) => {
        t.scan('kv-a', hoursAgo * hour);
        t.run('token-refresh', hoursAgo * hour);
        t.run('credential-proof', hoursAgo * hour);
      },
      fires: {
        'scan-missed': ['keyvault-scan', 'token-refresh', 'credential-proof'].map((Job) => ({
          ...{ Job, Vault: '(all)' },
        })),
      },
    }),
  ),
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
    name: 'new vaults, one of them called all, are asked for and no run of them has ended; another is under way',
    happened: (t) => {
      for (const vault of ['kv-new', 'all'])
        for (const minutesAgo of [190, 130, 70, 10]) t.asked(vault, minutesAgo);
      t.asked('kv-newer', 70);
      t.asked('kv-newer', 10);
    },
    fires: {
      'scan-missed': [
        { Job: 'keyvault-scan', Vault: 'kv-new' },
        { Job: 'keyvault-scan', Vault: 'all' },
      ],
    },
    says: { 'scan-missed': /asked for, and no run ended/ },
  },
  {
    name: 'scans are asked for, and none of any vault ends',
    silent: true,
    happened: (t) => {
      t.run('credential-proof', 5);
      t.run('token-refresh', 5);
      for (const minutesAgo of [190, 130, 70, 10]) t.asked('kv-a', minutesAgo);
    },
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: '(all)' }] },
  },
  {
    name: 'a look at one object does not pass for a scan of its vault',
    silent: true,
    happened: (t) => {
      t.run('credential-proof', 5);
      t.run('token-refresh', 5);
      t.scan('kv-a', 4 * hour);
      t.scan('kv-a', 5, { mode: 'object' });
    },
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: '(all)' }] },
  },
  {
    name: 'the app was away for five hours and asks for every vault again: those that wait their turn are not silent',
    silent: true,
    spares: ['scan-missed'],
    happened: (t) => {
      t.run('credential-proof', 5);
      t.run('token-refresh', 5);
      for (const vault of ['kv-a', 'kv-b', 'kv-c']) {
        t.asked(vault, 310);
        t.scan(vault, 305);
        t.asked(vault, 6);
      }
      t.scan('kv-a', 4);
    },
    fires: {},
  },
  {
    name: 'a scan that was queued before the app went away for five hours ends before the timer asks again',
    silent: true,
    happened: (t) => {
      t.run('credential-proof', 5);
      t.run('token-refresh', 5);
      for (const vault of ['kv-a', 'kv-b']) t.asked(vault, 310);
      t.scan('kv-b', 305);
      t.scan('kv-a', 4);
    },
    fires: {},
  },
  {
    name: 'a vault left the list a day and a half ago',
    happened: (t) => {
      t.asked('kv-gone', 36 * hour);
      t.scan('kv-gone', 36 * hour);
    },
    fires: {},
  },
  {
    name: 'a vault that refused the scanner was taken off the list',
    happened: (t) => t.scan('kv-b', 5 * hour, { outcome: 'failed', reason: 'forbidden', httpStatus: 403 }),
    fires: { 'scan-missed': [{ Vault: 'kv-b' }] },
  },
];
