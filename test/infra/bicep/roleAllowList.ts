export interface AllowedRole {
  file: string;
  /** GUID of a built-in role (the same in every tenant), or the param that names the custom one. */
  role: string;
  title: string;
  /** The param that holds the identity's object id. */
  to: string;
  /** What it is scoped to, as written in the file; the file's target scope where nothing is written. */
  on: string;
  /** The whole condition, holes as {name}; absent: none. */
  condition?: string;
  reason: string;
}

const FILE = 'infra/modules/roleAssignments.bicep';
const SCANNER = 'scannerPrincipalId';
const REFRESHER = 'refresherPrincipalId';

const not = (operation: string): string =>
  `!(ActionMatches{'Microsoft.KeyVault/vaults/secrets/${operation}/action'})`;
const startsRight = (source: '@Resource' | '@Request'): string =>
  `(${source}[Microsoft.KeyVault/vaults/secrets:name] StringStartsWith '{grantSecretNamePrefix}')`;

/**
 * Reading and writing values is held to the prefix; listing names no single secret and stays outside. Key Vault offers
 * the name of a secret as an attribute of the resource for getSecret and update, of the request for setSecret.
 */
const grantSecretsOnly =
  `((${not('getSecret')} AND ${not('update')}) OR ${startsRight('@Resource')})` +
  ` AND ((${not('setSecret')}) OR ${startsRight('@Request')})`;

/** Every role that Keywatch may be given. A role that is not here, or on something else, fails the tests. */
export const allowedRoles: readonly AllowedRole[] = [
  {
    file: FILE,
    role: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
    title: 'Storage Blob Data Owner',
    to: REFRESHER,
    on: 'storage',
    reason: 'the Functions host asks for it for its locks and keys; control blobs are in the same account',
  },
  {
    file: FILE,
    role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
    title: 'Storage Blob Data Contributor',
    to: REFRESHER,
    on: 'fallback::blobs::orphans',
    reason: 'a rotated token that neither store takes is sealed into this one container',
  },
  {
    file: FILE,
    role: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
    title: 'Storage Queue Data Contributor',
    to: REFRESHER,
    on: 'storage',
    reason: 'messages are sent, received and moved to poison queues',
  },
  {
    file: FILE,
    role: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
    title: 'Storage Table Data Contributor',
    to: REFRESHER,
    on: 'storage',
    reason: 'the Functions host writes its diagnostic events to a table',
  },
  {
    file: FILE,
    role: '3913510d-42f4-4e42-8a64-420c390055eb',
    title: 'Monitoring Metrics Publisher',
    to: SCANNER,
    on: 'component',
    reason: 'telemetry is taken from identities only',
  },
  {
    file: FILE,
    role: '21090545-7ca7-4776-b22c-e363652d74d2',
    title: 'Key Vault Reader',
    to: SCANNER,
    on: 'vault',
    reason: 'lists metadata; the role has no action that returns a value',
  },
  {
    file: FILE,
    role: 'refresherRoleName',
    title: 'Keywatch Refresher (custom)',
    to: REFRESHER,
    on: 'vault',
    condition: grantSecretsOnly,
    reason: 'reads and writes the grant secrets of one vault',
  },
  {
    file: FILE,
    role: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
    title: 'Key Vault Crypto Service Encryption User',
    to: REFRESHER,
    on: 'vault::sealingKey',
    reason: 'unwraps the data key of a sealed journal, with this one key',
  },
  {
    file: 'infra/modules/workspaceReader.bicep',
    role: '73c42c96-874c-492b-b04d-ab87d138a893',
    title: 'Log Analytics Reader',
    to: 'alertsPrincipalId',
    on: 'workspace',
    reason: 'alert rules read one workspace with an identity of their own',
  },
  {
    file: 'infra/modules/discoveryRoleAssignment.bicep',
    role: '21090545-7ca7-4776-b22c-e363652d74d2',
    title: 'Key Vault Reader',
    to: SCANNER,
    on: 'subscription',
    reason: 'discovery finds vaults and lists their metadata',
  },
];

/** The operations of the custom role: no delete, no purge, no backup, nothing on keys or certificates. */
export const refresherDataActions: readonly string[] = [
  'Microsoft.KeyVault/vaults/secrets/getSecret/action',
  'Microsoft.KeyVault/vaults/secrets/setSecret/action',
  'Microsoft.KeyVault/vaults/secrets/update/action',
  'Microsoft.KeyVault/vaults/secrets/readMetadata/action',
];
