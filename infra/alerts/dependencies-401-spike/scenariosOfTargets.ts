import { TAGS } from '../../../src/lib/credentials/tagNames.ts';
import { readTags } from '../../../src/lib/scan/rules/tags.ts';
import type { Emitter } from '../../../test/infra/emitter.ts';
import { hour, NOW, type Scenario } from '../../../test/infra/scenario.ts';
import type { Seen } from '../../../test/infra/seen.ts';

const HOST = 'api.partner.example';
const RULE = 'dependencies-401-spike';
const url = 'https://keywatch.example.com/api/grants/crm/reconnect';

/** A valid secret whose tag says where it is used, as the scan reads that tag. */
const tagged = (name: string, target: string, more: Partial<Seen> = {}): Seen => {
  const { targets, findings } = readTags({ [TAGS.target]: target }, NOW);
  const [finding] = findings;
  return {
    ...{ name, status: 'valid', days: 200, targets: targets?.join(',') },
    ...(finding === undefined ? {} : { finding: finding.code }),
    ...more,
  };
};

const expired = { status: 'expired', days: -0.1 } as const;
/** An inventory, and since then a scan that had nothing to warn of. */
const inventory = (t: Emitter, minutesAgo: number, ...sees: Seen[]) => {
  t.scan('kv-a', minutesAgo, { mode: 'full', sees });
  t.scan('kv-a', hour);
};
const refusals = (t: Emitter) => {
  t.calls(HOST, 5 * hour, { ok: 100 });
  t.calls(HOST, 5, { ok: 5, refused: 15 });
};
const likely = (LikelyCredential: string, LikelyOwner = 'unknown') => ({
  [RULE]: [{ Host: HOST, LikelyCredential, LikelyOwner }],
});
const named = (name: string) => likely(`kv-a/secret/${name}`, 'team-crm');
const alsoExpired = (...names: string[]) => ({
  'credential-expired': names.map((name) => ({ CredentialId: `kv-a/secret/${name}` })),
});

/** Calls that are refused at the hosts where tags and the config say that credentials are used. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'an expired secret is tagged for the host: it is named with its owner, its healthy neighbours are not',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('other', HOST), tagged('crm', `files.example, ${HOST}`, { days: 0.1 }));
      t.scan('kv-a', 10, { sees: [tagged('crm', `files.example, ${HOST}`, expired)] });
      refusals(t);
    },
    fires: { ...named('crm'), ...alsoExpired('crm') },
    says: { [RULE]: /"Evidence":"by its tag: it ended on 2026-11-2\d/ },
  },
  {
    name: 'the secret of a client was revoked, and the config says that it is used at the host: it is named',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('crm', HOST));
      t.proved('orders', 65, 'proven', { targets: HOST });
      t.proved('orders', 35, 'credential_wrong', { targets: HOST });
      t.proved('orders', 5, 'unavailable', { targets: HOST });
      refusals(t);
    },
    fires: {
      ...likely('client/orders', 'team-orders'),
      'credential-refused': [{ CredentialId: 'client/orders' }],
    },
    says: { [RULE]: /"Evidence":"by the config: Keywatch is refused with it, too: credential_wrong"/ },
  },
  {
    name: 'a client of the host is proven, or its server is away: nothing is claimed against it',
    happened: (t) => {
      t.proved('orders', 65, 'proven', { targets: HOST });
      t.proved('orders', 5, 'unavailable', { targets: HOST });
      refusals(t);
    },
    fires: likely('client/orders', 'team-orders'),
    says: { [RULE]: /"Evidence":"by the config: the one that Keywatch knows at this host; nothing wrong/ },
  },
  {
    name: 'of two grants of the host a consumer reported the token of one: that one is named, and not for ever',
    happened: (t) => {
      for (const id of ['crm', 'erp']) t.refreshed(id, 9 * hour, 'refreshed', { targets: HOST });
      t.tokenReported('erp', 3 * hour);
      t.tokenReported('crm', 10);
      refusals(t);
    },
    fires: likely('grant/crm', 'team-crm'),
    says: { [RULE]: /"Evidence":"by the config: a consumer reported its access token refused at 2026-/ },
  },
  {
    name: 'two healthy secrets are tagged for the host: neither is accused',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('crm', HOST), tagged('erp', HOST.toUpperCase()));
      refusals(t);
    },
    fires: likely('one of several'),
    says: { [RULE]: /"KnownHere":\["kv-a\/secret\/crm","kv-a\/secret\/erp"\]/ },
  },
  {
    name: 'one healthy secret is tagged for the host: it is named, and nothing is claimed against it',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('crm', HOST), tagged('elsewhere', 'api.elsewhere.example'));
      refusals(t);
    },
    fires: named('crm'),
    says: {
      [RULE]: /"Evidence":"by its tag: the one that Keywatch knows at this host; nothing wrong was seen/,
    },
  },
  {
    name: 'two expired secrets are tagged for the host: both are in the evidence, neither is picked',
    happened: (t) => {
      t.scan('kv-a', 10, { sees: [tagged('crm', HOST, expired), tagged('erp', HOST, expired)] });
      refusals(t);
    },
    fires: { ...likely('one of several'), ...alsoExpired('crm', 'erp') },
    says: {
      [RULE]: /as likely as each other: kv-a\/secret\/crm by its tag: it ended .+; kv-a\/secret\/erp by/,
    },
  },
  {
    name: 'a malformed target is a finding and names nobody, not even by its good half',
    happened: (t) => {
      inventory(t, 2 * hour, tagged('crm', `${HOST}, https://${HOST}/v1`));
      refusals(t);
    },
    fires: { ...likely('unknown'), digest: [{ Owner: 'team-crm', Open: 'findings: 1' }] },
    says: { [RULE]: /nothing that Keywatch knows is said to be used at this host/ },
  },
  {
    name: 'snoozed, ignored and disabled secrets are no suspects, however expired',
    happened: (t) => {
      inventory(
        t,
        2 * hour,
        tagged('a', HOST, { ...expired, suppressed: 'snoozed' }),
        tagged('b', HOST, { ...expired, suppressed: 'ignored' }),
        tagged('d', HOST, { ...expired, status: 'disabled' }),
      );
      refusals(t);
    },
    fires: likely('unknown'),
  },
  {
    name: 'a secret that the last inventory no longer saw was deleted: it is no suspect',
    happened: (t) => {
      inventory(t, 26 * hour, tagged('gone', HOST), tagged('crm', HOST));
      inventory(t, 2 * hour, tagged('crm', HOST));
      refusals(t);
    },
    fires: named('crm'),
  },
  {
    name: 'a warning that the next scan did not repeat: it may be renewed, and is not said to have ended',
    happened: (t) => {
      t.scan('kv-a', 3 * hour, { sees: [tagged('crm', HOST, { ...expired, status: 'critical' })] });
      t.scan('kv-a', 2 * hour);
      refusals(t);
    },
    fires: named('crm'),
    says: { [RULE]: /by its tag: a scan warned of its end and the last one does not: if it was renewed/ },
  },
  {
    name: 'a secret was renewed an hour ago: its consumers may hold the version before',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('crm', HOST), tagged('erp', HOST));
      t.inspect('kv-a', 50, tagged('crm', HOST, { createdOn: NOW - hour * 60_000 }));
      refusals(t);
    },
    fires: named('crm'),
    says: { [RULE]: /by its tag: its version was made at 2026-11-22T11:00:00.0000000Z: a consumer may/ },
  },
  {
    name: 'a grant died, and the API that its config names refuses its access tokens',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('erp', HOST));
      t.refreshed('hr', 3 * hour, 'refreshed', { targets: HOST });
      t.state('crm', 20, { outcome: 'dead', targets: `files.example,${HOST}` });
      refusals(t);
    },
    fires: { ...likely('grant/crm', 'team-crm'), 'grant-dead': [{ CredentialId: 'grant/crm' }] },
    says: { [RULE]: new RegExp(`"by the config: its grant is dead","ReconnectUrl":"${url}"`) },
  },
  {
    name: 'a grant died while the timer reported what it had read before: the attempt decides',
    happened: (t) => {
      t.refreshed('crm', 20, 'dead', { targets: HOST });
      t.state('crm', 19.5, { outcome: 'refreshed', targets: HOST });
      refusals(t);
    },
    fires: { ...likely('grant/crm', 'team-crm'), 'grant-dead': [{ CredentialId: 'grant/crm' }] },
    says: { [RULE]: /by the config: its grant is dead/ },
  },
  {
    name: 'an event of a vault spells a name its own way: that is no second secret',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('crm', HOST, { days: 0.1 }));
      t.inspect('kv-a', 50, tagged('CRM', HOST));
      refusals(t);
    },
    fires: named('CRM'),
  },
  {
    name: 'somebody tags a secret that ended for the host of a failing grant: the grant stays the suspect',
    happened: (t) => {
      t.scan('kv-a', 10, { sees: [tagged('bait', HOST, { ...expired, owner: 'mallory' })] });
      t.refreshed('crm', 10, 'misconfigured', { oauthError: 'invalid_client', targets: HOST });
      refusals(t);
    },
    fires: {
      ...likely('grant/crm', 'team-crm'),
      ...alsoExpired('bait'),
      'refresh-failing': [{ CredentialId: 'grant/crm', Class: 'permanent' }],
    },
  },
  {
    name: 'a grant was moved to another API: its old target no longer names it',
    happened: (t) => {
      t.state('crm', 5 * hour, { targets: HOST });
      t.state('crm', 20, { targets: 'api.elsewhere.example' });
      refusals(t);
    },
    fires: likely('unknown'),
  },
  {
    name: 'a secret is tagged for the host and all is well there',
    happened: (t) => {
      inventory(t, 7 * hour, tagged('crm', HOST));
      t.calls(HOST, 5, { ok: 60, refused: 2 });
    },
    fires: {},
    spares: [RULE],
  },
];
