import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { CredentialObject } from '../clientAuthentication/clientCredential.ts';
import type { AssertionAlgorithm } from '../rules/assertionAlgorithm.ts';

/** A signature by a key that this process may not hold, as when it stays in Key Vault. */
export interface AssertionSigner {
  /** JOSE name of the algorithm, as in `PS256`. */
  readonly algorithm: AssertionAlgorithm;
  /** `kid` of the assertion's header; absent: none is sent. */
  readonly keyId?: string | undefined;
  /** base64url SHA-256 of the certificate (`x5t#S256`), which Entra ID needs; absent: none is sent. */
  readonly certificateThumbprintSha256?: string | undefined;
  sign(signingInput: Uint8Array): Promise<Uint8Array>;
}

/** What a key is wanted to sign with. */
export interface SignerChoice {
  /** Absent: what the key prescribes (RS256 for RSA), or the provider wants. */
  readonly algorithm?: AssertionAlgorithm | undefined;
  /** For a key of RSA where `algorithm` is absent; absent: RS256. */
  readonly rsaDefault?: AssertionAlgorithm | undefined;
}

/**
 * The clients' own credentials, in Key Vault: asked before anything is spent, never afterwards. Reads anew on
 * every call: a secret that was rotated an hour ago must not be sent.
 */
export interface ClientCredentialStore {
  /** The value of a secret; an empty one is `rejected`. */
  readSecret(secret: CredentialObject): Promise<{ readonly ok: true; readonly value: string } | StoreFailure>;
  /** A signer whose key stays in the vault, and which has proven that it may sign. */
  openSigner(
    key: CredentialObject,
    choice: SignerChoice,
  ): Promise<{ readonly ok: true; readonly signer: AssertionSigner } | StoreFailure>;
  /**
   * A token that Entra ID gives the identity of this process for an audience: what a provider that trusts that
   * identity takes instead of a secret. @see RFC 7523 §3
   */
  identityToken(audience: string): Promise<{ readonly ok: true; readonly token: string } | StoreFailure>;
}
