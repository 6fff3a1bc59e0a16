import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { SecretReference } from '../../oauth/rules/grant.ts';

/** What Key Vault reports one version of a secret beside its value. */
export interface TokenVersionProperties {
  readonly version: string;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  readonly expiresOnEpochMs: number | undefined;
  /** One-second resolution: never orders two versions. */
  readonly createdEpochMs: number | undefined;
}

/** One version of a secret with its value: the refresh token. */
export interface TokenVersion extends TokenVersionProperties {
  readonly value: string;
}

/** Everything a new version has. Key Vault inherits nothing from the version before, so nothing is optional. */
export interface NewTokenVersion {
  readonly value: string;
  /** All tags of the version, those of other people too. */
  readonly tags: Readonly<Record<string, string>>;
  readonly expiresOnEpochMs: number | undefined;
  readonly contentType: string | undefined;
}

/**
 * The Key Vault secret that holds a grant's refresh token, where its consumers read it.
 *
 * Guaranteed: an acknowledged write is durable and is a version of its own; versions are never
 * overwritten, only disabled.
 *
 * Not guaranteed: there is **no compare-and-swap**: the last writer wins, whoever it is, and nothing
 * tells it that somebody else wrote in between. A write that was not acknowledged may land late,
 * seconds or minutes after we gave up on it, and is then the latest version. `createdEpochMs` has
 * one-second resolution. So versions are ordered by our own `keywatch-seq` tag and compared with the
 * control record, never by time.
 *
 * Each call is one request, retried by nobody (`maxRetries: 0`), bounded to 10 s; the protocol above
 * repeats what may be repeated. The client behind it must have made one read before its first write.
 */
export interface TokenStore {
  /** The latest version and its value. `disabled` when a person switched it off. */
  readLatest(
    secret: SecretReference,
  ): Promise<{ readonly ok: true; readonly latest: TokenVersion } | StoreFailure>;
  /** One named version and its value. */
  readVersion(
    secret: SecretReference,
    version: string,
  ): Promise<{ readonly ok: true; readonly token: TokenVersion } | StoreFailure>;
  /**
   * Adds a version, which becomes the latest. It needs the same permission, the same name and the same
   * limits whatever the value, which is what makes writing the *current* value again a proof that the
   * next one can be written.
   */
  write(
    secret: SecretReference,
    version: NewTokenVersion,
  ): Promise<{ readonly ok: true; readonly version: string } | StoreFailure>;
  /** Every version without its value, in no order. Pages of 25: for healing only, not for every refresh. */
  listVersions(
    secret: SecretReference,
  ): Promise<{ readonly ok: true; readonly versions: readonly TokenVersionProperties[] } | StoreFailure>;
  /** Replaces tags and expiry of one version in place; adds no version. Another permission than `write`. */
  updateProperties(
    secret: SecretReference,
    version: string,
    properties: Pick<NewTokenVersion, 'tags' | 'expiresOnEpochMs'>,
  ): Promise<{ readonly ok: true } | StoreFailure>;
  /** Switches one version off, for readers that pin it. Its value stays in the vault. */
  disableVersion(secret: SecretReference, version: string): Promise<{ readonly ok: true } | StoreFailure>;
}
