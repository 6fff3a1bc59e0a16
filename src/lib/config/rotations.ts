import { guidOf } from '../kernel/guid.ts';
import { printable } from '../kernel/printable.ts';
import type { ConfiguredClient } from '../prove/configuredClient.ts';
import type { Rotation } from '../rotate/rules/rotation.ts';
import { type ClientEntry, ROTATION_DEFAULTS } from './clientEntries.ts';
import type { IssueList } from './configIssue.ts';
import type { DirectorySettings } from './directory.ts';

const METHODS: ReadonlySet<string> = new Set(['client_secret_post', 'client_secret_basic']);

/** The clients of a config file whose secret is rotated; whatever is wrong with them is added to `issues`. */
export const readRotations = (
  entries: readonly ClientEntry[] | undefined,
  clients: readonly ConfiguredClient[],
  directory: DirectorySettings | undefined,
  issues: IssueList,
): readonly Rotation[] => {
  const seen = new Map<string, string>();
  return (entries ?? []).flatMap(({ id, rotate }, index): Rotation[] => {
    const configured = clients.find((client) => client.id === id);
    // What is wrong with the client itself was said.
    if (rotate === undefined || configured === undefined) return [];
    const where = `config file: clients[${index}]`;
    const fault = (member: string, given: string, allowed: string): Rotation[] => {
      issues.add(`${where}.${member}`, given, allowed);
      return [];
    };
    const { subject, owner, runbook } = configured;
    const client = subject.kind === 'client' ? subject.client : undefined;
    const [object] = client?.credential.objects ?? [];
    if (client?.issuer.kind !== 'entra' || object === undefined || !METHODS.has(client.credential.method))
      return fault('rotate', 'of no client secret of Entra ID', 'a client with tenant and clientSecret');
    const { tenantId, authorityHost } = client.issuer;
    const appId = guidOf(client.clientId);
    if (appId === undefined)
      return fault('clientId', `"${printable(client.clientId)}"`, 'the GUID of the application');
    if (directory === undefined)
      return fault('rotate', 'without a "directory"', 'a directory with the tenant of the application');
    if (guidOf(tenantId) !== undefined && guidOf(tenantId) !== directory.tenantId)
      return fault('tenant', `"${tenantId}"`, `${directory.tenantId}, the tenant of "directory"`);
    for (const claim of [
      `application ${appId}`,
      `secret ${object.name.toLowerCase()} of ${object.vaultUrl}`,
    ]) {
      const first = seen.get(claim);
      if (first !== undefined) fault('rotate', `${claim}, like ${first}`, 'each rotated once');
      seen.set(claim, where);
    }
    const {
      lifetimeDays = ROTATION_DEFAULTS.lifetimeDays,
      atShare: rotateAtShare = ROTATION_DEFAULTS.atShare,
      keepOldDays = ROTATION_DEFAULTS.keepOldDays,
      adopt = [],
    } = rotate;
    const secret = { vaultUrl: object.vaultUrl, name: object.name };
    const [scope = ''] = client.scopes;
    return [
      {
        ...{ id, appId, tenantId, authorityHost, scope, secret, owner, runbook },
        ...{ lifetimeDays, rotateAtShare, keepOldDays, adopt },
      },
    ];
  });
};
