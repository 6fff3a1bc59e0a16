import { type Crowd, credential, fullScan } from '../../../test/infra/crowd.ts';
import { day, hour, type Scenario } from '../../../test/infra/scenario.ts';
import { expiring, type Seen } from '../../../test/infra/seen.ts';

/** What makes it fire for many things at once. */
export const crowd: Crowd = (n) => [fullScan(), credential(n, 'warning', 20)];

/** What makes this rule fire, and what must not. */
export const scenarios: readonly Scenario[] = [
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
          Open: 'critical: 1, dead grants: 1, near their end: 1, without an end: 1, findings: 1',
          Nearest: 'kv-a/secret/erp ends 2026-11-25 09:36, days left: 2',
        },
        { Owner: 'team-hr', Open: 'near their end: 1' },
      ],
    },
    says: { 'credential-critical': /"DaysLeft":2,/ },
  },
  {
    name: 'the inventory finds credentials without an end and hygiene faults, some of them ignored or snoozed',
    happened: (t) =>
      t.scan('kv-a', 2 * hour, {
        mode: 'full',
        sees: [
          { name: 'a', status: 'no_expiry', finding: 'no_expiry' },
          { name: 'b', status: 'no_expiry', finding: 'no_expiry', suppressed: 'ignored' },
          { name: 'c', status: 'valid', days: 90, finding: 'malformed_tag' },
          { name: 'd', status: 'valid', days: 90, finding: 'too_many_versions', suppressed: 'snoozed' },
        ],
      }),
    fires: { digest: [{ Owner: 'team-crm', Open: 'without an end: 1, findings: 1', Nearest: 'none' }] },
    says: { digest: /"Faults":\["malformed_tag: kv-a\/secret\/c"\]/ },
  },
  {
    name: 'findings were corrected by the last inventory, those of a vault that is called grant among them',
    spares: ['digest'],
    happened: (t) => {
      const a: Seen = { name: 'a', status: 'valid', days: 90 };
      t.scan('kv-a', day + hour, {
        ...{ mode: 'full', sees: [{ name: 'a', status: 'no_expiry', finding: 'unowned' }] },
      });
      t.scan('grant', 5 * hour, { mode: 'full', sees: [{ ...a, finding: 'malformed_tag' }] });
      for (const vault of ['kv-a', 'grant']) t.scan(vault, hour, { mode: 'full', sees: [a] });
    },
    fires: {},
  },
  {
    name: 'a copied token is stale and a rule does nothing since yesterday; others were so the day before',
    happened: (t) => {
      t.findingOfGrant('crm', 12 * hour, 'stale_rotation');
      t.findingOfGrant('erp', 36 * hour, 'stale_rotation');
      t.idleRule(0, 12 * hour);
      t.idleRule(1, 36 * hour);
    },
    fires: {
      digest: [
        { Owner: 'team-crm', Open: 'findings: 1' },
        { Owner: 'Keywatch itself', Open: 'findings: 1' },
      ],
    },
    says: { digest: /stale_rotation: grant\/crm/ },
  },
];
