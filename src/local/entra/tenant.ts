import { randomBytes, randomUUID } from 'node:crypto';

/** A client secret of an application. The token endpoint compares `value`; Graph never shows it again. */
export interface TenantSecret {
  readonly keyId: string;
  readonly value: string;
  readonly displayName: string;
  readonly startEpochMs: number;
  readonly endEpochMs: number;
  /** The token endpoint learns of it later than Graph. */
  readonly acceptedFromEpochMs: number;
}

/** A certificate with which an application signs its assertions. */
export interface TenantCertificate {
  readonly keyId: string;
  readonly displayName: string;
  /** X.509, as PEM. */
  readonly certificate: string;
}

/** An identity whose tokens stand in for a secret. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
}

/** An app registration, with its service principal in the same tenant. */
export interface TenantApplication {
  /** Client id. */
  readonly appId: string;
  /** `id` of the application at Graph. */
  readonly objectId: string;
  displayName: string;
  secrets: readonly TenantSecret[];
  certificates: readonly TenantCertificate[];
  federatedCredentials: readonly FederatedCredential[];
  /** App roles that it was given, for the claim `roles`. */
  roles: readonly string[];
  /** `accountEnabled` of its service principal. */
  enabled: boolean;
  /** What Graph alone shows: when it was made, its tags and owners, the names of its federated credentials. */
  readonly createdEpochMs?: number;
  readonly tags?: readonly string[];
  owners?: readonly TenantOwner[];
  readonly federated?: readonly string[];
}

export interface TenantOwner {
  readonly id: string;
  readonly type: 'user' | 'servicePrincipal';
  readonly displayName: string;
  readonly mail?: string;
}

/** What Graph and the token endpoint of a made-up tenant both know. Changed in place. */
export interface EntraTenant {
  readonly tenantId: string;
  readonly nowEpochMs: () => number;
  readonly applications: TenantApplication[];
}

export const entraTenant = (nowEpochMs: () => number, tenantId: string = randomUUID()): EntraTenant => ({
  tenantId,
  nowEpochMs,
  applications: [],
});

export const addApplication = (
  tenant: EntraTenant,
  seed: Partial<TenantApplication> & Pick<TenantApplication, 'displayName'>,
): TenantApplication => {
  const application: TenantApplication = {
    appId: randomUUID(),
    objectId: randomUUID(),
    secrets: [],
    certificates: [],
    federatedCredentials: [],
    roles: [],
    enabled: true,
    ...seed,
  };
  tenant.applications.push(application);
  return application;
};

export interface NewSecret {
  readonly displayName?: string | undefined;
  readonly value?: string | undefined;
  /** Absent: now. */
  readonly startEpochMs?: number | undefined;
  readonly endEpochMs: number;
  /** From the start until the token endpoint knows it. Absent: 0. */
  readonly lagMs?: number | undefined;
}

/** 40 characters of the alphabet that Entra ID uses. */
const newValue = (): string => randomBytes(30).toString('base64').replaceAll('+', '~').replaceAll('/', '_');

export const addSecret = (
  { nowEpochMs }: EntraTenant,
  application: TenantApplication,
  { displayName = '', value = newValue(), startEpochMs = nowEpochMs(), endEpochMs, lagMs = 0 }: NewSecret,
): TenantSecret => {
  const secret: TenantSecret = {
    keyId: randomUUID(),
    ...{ value, displayName, startEpochMs, endEpochMs },
    acceptedFromEpochMs: startEpochMs + lagMs,
  };
  application.secrets = [...application.secrets, secret];
  return secret;
};

/** @returns whether the application had it */
export const removeSecret = (application: TenantApplication, keyId: string): boolean => {
  const left = application.secrets.filter((secret) => secret.keyId !== keyId);
  const isRemoved = left.length < application.secrets.length;
  application.secrets = left;
  return isRemoved;
};
