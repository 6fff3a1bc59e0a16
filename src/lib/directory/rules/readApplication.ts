import { guidOf } from '../../kernel/guid.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { printable } from '../../kernel/printable.ts';
import type { DirectoryApplication, DirectoryObjectType, ListedCredential } from './directoryApplication.ts';
import { directoryInstant } from './directoryInstant.ts';

const NAME_LENGTH = 80;
/** The name that a rotation gives holds its whole attempt. */
const CREDENTIAL_NAME_LENGTH = 128;
const IDENTIFIER_LENGTH = 200;

const textOf = (value: unknown, length = NAME_LENGTH): string | undefined => {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' ? undefined : printable(text, length);
};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Reads one application or service principal of an answer. Bytes of certificates (`key`), `hint` and `secretText`
 * stay behind here.
 * @param tenantId whose directory it is
 * @returns `undefined` for what is no such object: one without an id or a client id
 * @see https://learn.microsoft.com/graph/api/resources/application
 */
export const readApplication = (
  type: DirectoryObjectType,
  value: unknown,
  tenantId: string,
): DirectoryApplication | undefined => {
  if (!isRecord(value)) return undefined;
  const [id, appId] = [guidOf(value['id']), guidOf(value['appId'])];
  if (id === undefined || appId === undefined) return undefined;
  const isPrincipal = type === 'servicePrincipals';
  const activeThumbprint = identifierOf(value['preferredTokenSigningKeyThumbprint']);
  // Who sets up SAML without the portal often leaves the mode out: it only says how a portal starts it.
  const { preferredSingleSignOnMode: mode = null, servicePrincipalType } = value;
  const isSaml = isPrincipal && (mode === 'saml' || (mode === null && activeThumbprint !== undefined));
  // Tags of an application come to its principals in all tenants: those of a stranger steer nothing here.
  const isForeign = isPrincipal && ![undefined, tenantId].includes(guidOf(value['appOwnerOrganizationId']));
  // Azure itself rotates the certificates of a managed identity, every 45 days.
  const isManaged = isPrincipal && servicePrincipalType === 'ManagedIdentity';
  return {
    type,
    id,
    appId,
    displayName: textOf(value['displayName']),
    createdEpochMs: directoryInstant(value['createdDateTime']),
    labels: isForeign ? [] : listOf(value['tags']).filter((one) => typeof one === 'string'),
    credentials: [
      ...listOf(value['passwordCredentials']).map((one) => credentialOf('secret', one)),
      ...listOf(isManaged ? [] : value['keyCredentials']).map((one) => credentialOf('certificate', one)),
    ],
    saml: isSaml ? { activeThumbprint } : undefined,
  };
};

/** An entry that cannot be read is still a credential: one without a known end. */
const credentialOf = (type: ListedCredential['type'], value: unknown): ListedCredential => {
  const entry = isRecord(value) ? value : {};
  return {
    type,
    keyId: guidOf(entry['keyId']),
    displayName: textOf(entry['displayName'], CREDENTIAL_NAME_LENGTH),
    startEpochMs: directoryInstant(entry['startDateTime']),
    endEpochMs: directoryInstant(entry['endDateTime']),
    identifier: identifierOf(entry['customKeyIdentifier']),
  };
};

const HEX = /^(?:[0-9A-F]{2}){4,64}$/i;
const BASE64 = /^[0-9A-Za-z+/]{4,172}={0,2}$/;

/**
 * One spelling of a thumbprint: it comes as hexadecimal digits, as base64 of its bytes, and as base64 of its digits.
 * What is neither stays as it is, since two entries with the same text are still the same certificate.
 */
const identifierOf = (value: unknown): string | undefined => {
  const text = textOf(value, IDENTIFIER_LENGTH);
  if (text === undefined || HEX.test(text)) return text?.toUpperCase();
  if (!BASE64.test(text)) return text;
  const bytes = Buffer.from(text, 'base64');
  const digits = bytes.toString('latin1');
  return HEX.test(digits) ? digits.toUpperCase() : bytes.toString('hex').toUpperCase();
};
