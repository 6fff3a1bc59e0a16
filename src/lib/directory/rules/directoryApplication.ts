/** The two collections of the directory whose objects have credentials. */
export type DirectoryObjectType = 'applications' | 'servicePrincipals';

/**
 * A credential of an application as the directory lists it. There is no field for its value, for the bytes of a
 * certificate, or for the hint of a secret (which is its first three characters), and none may be added.
 *
 * Times are milliseconds since 1970-01-01 UTC; `undefined` means that there is none that a calendar has.
 */
export interface ListedCredential {
  readonly type: 'secret' | 'certificate';
  /** The GUID by which the directory, its sign-in logs and its portal ("Secret ID") call it; absent: unreadable. */
  readonly keyId: string | undefined;
  /** What somebody wrote when making it; any text. */
  readonly displayName: string | undefined;
  readonly startEpochMs: number | undefined;
  readonly endEpochMs: number | undefined;
  /** `customKeyIdentifier`: the same for every entry of one certificate. */
  readonly identifier: string | undefined;
}

/** An application, or a service principal, with its credentials. All text is from outside and bounded. */
export interface DirectoryApplication {
  readonly type: DirectoryObjectType;
  /** The object's own id in the directory, by which it is asked for. */
  readonly id: string;
  /** The client id. */
  readonly appId: string;
  readonly displayName: string | undefined;
  readonly createdEpochMs: number | undefined;
  /** Its `tags`, as they stand; none where an application of another tenant brought them. */
  readonly labels: readonly string[];
  readonly credentials: readonly ListedCredential[];
  /** Of a service principal that signs people in by SAML; absent otherwise. */
  readonly saml?: { readonly activeThumbprint: string | undefined } | undefined;
}

/** Whom the directory names as an owner. What the caller may not read is absent. */
export interface DirectoryOwner {
  readonly id: string;
  readonly type: 'user' | 'servicePrincipal' | 'other';
  /** Address, sign-in name or display name, in this order; absent where only the id may be read. */
  readonly name: string | undefined;
}
