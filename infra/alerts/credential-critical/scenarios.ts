import { type Crowd, credential, fullScan } from '../../../test/infra/crowd.ts';
import type { Scenario } from '../../../test/infra/scenario.ts';
import { expiring, type Seen } from '../../../test/infra/seen.ts';

const renewed: Seen = { name: 'crm', status: 'valid', days: 365 };
const critical = (more: Partial<Seen> = {}): Seen => ({ name: 'crm', status: 'critical', days: 2, ...more });
const throttled = { outcome: 'failed', reason: 'throttled', httpStatus: 429 } as const;

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [fullScan(), credential(n, 'critical', 0.5)];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'a secret is critical, one crossed into its paging time since, one was made behind the back of a long scan',
    happened: (t) => {
      t.scan('kv-a', 50, { sees: [critical(), expiring({ name: 'erp', days: 7, pagesInDays: -0.01 })] });
      t.scan('kv-b', 5, { tookMinutes: 12 });
      t.inspect('kv-b', 9, critical({ name: 'new' }));
    },
    fires: {
      'credential-critical': ['kv-a/secret/crm', 'kv-a/secret/erp', 'kv-b/secret/new'].map(
        (CredentialId) => ({
          CredentialId,
        }),
      ),
    },
  },
  {
    name: 'the directory did not answer whose a secret is, after a scan to which it did',
    happened: (t) => {
      t.scan('kv-a', 60, { sees: [critical()] });
      t.scan('kv-a', 5, { sees: [critical({ owner: 'the default', ownerUnread: true })] });
      t.scan('kv-b', 5, { sees: [critical({ owner: undefined, ownerUnread: true })] });
    },
    fires: {
      'credential-critical': [
        { CredentialId: 'kv-a/secret/crm', Owner: 'team-crm' },
        { CredentialId: 'kv-b/secret/crm', Owner: 'unowned' },
      ],
    },
  },
  {
    name: 'secrets were deleted: the last scan to begin sees them no more, whichever ended last or looked before',
    spares: ['credential-critical', 'digest'],
    happened: (t) => {
      t.scan('kv-a', 65, { sees: [critical()] });
      t.scan('kv-a', 5);
      t.inspect('kv-b', 30, critical());
      t.scan('kv-b', 5, { tookMinutes: 12 });
      t.scan('kv-c', 6, { tookMinutes: 25, sees: [critical()] });
      t.scan('kv-c', 8, { tookMinutes: 1 });
    },
    fires: {},
  },
  {
    name: 'secrets were renewed and inspected: after a scan, within a long one, between attempts, in other letters',
    happened: (t) => {
      t.scan('kv-a', 50, { sees: [critical()] });
      t.inspect('kv-a', 5, renewed);
      t.scan('kv-b', 5, { tookMinutes: 12, sees: [critical()] });
      t.inspect('kv-b', 9, renewed);
      t.scan('kv-c', 12, { runId: 'twice', tookMinutes: 3, sees: [critical()], ...throttled });
      t.inspect('kv-c', 11, renewed);
      t.scan('kv-c', 5, { runId: 'twice', tookMinutes: 3 });
      t.scan('kv-d', 30, { sees: [critical()] });
      t.inspect('kv-d', 5, { ...renewed, name: 'CRM' });
    },
    fires: {},
  },
];
