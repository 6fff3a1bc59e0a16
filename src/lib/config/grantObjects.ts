import type { ConfiguredGrant, SecretReference } from '../oauth/rules/grant.ts';
import { versionsPerRefresh } from '../oauth/rules/versionsAYear.ts';
import { type ConfiguredClient, objectsOf } from '../prove/configuredClient.ts';
import { type GrantObject, grantObjectKey } from '../scan/rules/assess.ts';
import type { VaultObjectKind } from '../scan/rules/credential.ts';
import { ownCredentials } from '../scan/rules/ownCredentials.ts';
/** Which objects of each vault the grants use, by `grantObjectKey`: whoever owns the grant owns them. */
export const grantObjectsByVault = (
  grants: readonly ConfiguredGrant[],
): ReadonlyMap<string, ReadonlyMap<string, GrantObject>> => {
  const vaults = new Map<string, Map<string, GrantObject>>();
  const add = (kind: VaultObjectKind, { vaultUrl, name }: SecretReference, object: GrantObject): void => {
    const objects = vaults.get(vaultUrl) ?? new Map<string, GrantObject>();
    vaults.set(vaultUrl, objects);
    const key = grantObjectKey(kind, name);
    // A client's secret may serve several grants: the first that names an owner says whose it is.
    if (objects.get(key)?.owner === undefined) objects.set(key, object);
  };
  for (const { grant, profile } of grants) {
    const { id: grantId, owner, runbook, reconnectUrl, secret, clientCredential: client } = grant;
    const isRefreshed = grant.mode === 'refreshed';
    const perRefresh = isRefreshed ? versionsPerRefresh(profile.rotation, grant.accessTokens) : undefined;
    add('secret', secret, { grantId, owner, runbook, reconnectUrl, versionsPerRefresh: perRefresh });
    const ofClient = { grantId, owner, runbook };
    for (const object of client.objects) add(object.kind, object, ofClient);
  }
  return vaults;
};

/** The vaults of all that Keywatch works with: tokens of grants, clients' credentials and keys, the sealing key. */
export const usedVaultUrls = (
  grants: readonly ConfiguredGrant[],
  clients: readonly ConfiguredClient[],
  sealingKeyId: string | undefined,
): readonly string[] => [
  ...grants.map(({ grant }) => grant.secret.vaultUrl),
  ...clients.flatMap(({ subject }) => objectsOf(subject).map(({ vaultUrl }) => vaultUrl)),
  ...ownCredentials(grants, sealingKeyId).map(({ vaultUrl }) => vaultUrl),
];
