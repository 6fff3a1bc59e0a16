import { type Crowd, credential, fullScan } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';
import { expiring } from '../../../test/infra/seen.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [fullScan(), credential(n, 'warning', 20)];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'secrets enter their warning time, one without an owner, and one whose renewal is late',
    happened: (t) =>
      t.scan('kv-a', 5, {
        sees: [
          expiring({ pagesInDays: 13 }),
          { ...expiring({ name: 'erp' }), owner: undefined },
          expiring({ name: 'late', findings: 'renewal_late' }),
          expiring({ name: 'desk', suppressed: 'renews_itself' }),
        ],
      }),
    fires: {
      'credential-expiring': [
        { CredentialId: 'kv-a/secret/crm', Owner: 'team-crm' },
        { CredentialId: 'kv-a/secret/erp', Owner: 'unowned' },
        { CredentialId: 'kv-a/secret/late' },
      ],
    },
  },
  {
    name: 'a scan that broke off says nothing: the complete one before it stands',
    happened: (t) => {
      t.scan('kv-a', 65, { sees: [expiring()] });
      t.scan('kv-a', 5, { outcome: 'failed', reason: 'timeout', sees: [expiring({ name: 'half-seen' })] });
    },
    fires: { 'credential-expiring': [{ CredentialId: 'kv-a/secret/crm' }] },
  },
  {
    name: 'a near-expiry event arrived for a vault that was not scanned yet',
    happened: (t) => t.inspect('kv-new', 5, expiring()),
    fires: { 'credential-expiring': [{ CredentialId: 'kv-new/secret/crm', Vault: 'kv-new' }] },
  },
];
