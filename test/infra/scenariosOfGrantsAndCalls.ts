import type { Scenario } from './scenarios.ts';
import { NOW } from './telling.ts';

const hour = 60;
const day = 1440;
const DAY_MS = day * 60_000;
const dead = { oauthError: 'invalid_grant', permanence: 'permanent', reason: 'invalid_grant' } as const;
const url = 'https://keywatch.example.com/api/reconnect/crm';

/** Grants, calls that are answered 401, and the machinery itself. */
export const GRANT_AND_CALL_SCENARIOS: readonly Scenario[] = [
  {
    name: 'grants are refreshed as they should be',
    happened: (t) => {
      t.refreshed('crm', 30, 'refreshed', { rotated: true });
      t.standing('crm', 5, { outcome: 'refreshed', deadlineDays: 90 });
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
    name: 'a grant died last week and is still dead: its standing says so',
    happened: (t) => t.standing('crm', 20, { outcome: 'dead', reason: 'invalid_grant' }),
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm', ReconnectUrl: url }] },
  },
  {
    name: 'a dead grant was reconnected and waits for its first refresh',
    happened: (t) => {
      t.refreshed('crm', 5 * hour, 'dead', dead);
      t.standing('crm', 3, { deadlineDays: 90 });
    },
    fires: {},
  },
  {
    name: 'a refresh failed once by the fault of the provider',
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
      t.standing('crm', 5, { outcome: 'transient_failure', deadlineDays: 1 });
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
      t.standing('crm', 40, { outcome: 'refreshed', refreshedAt: NOW - 70 * DAY_MS, deadlineDays: 20 });
      t.standing('erp', 40, { outcome: 'refreshed', refreshedAt: NOW - 50 * DAY_MS, deadlineDays: 40 });
      t.standing('new', 40, { deadlineDays: 90 });
    },
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'overdue' }] },
  },
  {
    name: 'a grant that lives for an hour was refreshed 50 minutes ago: late, and not by much',
    happened: (t) =>
      t.standing('crm', 1, { outcome: 'refreshed', refreshedAt: NOW - 50 * 60_000, deadlineDays: 10 / day }),
    fires: {},
  },
  {
    name: 'the answer to a refresh was lost',
    happened: (t) => t.refreshed('crm', 5, 'ambiguous', { reason: 'answer_lost' }),
    fires: { 'refresh-ambiguous': [{ CredentialId: 'grant/crm', Owner: 'team-crm', ReconnectUrl: url }] },
  },
  {
    name: 'a lost answer was healed by the planned retry',
    happened: (t) => {
      t.refreshed('crm', 40, 'ambiguous', { reason: 'answer_lost' });
      t.refreshed('crm', 5, 'refreshed');
    },
    fires: {},
  },
  {
    name: 'a rotated token is held in the journal only',
    happened: (t) => t.refreshed('crm', 5, 'not_stored', { rotated: true, reason: 'vault_unavailable' }),
    fires: { 'rotated-token-not-stored': [{ CredentialId: 'grant/crm', Provider: 'salesforce' }] },
  },
  {
    name: 'a held token was stored at the next tick',
    happened: (t) => {
      t.refreshed('crm', 15, 'not_stored', { rotated: true });
      t.refreshed('crm', 5, 'recovered');
    },
    fires: {},
  },
  {
    name: 'a single 401 at night, at low traffic',
    happened: (t) => {
      t.calls('api.example.com', 5, { ok: 2, refused: 1 });
      t.requests('/orders', 5, { ok: 3, refused: 1 });
    },
    fires: {},
  },
  {
    name: 'every client of Key Vault is challenged with 401 first',
    happened: (t) => t.calls('kv-a.vault.azure.net', 5, { ok: 40, refused: 40 }),
    fires: {},
  },
  {
    name: 'a host that refuses a fifth of all calls since yesterday refuses a fifth now',
    happened: (t) => {
      t.calls('api.example.com', 5 * hour, { ok: 240, refused: 60 });
      t.calls('api.example.com', 5, { ok: 40, refused: 10 });
    },
    fires: {},
  },
  {
    name: 'requests to one operation are refused, those to another are not',
    happened: (t) => {
      t.requests('/orders', 5 * hour, { ok: 300, refused: 2 });
      t.requests('/orders', 5, { ok: 40, refused: 20 });
      t.requests('/health', 5, { ok: 60 });
    },
    fires: { 'requests-401-spike': [{ AppRoleName: 'keywatch', OperationName: 'GET /orders' }] },
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
    name: 'calls are refused at a host where a credential that the scan saw expire was proved',
    happened: (t) => {
      t.scan('kv-a', 10, { sees: [{ name: 'crm', status: 'expired', days: -0.1 }] });
      t.proved('kv-a/secret/crm', 3 * hour, { outcome: 'success' });
      t.proved('kv-a/secret/other', 3 * hour, { outcome: 'success' });
      t.calls('api.example.com', 5, { ok: 5, refused: 10 });
    },
    fires: {
      'credential-expired': [{ CredentialId: 'kv-a/secret/crm' }],
      'dependencies-401-spike': [{ Host: 'api.example.com', LikelyCredential: 'kv-a/secret/crm' }],
    },
  },
  {
    name: 'calls are refused right after a rotation: a consumer holds the old token',
    happened: (t) => {
      t.refreshed('erp', 9 * hour, 'refreshed');
      t.refreshed('crm', 20, 'refreshed', { rotated: true });
      t.calls('login.example.com', 5, { refused: 12 });
    },
    fires: { 'dependencies-401-spike': [{ LikelyCredential: 'grant/crm' }] },
  },
  {
    name: 'calls are refused at a host of two healthy grants: neither is accused',
    happened: (t) => {
      for (const id of ['crm', 'erp']) t.refreshed(id, 9 * hour, 'refreshed', { rotated: true });
      t.calls('login.example.com', 5, { refused: 12 });
    },
    fires: {
      'dependencies-401-spike': [
        { Host: 'login.example.com', LikelyCredential: 'one of several', LikelyOwner: 'unknown' },
      ],
    },
  },
  {
    name: 'calls are refused at a host of which Keywatch knows nothing',
    happened: (t) => t.calls('partner.example.net', 5, { ok: 5, refused: 15 }),
    fires: { 'dependencies-401-spike': [{ Host: 'partner.example.net', LikelyCredential: 'unknown' }] },
  },
  {
    name: 'telemetry was refused four times within the hour',
    happened: (t) => t.metric('keywatch.telemetry.undelivered', 20, 4),
    fires: { 'telemetry-delivery-failing': [{ HttpStatus: '403' }] },
  },
  {
    name: 'one batch was refused',
    happened: (t) => t.metric('keywatch.telemetry.undelivered', 20, 1),
    fires: {},
  },
  {
    name: 'many batches were refused yesterday',
    happened: (t) => t.metric('keywatch.telemetry.undelivered', day, 40),
    fires: {},
  },
];
