import { type Crowd, grant } from '../../../test/infra/crowd.ts';
import { hour, inDays, type Scenario } from '../../../test/infra/scenario.ts';

const dead = { oauthError: 'invalid_grant', permanence: 'permanent', reason: 'invalid_grant' } as const;
const url = 'https://keywatch.example.com/api/grants/crm/reconnect';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [grant(n, 'dead')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a grant died just now, one last week, and the owner of a third has changed: each with its reconnect link',
    happened: (t) => {
      t.refreshed('crm', 2, 'dead', dead);
      t.state('erp', 20, { outcome: 'dead', reason: 'invalid_grant' });
      t.state('hr', 15, { outcome: 'dead' });
      t.state('hr', 5, { outcome: 'dead', owner: 'team-hr' });
    },
    fires: {
      'grant-dead': [
        { CredentialId: 'grant/crm', Provider: 'salesforce', Owner: 'team-crm', ReconnectUrl: url },
        { CredentialId: 'grant/erp', ReconnectUrl: url.replace('crm', 'erp') },
        { CredentialId: 'grant/hr', Owner: 'team-hr' },
      ],
    },
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
    says: { digest: new RegExp(`"GrantDead":\\["grant/crm ${url}"\\]`) },
  },
  {
    name: 'dead grants were reconnected, in the very second of a report that they are dead, or taken out of the config',
    spares: ['grant-dead'],
    happened: (t) => {
      t.refreshed('crm', 5 * hour, 'dead', dead);
      t.state('crm', 3, { deadlineDays: 90 });
      t.refreshed('erp', 3 * hour, 'dead', dead);
      t.state('erp', 10, { outcome: 'dead' });
      t.refreshed('erp', 10.02, 'refreshed');
      t.refreshed('hr', 5 * hour, 'dead', dead);
      t.state('hr', 3 * hour, { outcome: 'dead' });
    },
    fires: {},
  },
  {
    name: 'a dead grant stays dead while the timer is silent, or could not read the records',
    silent: true,
    happened: (t) => {
      t.run('credential-proof', 5);
      t.scan('kv-a', 10);
      t.state('crm', 5 * hour, { outcome: 'dead' });
      t.run('token-refresh', 5 * hour);
      t.run('token-refresh', 5, { outcome: 'failed', reason: 'grants_failed' });
    },
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm' }] },
  },
  {
    name: 'a grant died before its consent was over: that is one alert, not two',
    spares: ['consent-ending'],
    happened: (t) => t.state('crm', 20, { outcome: 'dead', consentEndsAt: inDays(5) }),
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm' }] },
  },
];
