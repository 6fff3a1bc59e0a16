import type { StoreFailure } from './storeFailure.ts';
import type { SealedEnvelope } from './tokenSeal.ts';

/** A sealed token that has no other place. */
export interface Orphan {
  /** Names it for `remove`; unique in the sink. */
  readonly id: string;
  readonly envelope: SealedEnvelope;
}

/**
 * The third place for a rotated token: used when vault and control store both refuse, and for a token
 * that lost to a newer one and may be wanted back. It has to fail independently of both (another
 * storage account, better in another region). Holds ciphertext only.
 *
 * Guaranteed: what was acknowledged is durable and listed until removed.
 *
 * Not guaranteed: order, and that a put without acknowledgement left nothing behind.
 */
export interface OrphanSink {
  put(grantId: string, envelope: SealedEnvelope): Promise<{ readonly ok: true } | StoreFailure>;
  list(grantId: string): Promise<{ readonly ok: true; readonly orphans: readonly Orphan[] } | StoreFailure>;
  remove(grantId: string, id: string): Promise<{ readonly ok: true } | StoreFailure>;
}
