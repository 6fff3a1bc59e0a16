import { type Crowd, credential, fullScan } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';
import { expiring, type Seen } from '../../../test/infra/seen.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [fullScan(), credential(n, 'expired', -2)];

const ofApplication = (key: string, more: Partial<Seen>): Seen =>
  expiring({
    ...{
      name: `CRM portal/8c1d22f0/${key}`,
      credentialId: `contoso-entra/app_secret/CRM portal/8c1d22f0/${key}`,
    },
    ...{ kind: 'app_secret', status: 'expired', days: -1, ...more },
  });

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'secrets ended yesterday, or since the last scan: a snooze hides none, nor does a renewal that did not come',
    happened: (t) =>
      t.scan('kv-a', 50, {
        sees: [
          expiring({ status: 'expired', days: -1 }),
          expiring({ name: 'erp', status: 'critical', days: -0.01 }),
          expiring({ name: 'later', status: 'critical', days: -0.01, suppressed: 'snoozed' }),
          expiring({ name: 'desk', status: 'critical', days: -0.01, suppressed: 'renews_itself' }),
          expiring({ name: 'never', status: 'critical', days: -0.01, suppressed: 'ignored' }),
        ],
      }),
    fires: {
      'credential-expired': [
        { CredentialId: 'kv-a/secret/crm', Kind: 'secret', Vault: 'kv-a', Owner: 'team-crm' },
        { CredentialId: 'kv-a/secret/erp' },
        { CredentialId: 'kv-a/secret/later' },
        { CredentialId: 'kv-a/secret/desk' },
      ],
    },
  },
  {
    name: 'secrets ended yesterday, and more than two weeks ago: the latter page nobody any more',
    spares: ['credential-critical'],
    happened: (t) =>
      t.scan('kv-a', 50, {
        sees: [
          expiring({ status: 'expired', days: -13.9 }),
          expiring({ name: 'erp', status: 'expired', days: -14.1 }),
          expiring({ name: 'old', status: 'expired', days: -20, pagesUntilDays: -0.01 }),
          expiring({ name: 'slow', status: 'expired', days: -20, pagesUntilDays: 0.01 }),
        ],
      }),
    fires: {
      'credential-expired': [{ CredentialId: 'kv-a/secret/crm' }, { CredentialId: 'kv-a/secret/slow' }],
      digest: [{ Open: 'expired: 2, ended long ago (disable or delete): 2', Nearest: 'none' }],
    },
    says: { 'credential-expired': /"DaysAgo":13,/ },
  },
  {
    name: 'two secrets of an application have ended, and a newer one took over from one of them',
    happened: (t) =>
      t.scan('contoso-entra', 50, {
        sees: [ofApplication('3f2b1c44', {}), ofApplication('0a1b2c3d', { suppressed: 'superseded' })],
      }),
    fires: {
      'credential-expired': [
        { CredentialId: 'contoso-entra/app_secret/CRM portal/8c1d22f0/3f2b1c44', Kind: 'app_secret' },
      ],
    },
  },
];
