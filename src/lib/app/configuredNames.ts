import type { Config } from '../config/config.ts';
import { clientCredentialId, grantCredentialId, rotationCredentialId } from '../credentials/credentialIds.ts';
import { CREDENTIAL_KINDS } from '../credentials/kinds.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import { refreshUrlOf } from '../oauth/rules/providerProfile.ts';
import { type ConfiguredClient, objectsOf } from '../prove/configuredClient.ts';

const namesOfGrant = ({ grant, profile }: ConfiguredGrant): readonly (string | undefined)[] => {
  const { id, provider, clientId, clientCredential: client, secret, owner, runbook, reconnectUrl } = grant;
  return [
    ...[
      grantCredentialId(id),
      provider,
      clientId,
      secret.name,
      secret.vaultUrl,
      owner,
      runbook,
      reconnectUrl,
    ],
    ...client.objects.flatMap(({ name, vaultUrl }) => [name, vaultUrl]),
    ...(grant.targets ?? []),
    ...[profile.id, profile.displayName, profile.tokenEndpoint, refreshUrlOf(profile)],
  ];
};

const namesOfClient = ({
  id,
  displayName,
  owner,
  runbook,
  targets = [],
  subject,
  call,
}: ConfiguredClient) => [
  ...[clientCredentialId(id), rotationCredentialId(id), displayName, owner, runbook, ...targets, call?.url],
  ...objectsOf(subject).flatMap(({ name, vaultUrl }) => [name, vaultUrl]),
  ...(subject.kind === 'client' ? [subject.client.clientId, ...Object.values(subject.client.issuer)] : []),
];

const namesOfDirectory = (directory: Config['directory']) =>
  directory === undefined ? [] : [{ url: directory.tenantId, policy: directory.scope.policy }];

/** In no name. */
const SEPARATOR = '\0';

/**
 * Whether a value is one of the names that the config gives to vaults, grants, owners, hosts, clients and providers,
 * or a part of one, or the id of a credential. Alerts group by them, so nobody may make one a secret.
 */
export const configuredNames = (config: Config): ((value: string) => boolean) => {
  const { vaults, subscriptionIds, directory, grants, clients, rules, deployment, refresh } = config;
  const names = [
    deployment,
    ...subscriptionIds,
    ...[...vaults, ...namesOfDirectory(directory)].flatMap(({ url, policy }) => [
      ...[url, policy.name],
      ...policy.says.map(({ says }) => says.owner),
    ]),
    ...grants.flatMap(namesOfGrant),
    ...clients.flatMap(namesOfClient),
    ...rules.flatMap(({ match, says }) => [
      match.name,
      match.owner,
      says.owner,
      says.runbook,
      ...(says.targets ?? []),
    ]),
    ...Object.values(refresh ?? {}).map(String),
  ]
    .filter((name) => name !== undefined && name !== '')
    .map((name) => String(name).toLowerCase());
  // One text, searched once a value: thousands of grants have tens of thousands of names, many of them the same.
  const text = [...new Set(names)].join(SEPARATOR);
  const scanned = new Set([...vaults, ...namesOfDirectory(directory)].map(({ policy }) => policy.name));
  return (value) => {
    const wanted = value.toLowerCase();
    const [where = '', kind = ''] = wanted.split('/', 2);
    if (scanned.has(where) && Object.hasOwn(CREDENTIAL_KINDS, kind)) return true;
    return !wanted.includes(SEPARATOR) && text.includes(wanted);
  };
};
