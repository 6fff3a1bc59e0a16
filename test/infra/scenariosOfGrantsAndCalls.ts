import type { Scenario } from './scenarios.ts';

const hour = 60;
const day = 1440;
const dead = { oauthError: 'invalid_grant', permanence: 'permanent', reason: 'invalid_grant' } as const;

/** Calls that are answered 401, also for what became of a grant, and the machinery itself. */
export const GRANT_AND_CALL_SCENARIOS: readonly Scenario[] = [
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
    name: 'every client of Key Vault is challenged with 401 first',
    spares: ['dependencies-401-spike'],
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
    says: { digest: /"Open":"telemetry refused with 403"/ },
  },
  {
    name: 'one batch was refused',
    spares: ['telemetry-delivery-failing'],
    happened: (t) => t.metric('keywatch.telemetry.undelivered', 20, 1),
    fires: {},
  },
  {
    name: 'many batches were refused yesterday',
    happened: (t) => t.metric('keywatch.telemetry.undelivered', day, 40),
    fires: {},
  },
];
