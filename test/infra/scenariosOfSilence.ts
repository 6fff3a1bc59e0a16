import type { Scenario } from './scenarios.ts';

const hour = 60;

/** Vaults of which nothing is heard, and why that is or is not the vault's own silence. */
export const SILENCE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'the app was away for five hours and asks for every vault again: those that wait their turn are not silent',
    silent: true,
    spares: ['scan-missed'],
    happened: (t) => {
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
      t.run('token-refresh', 5);
      for (const vault of ['kv-a', 'kv-b']) t.asked(vault, 310);
      t.scan('kv-b', 305);
      t.scan('kv-a', 4);
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
    name: 'a vault is called all, and its scans never end',
    happened: (t) => {
      for (const minutesAgo of [190, 130, 70, 10]) t.asked('all', minutesAgo);
    },
    fires: { 'scan-missed': [{ Job: 'keyvault-scan', Vault: 'all' }] },
    says: { 'scan-missed': /asked for, and no run ended/ },
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
    name: 'vaults are scanned every six hours, and the one that fails takes longer than the rest: its alert stays open',
    happened: (t) => {
      for (const minutesAgo of [740, 380])
        t.scan('kv-b', minutesAgo, { outcome: 'failed', reason: 'timeout' });
      for (const vault of ['kv-b', 'kv-quiet']) t.asked(vault, 20);
    },
    fires: { 'scan-incomplete': [{ Vault: 'kv-b', Problem: 'failing' }] },
  },
  {
    name: 'vaults are scanned every six hours, and twice in a row the poison queues could not be counted',
    happened: (t) => {
      t.metric('keywatch.queue.poison', 15 * hour, 0);
      t.uncounted(9 * hour);
      t.uncounted(3 * hour);
    },
    fires: { 'poison-queue': [{ Queue: 'keywatch-scan-poison' }, { Queue: 'keywatch-refresh-poison' }] },
  },
];
