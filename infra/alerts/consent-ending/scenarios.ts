import { type Crowd, grant, instant } from '../../../test/infra/crowd.ts';
import { hour, inDays, type Scenario } from '../../../test/infra/scenario.ts';

const ending = { Owner: 'team-crm', ReconnectUrl: 'https://keywatch.example.com/api/grants/crm/reconnect' };

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [grant(n, 'refreshed', { consentEndsAt: instant(9) })];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'consents end in four weeks, in nine days, and soon where the last attempt could not read its record',
    happened: (t) => {
      t.state('crm', 20, { outcome: 'refreshed', consentEndsAt: inDays(28.5) });
      t.refreshed('erp', 3, 'refreshed', { consentEndsAt: inDays(9) });
      t.state('hr', 5 * hour, { outcome: 'refreshed', consentEndsAt: inDays(20) });
      t.refreshed('hr', 10, 'transient_failure', { permanence: 'transient', reason: 'control_unavailable' });
    },
    fires: {
      'consent-ending': [
        { ...ending, CredentialId: 'grant/crm', Band: 'warning', EndsAt: '2026-12-21 00:00' },
        { CredentialId: 'grant/erp', Band: 'critical' },
        { CredentialId: 'grant/hr', Band: 'warning' },
      ],
      digest: [
        {
          Open: 'consents ending: 3',
          Nearest: 'consent of grant/erp ends 2026-12-01 12:00, days left: 9',
        },
      ],
    },
  },
  {
    name: 'a consent ends in 31 days, was given again, was over and is not asked for, or is no longer configured',
    spares: ['consent-ending'],
    happened: (t) => {
      t.state('crm', 20, { outcome: 'refreshed', consentEndsAt: inDays(31) });
      t.state('erp', 5 * hour, { outcome: 'refreshed', consentEndsAt: inDays(5) });
      t.state('erp', 20, { consentEndsAt: inDays(365) });
      t.refreshed('hr', 30 * hour, 'refreshed', { consentEndsAt: inDays(-0.9) });
      t.refreshed('hr', 2 * hour, 'refreshed', {});
      t.state('gone', 30 * hour, { outcome: 'refreshed', consentEndsAt: inDays(5) });
    },
    fires: {},
  },
];
