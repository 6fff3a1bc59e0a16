import type { StoreFailure } from '../../kernel/storeFailure.ts';
import type { SealedEnvelope } from './tokenSeal.ts';

/** A sealed token that has no other place. */
export interface KeptEnvelope {
  /** Names it for `remove`; unique in the sink. */
  readonly id: string;
  readonly envelope: SealedEnvelope;
}

/** A bounded part of what the sink holds for a grant. */
export interface FallbackPage {
  readonly fallback: readonly KeptEnvelope[];
  /** For the next page. Absent: there is none. */
  readonly next: string | undefined;
}

/**
 * The third place for a rotated token: used when vault and control store both refuse, and for a token
 * that lost to a newer one and may be wanted back. It has to fail independently of both (another
 * storage account, better in another region). Holds ciphertext only.
 *
 * Guaranteed: what was acknowledged is durable and listed until removed, or until whoever runs the store
 * clears it out by age. Pages come with the highest sequence number first.
 *
 * Not guaranteed: order within a page, that an envelope is one of ours, and that a put without
 * acknowledgement left nothing behind.
 */
export interface FallbackStore {
  put(grantId: string, envelope: SealedEnvelope): Promise<{ readonly ok: true } | StoreFailure>;
  /**
   * One page of the envelopes above a sequence number; lower ones may be among them.
   * @param from `next` of the page before; absent: the first page
   */
  list(
    grantId: string,
    aboveSeq: number,
    from?: string,
  ): Promise<({ readonly ok: true } & FallbackPage) | StoreFailure>;
  remove(grantId: string, id: string): Promise<{ readonly ok: true } | StoreFailure>;
}
