import { type Crowd, grant } from '../../../test/infra/crowd.ts';
import { day, hour, inDays, NOW, type Scenario } from '../../../test/infra/scenario.ts';

const passing = { permanence: 'transient' } as const;

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [grant(n, 'misconfigured')];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'refreshes failed three times, once where the grant dies tomorrow, and for days, tried once a day now',
    happened: (t) => {
      for (const minutesAgo of [190, 100, 10]) t.refreshed('crm', minutesAgo, 'transient_failure');
      t.refreshed('erp', 10, 'transient_failure');
      t.state('erp', 5, { outcome: 'transient_failure', deadlineDays: 1 });
      for (const hoursAgo of [26, 2]) t.refreshed('hr', hoursAgo * hour, 'transient_failure', passing);
      t.refreshed('pos', 23 * hour, 'transient_failure', passing);
    },
    fires: {
      'refresh-failing': ['crm', 'erp', 'hr', 'pos'].map((id) => ({
        ...{ CredentialId: `grant/${id}`, Class: 'transient' },
      })),
    },
  },
  {
    name: 'refreshes failed once or twice, or often before one that worked; a vault was too slow for a preflight',
    spares: ['refresh-failing'],
    happened: (t) => {
      t.refreshed('crm', 10, 'transient_failure', { ...passing, reason: 'server_error' });
      for (const minutesAgo of [100, 10]) t.refreshed('erp', minutesAgo, 'transient_failure');
      for (const minutesAgo of [190, 100, 50]) t.refreshed('hr', minutesAgo, 'transient_failure');
      t.refreshed('hr', 5, 'refreshed');
      for (const minutesAgo of [300, 200, 100]) t.refreshed('pos', minutesAgo, 'transient_failure');
      t.refreshed('pos', 50, 'refreshed');
      t.refreshed('pos', 5, 'transient_failure');
      t.refreshed('wms', 10, 'preflight_failed', { ...passing, reason: 'vault_timeout' });
    },
    fires: {},
  },
  {
    name: 'nobody tries grants past three quarters of their life, known, not known or long, nor one that is new',
    happened: (t) => {
      t.state('crm', 40, { outcome: 'refreshed', refreshedAt: inDays(-70), deadlineDays: 20 });
      t.state('erp', 40, { outcome: 'refreshed', refreshedAt: inDays(-50) });
      t.state('hr', 20, { outcome: 'refreshed', refreshedAt: inDays(-70), deadlineDays: 110 });
      for (const minutesAgo of [30 * hour, hour]) t.state('new', minutesAgo);
    },
    fires: {
      'refresh-failing': [
        { CredentialId: 'grant/crm', Class: 'overdue' },
        { CredentialId: 'grant/erp', Class: 'overdue', EndsAt: 'unknown' },
        { CredentialId: 'grant/hr', Class: 'overdue' },
        { CredentialId: 'grant/new', Class: 'overdue' },
      ],
    },
  },
  {
    name: 'grants are young, late by little, past their deadline but refreshed since, or new since this morning',
    spares: ['refresh-failing'],
    happened: (t) => {
      t.state('crm', 40, { outcome: 'refreshed', refreshedAt: inDays(-50), deadlineDays: 40 });
      t.state('erp', 40, { outcome: 'refreshed', refreshedAt: inDays(-40) });
      t.state('hourly', 1, { outcome: 'refreshed', refreshedAt: NOW - 50 * 60_000, deadlineDays: 10 / day });
      t.state('late', 20, { outcome: 'refreshed', refreshedAt: inDays(-1), deadlineDays: -1.5 });
      t.state('new', 40, { deadlineDays: 90 });
      for (const minutesAgo of [5 * hour, hour]) t.state('newer', minutesAgo);
    },
    fires: {},
  },
  {
    name: 'our own client was refused, and the server was away at the next try: nothing says that it is mended',
    happened: (t) => {
      t.refreshed('crm', 190, 'misconfigured', { oauthError: 'invalid_client', permanence: 'permanent' });
      t.refreshed('crm', 10, 'transient_failure', { ...passing, reason: 'server_error' });
      t.refreshed('erp', 190, 'misconfigured', { oauthError: 'invalid_client', permanence: 'permanent' });
      t.refreshed('erp', 100, 'refreshed');
      t.refreshed('erp', 10, 'transient_failure', { ...passing, reason: 'server_error' });
    },
    fires: { 'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'permanent' }] },
    says: { 'refresh-failing': /"Reason":"server_error"/ },
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
];
