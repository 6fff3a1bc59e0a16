import type { StoreFailure } from '../../kernel/storeFailure.ts';

/** What an envelope is bound to: opening it for anything else fails. */
export interface SealContext {
  readonly grantId: string;
  readonly seq: number;
}

/**
 * A sealed token: a compact JWE (RFC 7516), one line of base64url and dots, so that it can be found inside a
 * damaged control record. Its protected header names the key version, the grant and the seq. Safe to store and
 * to queue.
 */
export type SealedEnvelope = string;

/**
 * Seals a token with a public key, so that it can be kept where tokens may not be.
 *
 * Guaranteed: `seal` is local: it needs no network, so a token can be recorded while Key Vault is
 * down. Only the holder of the private key can open an envelope; grant and seq are authenticated
 * with it, so an envelope cannot be moved to another grant.
 *
 * Not guaranteed: that an envelope can ever be opened: that takes Key Vault and the key version it was
 * sealed with (`key_gone` when that is deleted or disabled: recover it, never replace it).
 */
export interface TokenSeal {
  /**
   * Fetches and caches the current public key, and fails while nothing has been spent yet. Cheap
   * when cached: the cache is no older than an hour.
   */
  prepare(): Promise<{ readonly ok: true } | StoreFailure>;
  /** Seals with the cached key. Rejects when `prepare` never succeeded: that is a fault of the program. */
  seal(plaintext: string, context: SealContext): Promise<SealedEnvelope>;
  /** Opens an envelope of this grant. The seq is read from the envelope and authenticated. */
  unseal(
    envelope: SealedEnvelope,
    grantId: string,
  ): Promise<{ readonly ok: true; readonly seq: number; readonly plaintext: string } | StoreFailure>;
}
