/** The kinds of object that Key Vault lists. */
export type VaultObjectKind = 'secret' | 'key' | 'certificate';

/** Everything with an end date that lets one system prove itself to another. */
export type CredentialKind = VaultObjectKind | 'app_secret' | 'app_certificate' | 'grant';

/**
 * What Key Vault says about one object without being asked for its value. There is no field for a
 * value, and none may be added: the scan must be unable to hold one.
 *
 * Times are milliseconds since 1970-01-01 UTC; `undefined` means that Key Vault holds none.
 */
export interface ObjectMetadata {
  readonly kind: VaultObjectKind;
  /** Origin of the vault, as in `https://NAME.vault.azure.net`. */
  readonly vaultUrl: string;
  readonly name: string;
  /** Absent in listings, which speak of an object's newest version without naming it. */
  readonly version: string | undefined;
  readonly enabled: boolean;
  readonly createdEpochMs: number | undefined;
  readonly updatedEpochMs: number | undefined;
  readonly notBeforeEpochMs: number | undefined;
  readonly expiresOnEpochMs: number | undefined;
  readonly contentType: string | undefined;
  /** True of the secret and the key that back a certificate: reported once, as the certificate. */
  readonly managed: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Where a credential stands today. An absent expiry is a status of its own, never "far future":
 * see `classifyStatus` for the order in which they apply.
 */
export type CredentialStatus =
  | 'valid'
  | 'warning'
  | 'critical'
  | 'expired'
  | 'not_yet_valid'
  | 'no_expiry'
  | 'disabled';

/** Worst first: the order of every table and of every count. */
export const CREDENTIAL_STATUSES = [
  'expired',
  'critical',
  'warning',
  'no_expiry',
  'not_yet_valid',
  'valid',
  'disabled',
] as const satisfies readonly CredentialStatus[];

/** The statuses that somebody has to act on before the credential breaks (or because it has). */
export const ATTENTION_STATUSES: ReadonlySet<CredentialStatus> = new Set(['expired', 'critical', 'warning']);

/** A hygiene fault of a credential: nothing is broken yet. */
export type FindingCode =
  | 'no_expiry'
  | 'never_valid'
  | 'malformed_tag'
  | 'unowned'
  | 'ended_long_ago'
  | 'dead_grant'
  | 'provider_answer'
  | 'too_many_versions'
  | 'superseded_version_enabled'
  | 'stale_rotation'
  | 'excess_scope'
  | 'long_lived_access_token'
  | 'sensitive_claim';

export interface Finding {
  readonly code: FindingCode;
  /** One sentence for people: what was seen and what is allowed. Holds no secret value. */
  readonly detail: string;
}

/** Why a credential that would need attention does not ask for any. */
export type Suppression = 'snoozed' | 'ignored' | 'superseded';

/** What Keywatch concludes of one credential at one instant. */
export interface Assessment {
  /** `VAULT/KIND/NAME`, or `grant/ID`: stable from scan to scan. */
  readonly credentialId: string;
  readonly kind: CredentialKind;
  /** The vault's name, or the application for the kinds of Entra ID. */
  readonly vault: string;
  readonly name: string;
  readonly version: string | undefined;
  /** When that version was made, where the source says. */
  readonly createdEpochMs: number | undefined;
  readonly status: CredentialStatus;
  readonly expiresOnEpochMs: number | undefined;
  readonly notBeforeEpochMs: number | undefined;
  /** When the status becomes `warning`, and `critical`; absent without an expiry. */
  readonly warningAtEpochMs: number | undefined;
  readonly criticalAtEpochMs: number | undefined;
  /** Until when its end is reported at once; from then on it is the finding `ended_long_ago`. Absent without an end. */
  readonly alertUntilEpochMs?: number | undefined;
  readonly owner: string | undefined;
  readonly runbook: string | undefined;
  /** Hosts that it is used at, by its tag; absent when the tag is, or is malformed. */
  readonly targets: readonly string[] | undefined;
  readonly findings: readonly Finding[];
  readonly suppressed: Suppression | undefined;
  readonly snoozedUntilEpochMs: number | undefined;
}

/** The id of a vault object: `VAULT/KIND/NAME`; the three kinds may share a name in one vault. */
export const credentialIdOf = (vault: string, kind: VaultObjectKind, name: string): string =>
  `${vault}/${kind}/${name}`;

/** True when somebody has to act: a status that asks for it, and nothing that suppresses it. */
export const needsAttention = ({ status, suppressed }: Pick<Assessment, 'status' | 'suppressed'>): boolean =>
  suppressed === undefined && ATTENTION_STATUSES.has(status);
