import { randomUUID } from 'node:crypto';
import type { EntraTenant, TenantOwner } from '../entra/tenant.ts';

/** A certificate that signs the SAML answers of an enterprise application. */
export interface SamlCertificate {
  readonly keyId: string;
  /** SHA-1, hexadecimal. */
  readonly thumbprint: string;
  readonly startEpochMs: number;
  readonly endEpochMs: number;
}

/** An enterprise application that signs people in by SAML. */
export interface SamlPrincipal {
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
  readonly certificates: readonly SamlCertificate[];
  readonly activeThumbprint: string | undefined;
  readonly owners: readonly TenantOwner[];
}

/** A policy for single applications, as Graph shows it, with whom it is attached to. */
export interface AttachedPolicy {
  readonly id: string;
  readonly displayName: string;
  readonly isEnabled: boolean;
  readonly restrictions: object;
  readonly appliesTo: readonly string[];
}

/** An app role that an identity has, as Graph shows it. */
export interface RoleAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly appRoleId: string;
  readonly resourceDisplayName: string;
}

/** What Microsoft Graph knows of a made-up tenant. Changed in place. */
export interface TenantDirectory {
  readonly tenant: EntraTenant;
  readonly samlPrincipals: SamlPrincipal[];
  /** `tenantAppManagementPolicy`, as Graph shows it. */
  defaultPolicy: object;
  readonly attachedPolicies: AttachedPolicy[];
  /** Which roles identities have at other applications, Microsoft Graph among them. */
  readonly roleAssignments: RoleAssignment[];
  /** How much later a read shows a secret that was added or removed. */
  lagMs: number;
  /** Secrets that were added or removed lately, as a read still shows them. */
  readonly unseen: UnseenChange[];
}

export interface UnseenChange {
  readonly objectId: string;
  readonly keyId: string;
  readonly seenFromEpochMs: number;
  /** The entry as it was, where it was removed; absent where it was added. */
  readonly removed?: object;
}

export const tenantDirectory = (tenant: EntraTenant): TenantDirectory => ({
  tenant,
  samlPrincipals: [],
  defaultPolicy: { id: randomUUID(), displayName: 'Default app management policy', isEnabled: false },
  attachedPolicies: [],
  roleAssignments: [],
  lagMs: 0,
  unseen: [],
});
