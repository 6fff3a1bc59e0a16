import { X509Certificate } from 'node:crypto';
import type { TenantApplication, TenantOwner, TenantSecret } from '../entra/tenant.ts';
import type { SamlPrincipal, TenantDirectory } from './tenantDirectory.ts';

/** An object as Graph writes it, with every member that the stand-in knows. */
export type GraphObject = Readonly<Record<string, unknown>> & { readonly id: string };

const iso = (epochMs: number): string => new Date(epochMs).toISOString();

export const passwordCredential = (secret: TenantSecret) => ({
  customKeyIdentifier: null,
  displayName: secret.displayName === '' ? null : secret.displayName,
  endDateTime: iso(secret.endEpochMs),
  // The service shows the beginning of the value here.
  hint: secret.value.slice(0, 3),
  keyId: secret.keyId,
  secretText: null,
  startDateTime: iso(secret.startEpochMs),
});

/** An application, as late as reads of this tenant are. */
export const applicationObject = (
  { tenant, unseen }: TenantDirectory,
  application: TenantApplication,
): GraphObject => {
  const { objectId, appId, displayName, createdEpochMs, tags = [], secrets, certificates } = application;
  const late = unseen.filter((one) => one.objectId === objectId && one.seenFromEpochMs > tenant.nowEpochMs());
  const hidden = new Set(late.filter(({ removed }) => removed === undefined).map(({ keyId }) => keyId));
  return {
    id: objectId,
    appId,
    displayName,
    createdDateTime: createdEpochMs === undefined ? null : iso(createdEpochMs),
    signInAudience: 'AzureADMyOrg',
    tags,
    notes: null,
    passwordCredentials: [
      ...secrets.filter(({ keyId }) => !hidden.has(keyId)).map(passwordCredential),
      ...late.flatMap(({ removed }) => removed ?? []),
    ],
    keyCredentials: certificates.map(({ keyId, displayName: name, certificate }) => {
      const { fingerprint, validFromDate, validToDate, raw } = new X509Certificate(certificate);
      return {
        customKeyIdentifier: Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64'),
        displayName: name,
        endDateTime: validToDate.toISOString(),
        key: raw.toString('base64'),
        keyId,
        startDateTime: validFromDate.toISOString(),
        type: 'AsymmetricX509Cert',
        usage: 'Verify',
      };
    }),
  };
};

/** The service principal of an application of this tenant: its credentials are the application's, not its own. */
export const ownPrincipal = ({ appId, displayName, enabled }: TenantApplication): GraphObject => ({
  // Any id that stays the same, and is not the application's.
  id: appId.replace(/^.{8}/, 'ffffffff'),
  appId,
  displayName,
  accountEnabled: enabled,
  servicePrincipalType: 'Application',
  appOwnerOrganizationId: null,
  tags: [],
  passwordCredentials: [],
  keyCredentials: [],
  preferredSingleSignOnMode: null,
  preferredTokenSigningKeyThumbprint: null,
});

/** Each signing certificate has three entries: to sign, to verify, and the password of its key. */
export const samlPrincipalObject = (principal: SamlPrincipal): GraphObject => {
  const entries = principal.certificates.map(({ keyId, thumbprint, startEpochMs, endEpochMs }) => {
    const common = {
      customKeyIdentifier: Buffer.from(thumbprint, 'hex').toString('base64'),
      displayName: `CN=Microsoft Azure Federated SSO Certificate`,
      startDateTime: iso(startEpochMs),
      endDateTime: iso(endEpochMs),
    };
    const verifyId = keyId.replace(/^.{8}/, 'eeeeeeee');
    return {
      keys: [
        { ...common, keyId, key: null, type: 'X509CertAndPassword', usage: 'Sign' },
        { ...common, keyId: verifyId, key: null, type: 'AsymmetricX509Cert', usage: 'Verify' },
      ],
      password: { ...common, keyId, hint: null, secretText: null },
    };
  });
  return {
    id: principal.objectId,
    appId: principal.appId,
    displayName: principal.displayName,
    accountEnabled: true,
    servicePrincipalType: 'Application',
    appOwnerOrganizationId: null,
    tags: [],
    keyCredentials: entries.flatMap(({ keys }) => keys),
    passwordCredentials: entries.map(({ password }) => password),
    preferredSingleSignOnMode: 'saml',
    preferredTokenSigningKeyThumbprint: principal.activeThumbprint ?? null,
  };
};

/** @param isReadable whether the caller may read users; where not, the service shows the id alone */
export const ownerObject = (
  { id, type, displayName, mail }: TenantOwner,
  isReadable: boolean,
): GraphObject => {
  const isShown = type === 'servicePrincipal' || isReadable;
  const person = type === 'user' && isShown ? (mail ?? null) : null;
  return {
    '@odata.type': `#microsoft.graph.${type}`,
    id,
    displayName: isShown ? displayName : null,
    userPrincipalName: person,
    mail: person,
  };
};
