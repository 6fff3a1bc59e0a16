import { type Crowd, grant, instant } from '../../../test/infra/crowd.ts';
import { hour, inDays, type Scenario } from '../../../test/infra/scenario.ts';

const ending = { Owner: 'team-crm', ReconnectUrl: 'https://keywatch.example.com/api/grants/crm/reconnect' };

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [grant(n, 'refreshed', { consentEndsAt: instant(9) })];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
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
    name: 'a grant whose consent ends was taken out of the config',
    spares: ['consent-ending'],
    happened: (t) => {
      t.state('gone', 30 * hour, { outcome: 'refreshed', consentEndsAt: inDays(5) });
      t.run('token-refresh', 5);
    },
    fires: {},
  },
];
