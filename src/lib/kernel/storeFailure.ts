import type { Failure } from './failure.ts';

const PASSES = 'Nothing now: it is tried again';

/** Why a store did not do what it was asked, in the same words for all of them, and what to do unless more is known. */
const REASONS = {
  /** No answer, or one that says "later" (network, timeout, 5xx). */
  unavailable: { retryable: true, action: `${PASSES}.` },
  /** 429; `retryAfterSeconds` where the store named a time. */
  throttled: { retryable: true, action: `${PASSES}; if it lasts, look who else uses this store so much.` },
  /** Our identity may not, or a firewall says so. */
  forbidden: {
    retryable: false,
    action: "Give Keywatch's identity its role on this object again, or open the firewall to it.",
  },
  /** There is no such secret, version or key. */
  not_found: { retryable: false, action: 'Make the object again, or correct its name in the settings.' },
  /** Soft-deleted: the name exists and can neither be read nor written until recovered. */
  deleted: { retryable: false, action: 'Recover the soft-deleted object first.' },
  /** The version was switched off by a person. */
  disabled: { retryable: false, action: 'Switch the object on again.' },
  /** The store refuses this content for good (too long, too many tags, bad name). */
  rejected: { retryable: false, action: 'Make what is written fit the limits of the store.' },
  /** Somebody else holds the lease. */
  held: { retryable: true, action: 'Nothing: another worker has the lease.' },
  /** Nobody may change it: a lease without an end, an immutability policy, a legal hold, the archive tier. */
  locked: { retryable: false, action: 'Take the lock off the object.' },
  /** Our own lease is no longer ours. */
  lost: { retryable: true, action: `${PASSES}.` },
  /** The content changed since it was read (ETag). */
  conflict: { retryable: true, action: `${PASSES}.` },
  /** The key that could open an envelope is deleted, disabled, outside its dates, or not for that. */
  key_gone: {
    retryable: false,
    action: 'Recover the sealing key in Key Vault, with the version that was used; do not replace it.',
  },
  /** Key Vault does not let the client's key sign: its end has passed. */
  key_expired: {
    retryable: false,
    action: 'Make a new version of the key and give its public part to the provider, or move its end.',
  },
  /** The same: its beginning has not come. */
  key_not_yet_valid: { retryable: false, action: 'Wait until the key begins, or let it begin earlier.' },
  /** The same: its permitted operations leave signing out. */
  key_operation_forbidden: { retryable: false, action: 'Permit the operation on this key.' },
  /** An envelope does not open: damaged, cut off, or made for another grant. */
  tampered: {
    retryable: false,
    action:
      'Look at the control blob, its copies and the fallback store: a sealed token there does not open.',
  },
} as const satisfies Record<string, { readonly retryable: boolean; readonly action: string }>;

export type StoreFailureReason = keyof typeof REASONS;

export type StoreName =
  | 'vault'
  | 'control'
  | 'seal'
  | 'watchdog'
  | 'fallback'
  | 'sealed_secret'
  | 'client_credential'
  | 'dispatch'
  | 'job_runs'
  | 'poison_queue'
  | 'tickets'
  | 'board_state';

export interface StoreFailure extends Failure {
  readonly reason: StoreFailureReason;
  /**
   * True when the write may have been carried out although it was not acknowledged: a lost answer, a
   * timeout. Only reading back tells. Always false for reads and for refusals.
   */
  readonly mayHaveLanded: boolean;
}

/** What a store answers: that it did it, with what was found where something was, or why not. */
export type StoreAnswer<Found extends object = object> = ({ readonly ok: true } & Found) | StoreFailure;

/** What is to be said of one failure; the rest follows from its reason. */
type Words = Pick<StoreFailure, 'message'> &
  Partial<Pick<StoreFailure, 'action' | 'mayHaveLanded' | 'cause'>>;

export const storeFailure = (store: StoreName, reason: StoreFailureReason, words: Words): StoreFailure => ({
  ok: false,
  code: `${store}_${reason}`,
  reason,
  ...REASONS[reason],
  mayHaveLanded: false,
  ...words,
});
