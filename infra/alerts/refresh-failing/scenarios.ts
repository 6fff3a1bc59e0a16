import { type Crowd, grant } from '../../../test/infra/crowd.ts';
import { day, hour, inDays, NOW, type Scenario } from '../../../test/infra/scenario.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [grant(n, 'misconfigured')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
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
      t.state('crm', 40, { outcome: 'refreshed', refreshedAt: inDays(-70), deadlineDays: 20 });
      t.state('erp', 40, { outcome: 'refreshed', refreshedAt: inDays(-50), deadlineDays: 40 });
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
    name: 'a grant fails for the sixth day and is tried once a day now',
    happened: (t) => {
      t.refreshed('crm', 26 * hour, 'transient_failure', { permanence: 'transient' });
      t.refreshed('crm', 2 * hour, 'transient_failure', { permanence: 'transient' });
      t.refreshed('erp', 23 * hour, 'transient_failure', { permanence: 'transient' });
    },
    fires: {
      'refresh-failing': [
        { CredentialId: 'grant/crm', Class: 'transient' },
        { CredentialId: 'grant/erp', Class: 'transient' },
      ],
    },
  },
  {
    name: 'a refresh failed twice, and nobody knows how long the other grant lives that worked 40 days ago',
    spares: ['refresh-failing'],
    happened: (t) => {
      for (const minutesAgo of [100, 10]) t.refreshed('crm', minutesAgo, 'transient_failure');
      t.state('erp', 40, { outcome: 'refreshed', refreshedAt: inDays(-40) });
    },
    fires: {},
  },
  {
    name: 'nobody knows how long a grant lives, and it has not been refreshed for 50 days',
    happened: (t) => t.state('crm', 40, { outcome: 'refreshed', refreshedAt: inDays(-50) }),
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'overdue', EndsAt: 'unknown' }] },
  },
  {
    name: 'nobody has tried a new grant for a day; another is new since this morning',
    happened: (t) => {
      for (const minutesAgo of [30 * hour, hour]) t.state('crm', minutesAgo);
      for (const minutesAgo of [5 * hour, hour]) t.state('erp', minutesAgo);
    },
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'overdue' }] },
  },
  {
    name: 'nobody has used a grant for 70 days that may lie for half a year',
    happened: (t) =>
      t.state('crm', 20, { outcome: 'refreshed', refreshedAt: inDays(-70), deadlineDays: 110 }),
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'overdue' }] },
  },
  {
    name: 'a grant was refreshed a day after its deadline, and is so once a day',
    spares: ['refresh-failing'],
    happened: (t) =>
      t.state('crm', 20, { outcome: 'refreshed', refreshedAt: inDays(-1), deadlineDays: -1.5 }),
    fires: {},
  },
];
