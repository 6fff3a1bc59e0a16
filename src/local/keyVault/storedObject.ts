import type { JsonWebKey } from 'node:crypto';

/** The three collections of a vault, as in its paths. */
export type Collection = 'secrets' | 'keys' | 'certificates';

export const COLLECTIONS = ['secrets', 'keys', 'certificates'] as const satisfies readonly Collection[];

/** As on the wire: whole seconds since 1970-01-01 UTC, so two versions of one second look equally old. */
export interface StoredAttributes {
  readonly enabled: boolean;
  readonly nbf?: number;
  readonly exp?: number;
  readonly created: number;
  readonly updated: number;
}

/** As on the wire. */
export interface CertificatePolicy {
  readonly issuer: { readonly name: string };
  readonly lifetime_actions: readonly {
    readonly trigger: { readonly days_before_expiry?: number; readonly lifetime_percentage?: number };
    readonly action: { readonly action_type: 'AutoRenew' | 'EmailContacts' };
  }[];
  readonly attributes?: { readonly enabled: boolean };
}

/** As on the wire. */
export interface RotationPolicy {
  readonly lifetimeActions: readonly {
    readonly trigger: { readonly timeBeforeExpiry?: string; readonly timeAfterCreate?: string };
    readonly action: { readonly type: 'Rotate' | 'Notify' };
  }[];
}

export interface SecretMaterial {
  readonly type: 'secret';
  readonly value: string;
  readonly contentType?: string;
}

export interface KeyMaterial {
  readonly type: 'key';
  /** With the private part where there is one: a certificate seeded without its key has none. */
  readonly jwk: JsonWebKey;
  readonly keyOps: readonly string[];
  readonly rotationPolicy?: RotationPolicy;
}

export interface CertificateMaterial {
  readonly type: 'certificate';
  /** DER, base64. */
  readonly cer: string;
  /** SHA-1 of the DER, base64url. */
  readonly x5t: string;
  readonly policy?: CertificatePolicy;
}

export type Material = SecretMaterial | KeyMaterial | CertificateMaterial;

export interface StoredVersion {
  readonly version: string;
  readonly attributes: StoredAttributes;
  readonly tags?: Readonly<Record<string, string>>;
  /** Set on the secret and the key that back a certificate. */
  readonly managed?: true;
  readonly material: Material;
}

export interface StoredObject {
  readonly name: string;
  /** Oldest first; the last one is current. */
  readonly versions: readonly StoredVersion[];
  /** Present while soft-deleted. Seconds since 1970-01-01 UTC. */
  readonly deleted?: { readonly deletedDate: number; readonly scheduledPurgeDate: number };
}

/** The newest version; every stored object has at least one. */
export const currentVersion = ({ name, versions }: StoredObject): StoredVersion => {
  const current = versions.at(-1);
  if (current === undefined) throw new Error(`${name} is stored without any version`);
  return current;
};
