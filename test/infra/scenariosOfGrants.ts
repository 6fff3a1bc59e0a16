import type { Scenario } from './scenarios.ts';
import { NOW } from './telling.ts';

const hour = 60;
const day = 1440;
const DAY_MS = day * 60_000;
const dead = { oauthError: 'invalid_grant', permanence: 'permanent', reason: 'invalid_grant' } as const;
const url = 'https://keywatch.example.com/api/reconnect/crm';

/** What becomes of grants. */
export const GRANT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'grants are refreshed as they should be',
    happened: (t) => {
      t.refreshed('crm', 30, 'refreshed', { rotated: true });
      t.state('crm', 5, { outcome: 'refreshed', deadlineDays: 90 });
      t.proved('kv-a/secret/crm', 20, { outcome: 'success' });
    },
    fires: {},
  },
  {
    name: 'a grant died just now: the alert carries its reconnect link',
    happened: (t) => t.refreshed('crm', 2, 'dead', dead),
    fires: {
      'grant-dead': [
        { CredentialId: 'grant/crm', Provider: 'salesforce', Owner: 'team-crm', ReconnectUrl: url },
      ],
    },
  },
  {
    name: 'a grant died last week and is still dead: its state says so',
    happened: (t) => t.state('crm', 20, { outcome: 'dead', reason: 'invalid_grant' }),
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm', ReconnectUrl: url }] },
  },
  {
    name: 'a grant is dead, and its secret is shown as ended: one alert',
    spares: ['credential-expired'],
    happened: (t) => {
      t.state('crm', 20, { outcome: 'dead', reason: 'invalid_grant' });
      t.scan('kv-a', 10, {
        sees: [{ name: 'oauth-crm', status: 'expired', days: -1, findings: 'dead_grant,unowned' }],
      });
    },
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm' }], digest: [{ Open: 'dead grants: 1' }] },
  },
  {
    name: 'a dead grant was reconnected and waits for its first refresh',
    spares: ['grant-dead'],
    happened: (t) => {
      t.refreshed('crm', 5 * hour, 'dead', dead);
      t.state('crm', 3, { deadlineDays: 90 });
    },
    fires: {},
  },
  {
    name: 'a refresh failed once by the fault of the provider',
    spares: ['refresh-failing'],
    happened: (t) =>
      t.refreshed('crm', 10, 'transient_failure', { permanence: 'transient', reason: 'server_error' }),
    fires: {},
  },
  {
    name: 'a refresh failed three times',
    happened: (t) => {
      for (const minutesAgo of [190, 100, 10]) t.refreshed('crm', minutesAgo, 'transient_failure');
    },
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'transient' }] },
  },
  {
    name: 'a refresh failed once, and the grant dies tomorrow',
    happened: (t) => {
      t.refreshed('crm', 10, 'transient_failure');
      t.state('crm', 5, { outcome: 'transient_failure', deadlineDays: 1 });
    },
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'transient' }] },
  },
  {
    name: 'a refresh failed three times and then worked',
    happened: (t) => {
      for (const minutesAgo of [190, 100, 50]) t.refreshed('crm', minutesAgo, 'transient_failure');
      t.refreshed('crm', 5, 'refreshed');
    },
    fires: {},
  },
  {
    name: 'three failures, a success, and one failure since',
    happened: (t) => {
      for (const minutesAgo of [300, 200, 100]) t.refreshed('crm', minutesAgo, 'transient_failure');
      t.refreshed('crm', 50, 'refreshed');
      t.refreshed('crm', 5, 'transient_failure');
    },
    fires: {},
  },
  {
    name: 'our own client is refused by one provider, and a vault will not take the token of another grant',
    happened: (t) => {
      t.refreshed('crm', 10, 'misconfigured', { oauthError: 'invalid_client', permanence: 'permanent' });
      t.refreshed('erp', 10, 'preflight_failed', { permanence: 'permanent', reason: 'forbidden' });
    },
    fires: {
      'refresh-failing': [
        { CredentialId: 'grant/crm', Class: 'permanent' },
        { CredentialId: 'grant/erp', Class: 'permanent' },
      ],
    },
  },
  {
    name: 'a vault was too slow for the preflight once: passing, and the token is unspent',
    happened: (t) =>
      t.refreshed('crm', 10, 'preflight_failed', { permanence: 'transient', reason: 'vault_timeout' }),
    fires: {},
  },
  {
    name: 'a grant of ninety days was last refreshed seventy days ago, and nobody tries',
    happened: (t) => {
      t.state('crm', 40, { outcome: 'refreshed', refreshedAt: NOW - 70 * DAY_MS, deadlineDays: 20 });
      t.state('erp', 40, { outcome: 'refreshed', refreshedAt: NOW - 50 * DAY_MS, deadlineDays: 40 });
      t.state('new', 40, { deadlineDays: 90 });
    },
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'overdue' }] },
  },
  {
    name: 'a grant that lives for an hour was refreshed 50 minutes ago: late, and not by much',
    happened: (t) =>
      t.state('crm', 1, { outcome: 'refreshed', refreshedAt: NOW - 50 * 60_000, deadlineDays: 10 / day }),
    fires: {},
  },
  {
    name: 'the answer to a refresh was lost',
    happened: (t) => t.refreshed('crm', 5, 'ambiguous', { reason: 'answer_lost' }),
    fires: { 'refresh-ambiguous': [{ CredentialId: 'grant/crm', Owner: 'team-crm', ReconnectUrl: url }] },
  },
  {
    name: 'a lost answer was healed by the planned retry',
    spares: ['refresh-ambiguous'],
    happened: (t) => {
      t.refreshed('crm', 40, 'ambiguous', { reason: 'answer_lost' });
      t.refreshed('crm', 5, 'refreshed');
    },
    fires: {},
  },
  {
    name: 'a rotated token is held in the control record only',
    happened: (t) => t.refreshed('crm', 5, 'not_stored', { rotated: true, reason: 'vault_unavailable' }),
    fires: { 'rotated-token-not-stored': [{ CredentialId: 'grant/crm', Provider: 'salesforce' }] },
  },
  {
    name: 'a held token was stored at the next run',
    spares: ['rotated-token-not-stored'],
    happened: (t) => {
      t.refreshed('crm', 15, 'not_stored', { rotated: true });
      t.refreshed('crm', 5, 'recovered');
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
    name: 'a grant of twenty was taken out of the config',
    spares: ['inventory-shrank'],
    happened: (t) => t.run('token-refresh', 3, { objects: 19 }),
    fires: {},
  },
];
