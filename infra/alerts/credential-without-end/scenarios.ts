import { type Crowd, event, fullScan } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';
import { expiring } from '../../../test/infra/seen.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [
  fullScan(),
  event('credential.observed', 5, {
    ...{ credentialId: `kv-a/secret/${n}`, kind: 'secret', vault: 'kv-a', owner: `team-${n}` },
    ...{ status: 'end_missing', runId: 's', mode: 'full' },
  }),
];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a secret must have an end and has none; of others that is fine, or they are snoozed or ignored',
    happened: (t) =>
      t.scan('kv-a', 5, {
        sees: [
          { name: 'crm', status: 'end_missing' },
          { name: 'fine', status: 'no_expiry' },
          { name: 'later', status: 'end_missing', suppressed: 'snoozed' },
          { name: 'never', status: 'end_missing', suppressed: 'ignored' },
        ],
      }),
    fires: { 'credential-without-end': [{ CredentialId: 'kv-a/secret/crm', Owner: 'team-crm' }] },
  },
  {
    name: 'the digest counts what must have an end',
    happened: (t) =>
      t.scan('kv-a', 90, {
        mode: 'full',
        sees: [{ name: 'crm', status: 'end_missing' }, expiring({ name: 'erp' })],
      }),
    fires: {
      'credential-without-end': [{ CredentialId: 'kv-a/secret/crm' }],
      'credential-expiring': [{ CredentialId: 'kv-a/secret/erp' }],
      digest: [{ Owner: 'team-crm', Open: 'near their end: 1, must have an end: 1' }],
    },
  },
  {
    name: 'a secret was given an end since',
    spares: ['credential-without-end'],
    happened: (t) => {
      t.scan('kv-a', 65, { sees: [{ name: 'crm', status: 'end_missing' }] });
      t.inspect('kv-a', 5, { name: 'crm', status: 'valid', days: 300 });
    },
    fires: {},
  },
];
