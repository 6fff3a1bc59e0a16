import { type Crowd, refused } from '../../../test/infra/crowd.ts';
import { day, hour, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) =>
  refused('AppDependencies', { Target: `h${n}.example.com`, DependencyType: 'Http' });

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'clients of Key Vault are challenged with 401 first, and a host refuses a fifth of all calls as yesterday',
    spares: ['dependencies-401-spike'],
    happened: (t) => {
      t.calls('kv-a.vault.azure.net', 5, { ok: 40, refused: 40 });
      t.calls('api.example.com', 5 * hour, { ok: 240, refused: 60 });
      t.calls('api.example.com', 5, { ok: 40, refused: 10 });
    },
    fires: {},
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
    name: 'calls are refused at a host of which Keywatch knows nothing, and at one of few calls that used to succeed',
    happened: (t) => {
      t.calls('partner.example.net', 5, { ok: 5, refused: 15 });
      t.calls('api.example.net', 5 * hour, { ok: 40 });
      t.calls('api.example.net', 5, { refused: 6 });
      t.calls('guessed.example.net', 5, { refused: 6 });
    },
    fires: {
      'dependencies-401-spike': [
        { Host: 'partner.example.net', LikelyCredential: 'unknown' },
        { Host: 'api.example.net' },
      ],
    },
  },
  {
    name: 'all calls to a host have been refused for twelve hours: it is not well yet',
    happened: (t) => {
      t.calls('api.example.net', day + 6 * hour, { ok: 200 });
      t.calls('api.example.net', 15 * hour, { ok: 60 });
      for (const hours of [11, 8, 5, 2]) t.calls('api.example.net', hours * hour, { refused: 60 });
      t.calls('api.example.net', 5, { refused: 60 });
    },
    fires: { 'dependencies-401-spike': [{ Host: 'api.example.net' }] },
  },
];
