import type { Seen } from './seen.ts';
import type { Telling } from './telling.ts';

/** What happened, and which alerts must be open then. Every rule that is not named must be quiet. */
export interface Scenario {
  readonly name: string;
  readonly happened: (tell: Telling) => void;
  /**
   * By rule: one entry per alert, with the dimensions that matter. The digest need not be named: it must repeat, by
   * owner, what the others of a credential or grant tell.
   */
  readonly fires: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;
  /** By rule: what its rows, as JSON, say beyond the dimensions. */
  readonly says?: Readonly<Record<string, RegExp>>;
  /** Rules that this comes close to, and that must stay quiet: each rule has such a scenario. */
  readonly spares?: readonly string[];
  /** Leaves out the heartbeats that every other scenario has. */
  readonly silent?: true;
}

const expiring = (more: Partial<Seen> = {}): Seen => ({
  name: 'crm',
  status: 'warning',
  days: 20,
  ...more,
});
const hour = 60;
const day = 1440;

export const SCENARIOS: readonly Scenario[] = [
  { name: 'all is well', spares: ['scan-missed'], happened: () => {}, fires: {} },
  {
    name: 'a secret enters its warning time',
    happened: (t) => t.scan('kv-a', 5, { sees: [expiring({ pagesInDays: 13 })] }),
    fires: {
      'credential-expiring': [{ CredentialId: 'kv-a/secret/crm', Owner: 'team-crm' }],
    },
  },
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
    name: 'a secret without an owner expires soon',
    happened: (t) => t.scan('kv-a', 5, { sees: [{ ...expiring(), owner: undefined }] }),
    fires: { 'credential-expiring': [{ CredentialId: 'kv-a/secret/crm', Owner: 'unowned' }] },
  },
  {
    name: 'snoozed, ignored, replaced, disabled and far-off credentials are in the daily inventory',
    spares: ['credential-expiring', 'credential-critical', 'credential-expired'],
    happened: (t) =>
      t.scan('kv-a', 5, {
        mode: 'full',
        sees: [
          expiring({ name: 'a', suppressed: 'snoozed' }),
          expiring({ name: 'b', status: 'critical', days: 2, suppressed: 'ignored' }),
          expiring({ name: 'c', status: 'expired', days: -2, suppressed: 'superseded' }),
          expiring({ name: 'd', status: 'disabled', days: -2 }),
          expiring({ name: 'e', status: 'valid', days: 300 }),
          expiring({ name: 'f', status: 'not_yet_valid', days: 300 }),
        ],
      }),
    fires: {},
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
    name: 'a scan that broke off says nothing: the complete one before it stands',
    happened: (t) => {
      t.scan('kv-a', 65, { sees: [expiring()] });
      t.scan('kv-a', 5, { outcome: 'failed', reason: 'timeout', sees: [expiring({ name: 'half-seen' })] });
    },
    fires: { 'credential-expiring': [{ CredentialId: 'kv-a/secret/crm' }] },
  },
  {
    name: 'a secret was renewed after the scan, and the event for its new version was looked at',
    happened: (t) => {
      t.scan('kv-a', 50, { sees: [expiring({ status: 'critical', days: 2 })] });
      t.look('kv-a', 5, expiring({ status: 'valid', days: 365 }));
    },
    fires: {},
  },
  {
    name: 'a near-expiry event arrived for a vault that was not scanned yet',
    happened: (t) => t.look('kv-new', 5, expiring()),
    fires: { 'credential-expiring': [{ CredentialId: 'kv-new/secret/crm', Vault: 'kv-new' }] },
  },
  {
    name: 'a secret expired yesterday; another ended after the last scan',
    happened: (t) =>
      t.scan('kv-a', 50, {
        sees: [
          expiring({ status: 'expired', days: -1 }),
          expiring({ name: 'erp', status: 'critical', days: -0.01 }),
        ],
      }),
    fires: {
      'credential-expired': [
        { CredentialId: 'kv-a/secret/crm', Kind: 'secret', Vault: 'kv-a', Owner: 'team-crm' },
        { CredentialId: 'kv-a/secret/erp' },
      ],
    },
  },
  {
    name: 'a snoozed secret has ended since the last scan, and one that is ignored has',
    happened: (t) =>
      t.scan('kv-a', 50, {
        sees: [
          expiring({ status: 'critical', days: -0.01, suppressed: 'snoozed' }),
          expiring({ name: 'erp', status: 'critical', days: -0.01, suppressed: 'ignored' }),
        ],
      }),
    fires: { 'credential-expired': [{ CredentialId: 'kv-a/secret/crm' }] },
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
    name: 'the digest of an owner: what warns, what was reported, and what ends next, in one line',
    happened: (t) => {
      t.scan('kv-a', 90, {
        mode: 'full',
        sees: [
          expiring({ days: 20.5 }),
          expiring({ name: 'erp', status: 'critical', days: 2.9 }),
          expiring({ name: 'hr', days: 9, owner: 'team-hr' }),
          { name: 'a', status: 'no_expiry', finding: 'no_expiry' },
          expiring({ name: 'b', status: 'valid', days: 300, finding: 'malformed_tag' }),
        ],
      });
      t.state('crm', 3, { outcome: 'dead', reason: 'invalid_grant' });
    },
    fires: {
      'credential-critical': [{ CredentialId: 'kv-a/secret/erp' }],
      'credential-expiring': [{ CredentialId: 'kv-a/secret/crm' }, { CredentialId: 'kv-a/secret/hr' }],
      'grant-dead': [{ CredentialId: 'grant/crm' }],
      digest: [
        {
          Owner: 'team-crm',
          Open: 'dead grants: 1, critical: 1, near their end: 1, without an end: 1, findings: 1',
          Nearest: 'kv-a/secret/erp ends 2026-11-25 09:36, days left: 2',
        },
        { Owner: 'team-hr', Open: 'near their end: 1' },
      ],
    },
    says: { 'credential-critical': /"DaysLeft":2,/ },
  },
  {
    name: 'half of a vault is gone',
    happened: (t) => {
      t.scan('kv-b', 70, { objects: 40 });
      t.scan('kv-b', 10, { objects: 20 });
    },
    fires: { 'inventory-shrank': [{ Vault: 'kv-b' }] },
    says: { digest: /"Open":"vaults with far fewer credentials: 1".*"far fewer credentials: kv-b"/ },
  },
  {
    name: 'a vault with one credential is empty now',
    happened: (t) => {
      t.scan('kv-b', 70, { objects: 1 });
      t.scan('kv-b', 10, { objects: 0 });
    },
    fires: { 'inventory-shrank': [{ Vault: 'kv-b' }] },
  },
  {
    name: 'two of forty credentials were deleted, and a broken scan saw none',
    spares: ['inventory-shrank'],
    happened: (t) => {
      t.scan('kv-b', 130, { objects: 40 });
      t.scan('kv-b', 70, { objects: 38 });
      t.scan('kv-b', 10, { objects: 0, outcome: 'failed', reason: 'timeout' });
    },
    fires: {},
  },
  {
    name: 'the inventory finds credentials without an end, one of them ignored by tag',
    happened: (t) =>
      t.scan('kv-a', 2 * hour, {
        mode: 'full',
        sees: [
          { name: 'a', status: 'no_expiry', finding: 'no_expiry' },
          { name: 'b', status: 'no_expiry', finding: 'no_expiry', suppressed: 'ignored' },
        ],
      }),
    fires: { digest: [{ Owner: 'team-crm', Open: 'without an end: 1', Nearest: 'none' }] },
  },
  {
    name: 'the inventory finds hygiene faults, one of them snoozed',
    happened: (t) =>
      t.scan('kv-a', 2 * hour, {
        mode: 'full',
        sees: [
          { name: 'a', status: 'valid', days: 90, finding: 'malformed_tag' },
          { name: 'b', status: 'valid', days: 90, finding: 'too_many_versions', suppressed: 'snoozed' },
        ],
      }),
    fires: { digest: [{ Owner: 'team-crm', Open: 'findings: 1', Nearest: 'none' }] },
    says: { digest: /"Faults":\["malformed_tag: kv-a\/secret\/a"\]/ },
  },
  {
    name: 'findings of the day before were corrected by the last inventory',
    spares: ['digest'],
    happened: (t) => {
      t.scan('kv-a', day + hour, {
        mode: 'full',
        sees: [{ name: 'a', status: 'no_expiry', finding: 'unowned' }],
      });
      t.scan('kv-a', hour, { mode: 'full', sees: [{ name: 'a', status: 'valid', days: 90 }] });
    },
    fires: {},
  },
];
