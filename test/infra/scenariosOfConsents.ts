import type { Scenario } from './scenarios.ts';
import { NOW } from './telling.ts';

const hour = 60;
const day = 1440;
const inDays = (days: number): number => NOW + days * day * 60_000;
const ending = { Owner: 'team-crm', ReconnectUrl: 'https://keywatch.example.com/api/reconnect/crm' };

/** Ends that only a person can move, and refreshes that do not come. */
export const CONSENT_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a consent ends in four weeks, and the grant is refreshed as it should be',
    happened: (t) => t.state('crm', 20, { outcome: 'refreshed', consentEndsAt: inDays(28.5) }),
    fires: {
      'consent-ending': [
        { ...ending, CredentialId: 'grant/crm', Band: 'warning', EndsAt: '2026-12-21 00:00' },
      ],
    },
  },
  {
    name: 'a consent ends in nine days',
    happened: (t) => t.refreshed('crm', 3, 'refreshed', { consentEndsAt: inDays(9) }),
    fires: {
      'consent-ending': [{ ...ending, CredentialId: 'grant/crm', Band: 'critical' }],
      digest: [
        {
          Open: 'consents ending: 1',
          Nearest: 'consent of grant/crm ends 2026-12-01 12:00, days left: 9',
        },
      ],
    },
  },
  {
    name: 'a consent ends in 31 days',
    spares: ['consent-ending'],
    happened: (t) => t.state('crm', 20, { outcome: 'refreshed', consentEndsAt: inDays(31) }),
    fires: {},
  },
  {
    name: 'a consent ends soon, and the last attempt could not even read its record',
    happened: (t) => {
      t.state('crm', 5 * hour, { outcome: 'refreshed', consentEndsAt: inDays(20) });
      t.refreshed('crm', 10, 'transient_failure', { permanence: 'transient', reason: 'control_unavailable' });
    },
    fires: { 'consent-ending': [{ CredentialId: 'grant/crm', Band: 'warning' }] },
  },
  {
    name: 'somebody consented again',
    spares: ['consent-ending'],
    happened: (t) => {
      t.state('crm', 5 * hour, { outcome: 'refreshed', consentEndsAt: inDays(5) });
      t.state('crm', 20, { consentEndsAt: inDays(365) });
    },
    fires: {},
  },
  {
    name: 'a consent was over, and the provider goes on all the same',
    spares: ['consent-ending'],
    happened: (t) => {
      t.refreshed('crm', 30 * hour, 'refreshed', { consentEndsAt: inDays(-0.9) });
      t.refreshed('crm', 2 * hour, 'refreshed', {});
    },
    fires: {},
  },
  {
    name: 'a grant died before its consent was over: that is one alert, not two',
    spares: ['consent-ending'],
    happened: (t) => t.state('crm', 20, { outcome: 'dead', consentEndsAt: inDays(5) }),
    fires: { 'grant-dead': [{ CredentialId: 'grant/crm' }] },
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
  {
    name: 'a grant whose consent ends was taken out of the config',
    spares: ['consent-ending'],
    happened: (t) => {
      t.state('gone', 30 * hour, { outcome: 'refreshed', consentEndsAt: inDays(5) });
      t.run('token-refresh', 5);
    },
    fires: {},
  },
];
