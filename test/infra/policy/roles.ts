import { expression, type Resource, resourcesOf, type Template } from '../template.ts';

interface AllowedRole {
  readonly title: string;
  /** GUID of a built-in role (the same in every tenant), or the parameter that names the custom one. */
  readonly role: string;
  /** The parameter that holds the identity's object id. */
  readonly to: string;
  /** What it is scoped to. */
  readonly on: string;
  /** The whole condition. Absent: none. */
  readonly condition?: string;
  readonly reason: string;
}

const SCANNER = '{scannerPrincipalId}';
const REFRESHER = '{refresherPrincipalId}';
const ROTATOR = '{rotatorPrincipalId}';
const STORAGE = "resourceId('Microsoft.Storage/storageAccounts', {storageAccountName})";
const inFallback = (container: string): string =>
  `resourceId('Microsoft.Storage/storageAccounts/blobServices/containers', {fallbackAccountName}, 'default', '${container}')`;
const VAULT = "resourceId('Microsoft.KeyVault/vaults', {vaultName})";

const not = (operation: string): string =>
  `!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/${operation}/action'})`;
const startsRight = (source: '@Resource' | '@Request', prefix: string): string =>
  `(${source}[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith '${prefix}')`;

/**
 * Reading and writing values is held to the prefix; listing names no single secret and stays outside. Key Vault offers
 * the name of a secret as an attribute of the resource for getSecret and update, of the request for setSecret.
 */
const secretsOnly = (prefix: string): string =>
  `((${not('getSecret')} AND ${not('update')}) OR ${startsRight('@Resource', prefix)})` +
  ` AND ((${not('setSecret')}) OR ${startsRight('@Request', prefix)})`;

/** Every role that Keywatch may be given. A role that is not here, or on something else, fails the tests. */
export const ALLOWED_ROLES: readonly AllowedRole[] = [
  {
    title: 'Storage Blob Data Owner',
    role: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    to: REFRESHER,
    on: STORAGE,
    reason: 'the Functions host asks for it for its locks and keys; control blobs are in the same account',
  },
  {
    title: 'Storage Blob Data Contributor',
    role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    to: REFRESHER,
    on: inFallback('keywatch-fallback'),
    reason: 'a rotated token that neither store takes is sealed into this one container',
  },
  {
    title: 'Storage Blob Data Contributor',
    role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    to: REFRESHER,
    on: inFallback('keywatch-tokens'),
    reason:
      'the sealed refresh token of a grant whose access token is handed out is kept in this one container',
  },
  {
    title: 'Storage Queue Data Contributor',
    role: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    to: REFRESHER,
    on: STORAGE,
    reason: 'messages are sent, received and moved to poison queues',
  },
  {
    title: 'Storage Table Data Contributor',
    role: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    to: REFRESHER,
    on: STORAGE,
    reason: 'the Functions host writes its diagnostic events to a table',
  },
  {
    title: 'Monitoring Metrics Publisher',
    role: '3913510d-42f4-4e42-8a64-420c390055eb',
    to: SCANNER,
    on: "resourceId('Microsoft.Insights/components', {componentName})",
    reason: 'telemetry is taken from identities only',
  },
  {
    title: 'Key Vault Reader',
    role: '21090545-7ca7-4776-b22c-e363652d74d2',
    to: SCANNER,
    on: VAULT,
    reason: 'lists metadata; the role has no action that returns a value',
  },
  {
    title: 'Keywatch Refresher (custom)',
    role: '{refresherRoleName}',
    to: REFRESHER,
    on: VAULT,
    condition: secretsOnly('{grantSecretNamePrefix}'),
    reason: 'reads and writes the grant secrets of one vault',
  },
  {
    title: 'Keywatch Refresher (custom)',
    role: '{refresherRoleName}',
    to: ROTATOR,
    on: VAULT,
    condition: secretsOnly('{rotatedSecretNamePrefix}'),
    reason: 'reads and writes the rotated client secrets of one vault',
  },
  {
    title: 'Key Vault Crypto Service Encryption User',
    role: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    to: REFRESHER,
    on: "resourceId('Microsoft.KeyVault/vaults/keys', {vaultName}, {sealingKeyName})",
    reason: 'unwraps the data key of a sealed journal, with this one key',
  },
  {
    title: 'Log Analytics Reader',
    role: '73c42c96-874c-492b-b04d-ab87d138a893',
    to: '{readerPrincipalId}',
    on: "resourceId('Microsoft.OperationalInsights/workspaces', {workspaceName})",
    reason:
      'alert rules read one workspace with an identity of their own; so does the rotator, for sign-in logs',
  },
  {
    title: 'Key Vault Reader',
    role: '21090545-7ca7-4776-b22c-e363652d74d2',
    to: SCANNER,
    on: 'the subscription',
    reason: 'discovery finds vaults and lists their metadata',
  },
];

/** The operations of the custom role: no delete, no purge, no backup, nothing on keys or certificates. */
const REFRESHER_OPERATIONS = ['getSecret', 'setSecret', 'update', 'readMetadata'].map(
  (operation) => `Microsoft.KeyVault/vaults/secrets/${operation}/action`,
);

/** Every role assignment is on the list (which role, to whom, on what, under which condition), and nothing on it is missing. */
export const roleFaults = (template: Template): string[] => {
  const resources = resourcesOf(template);
  const assigned = resources.filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments');
  const found = assigned.map((resource) => ({ ...assignmentOf(resource), resource }));
  const same = (one: AllowedRole, other: Omit<AllowedRole, 'title' | 'reason'>) =>
    one.role === other.role && one.to === other.to && one.on === other.on;
  return [
    ...found.flatMap(({ resource, ...given }) => {
      const allowed = ALLOWED_ROLES.find((each) => same(each, given));
      const what = `the role ${given.role} to ${given.to} on ${given.on}`;
      if (allowed === undefined) return [`${resource.module}: ${what} is not on the list`];
      const { condition = '', conditionVersion, principalType } = resource.body.properties;
      return [
        ...(given.condition === (allowed.condition ?? '')
          ? []
          : [`${what} has not the allowed condition: ${given.condition || '(none)'}`]),
        ...(condition !== '' && conditionVersion !== '2.0' ? [`${what} needs conditionVersion 2.0`] : []),
        // Without it a fresh identity may not be found yet.
        ...(principalType === 'ServicePrincipal' ? [] : [`${what} needs principalType ServicePrincipal`]),
      ];
    }),
    ...ALLOWED_ROLES.filter((each) => !found.some((given) => same(each, given))).map(
      ({ role, to, on }) => `the role ${role} to ${to} on ${on} is on the list, and nothing assigns it`,
    ),
    ...resources
      .filter(({ type }) => type === 'Microsoft.Authorization/roleDefinitions')
      .flatMap(({ body }) => definitionFaults(body.properties)),
  ];
};

const ROLE = /^subscriptionResourceId\('Microsoft\.Authorization\/roleDefinitions', '?([^')]+)'?\)$/;

const assignmentOf = ({ body, template }: Resource) => {
  const { roleDefinitionId, principalId, condition = '' } = body.properties;
  const definition = expression(roleDefinitionId, template);
  return {
    role: ROLE.exec(definition)?.[1] ?? definition,
    to: expression(principalId, template),
    on: body.scope === undefined ? 'the subscription' : expression(body.scope, template),
    condition: filled(expression(condition, template)),
  };
};

/** `replace('a PREFIX b', 'PREFIX', {x})` as `a {x} b`. */
const filled = (text: string): string => {
  const [, words, value = ''] = /^replace\('(.*)', 'PREFIX', (\{\w+\})\)$/.exec(text) ?? [];
  return words === undefined ? text : words.replaceAll('PREFIX', value);
};

const definitionFaults = ({ type, permissions }: Resource['body']): string[] => {
  const [only, ...more] = permissions;
  const given = { actions: only.actions, notActions: only.notActions, dataActions: only.dataActions };
  const wanted = { actions: [], notActions: [], dataActions: REFRESHER_OPERATIONS };
  return [
    ...(type === 'CustomRole' ? [] : ['the custom role is of another type']),
    ...(more.length === 0 && JSON.stringify(given) === JSON.stringify(wanted)
      ? []
      : [`the custom role may do other things than it should: ${JSON.stringify(permissions)}`]),
  ];
};
