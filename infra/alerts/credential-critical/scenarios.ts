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
    name: 'one secret is critical, another crossed into its paging time since the scan',
    happened: (t) =>
      t.scan('kv-a', 50, {
        sees: [
          expiring({ status: 'critical', days: 3 }),
          expiring({ name: 'erp', days: 7, pagesInDays: -0.01 }),
        ],
      }),
    fires: {
      'credential-critical': [{ CredentialId: 'kv-a/secret/crm' }, { CredentialId: 'kv-a/secret/erp' }],
    },
  },
  {
    name: 'a secret was deleted: the next complete scan no longer sees it',
    spares: ['credential-critical', 'digest'],
    happened: (t) => {
      t.scan('kv-a', 65, { sees: [expiring({ status: 'critical', days: 2 })] });
      t.scan('kv-a', 5);
    },
    fires: {},
  },
  {
    name: 'a secret was renewed after the scan, and its new version was inspected upon the event',
    happened: (t) => {
      t.scan('kv-a', 50, { sees: [expiring({ status: 'critical', days: 2 })] });
      t.inspect('kv-a', 5, expiring({ status: 'valid', days: 365 }));
    },
    fires: {},
  },
  {
    name: 'a secret was renewed, and inspected, while a long scan that had seen the old one was still going on',
    happened: (t) => {
      t.scan('kv-a', 5, { tookMinutes: 12, sees: [critical()] });
      t.inspect('kv-a', 9, renewed);
    },
    fires: {},
  },
  {
    name: 'a short-lived secret was made while a long scan had already passed its page',
    happened: (t) => {
      t.scan('kv-a', 5, { tookMinutes: 12 });
      t.inspect('kv-a', 9, critical({ name: 'new' }));
    },
    fires: { 'credential-critical': [{ CredentialId: 'kv-a/secret/new' }] },
  },
  {
    name: 'a look before the scan began is forgotten: the secret was deleted in between',
    happened: (t) => {
      t.inspect('kv-a', 30, critical());
      t.scan('kv-a', 5, { tookMinutes: 12 });
    },
    fires: {},
  },
  {
    name: 'the first attempt of a scan broke off, and a secret that it saw was renewed before the second',
    happened: (t) => {
      t.scan('kv-a', 12, { runId: 'twice', tookMinutes: 3, sees: [critical()], ...throttled });
      t.inspect('kv-a', 11, renewed);
      t.scan('kv-a', 5, { runId: 'twice', tookMinutes: 3 });
    },
    fires: {},
  },
  {
    name: 'a scan that was asked for earlier ends after the later one: the later one counts',
    happened: (t) => {
      t.scan('kv-a', 6, { tookMinutes: 25, sees: [critical()] });
      t.scan('kv-a', 8, { tookMinutes: 1 });
    },
    fires: {},
  },
  {
    name: 'an event spells the name of a secret in other letters than the scan does',
    happened: (t) => {
      t.scan('kv-a', 30, { sees: [critical()] });
      t.inspect('kv-a', 5, { ...renewed, name: 'CRM' });
    },
    fires: {},
  },
];
