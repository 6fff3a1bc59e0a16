/**
 * Why a store did not do what it was asked, in the same words for all of them.
 *
 * - `unavailable`: no answer, or one that says "later" (network, timeout, 5xx). Waiting can help.
 * - `throttled`: 429; `retryAfterSeconds` where the store named a time.
 * - `forbidden`: our identity may not, or a firewall says so.
 * - `not_found`: there is no such secret, version or key.
 * - `deleted`: soft-deleted: the name exists and can neither be read nor written until recovered.
 * - `disabled`: the version was switched off by a person.
 * - `rejected`: the store refuses this content for good (too long, too many tags, bad name).
 * - `held`: somebody else holds the lease. `lost`: our own lease is no longer ours.
 * - `conflict`: the content changed since it was read (ETag).
 * - `key_gone`: the key that could open an envelope is deleted, disabled, outside its dates, or may not be
 *   used by us or for that.
 * - `key_expired`, `key_not_yet_valid`, `key_operation_forbidden`: Key Vault does not let the client's key sign:
 *   its end has passed, its beginning has not come, or its permitted operations leave signing out.
 * - `tampered`: an envelope does not open: damaged, cut off, or made for another grant.
 */
export type StoreFailureCode =
  | 'unavailable'
  | 'throttled'
  | 'forbidden'
  | 'not_found'
  | 'deleted'
  | 'disabled'
  | 'rejected'
  | 'held'
  | 'lost'
  | 'conflict'
  | 'key_gone'
  | 'key_expired'
  | 'key_not_yet_valid'
  | 'key_operation_forbidden'
  | 'tampered';

/** An expected failure of a store. Returned, never thrown; holds no token and no part of one. */
export interface StoreFailure {
  readonly ok: false;
  readonly store:
    | 'vault'
    | 'control'
    | 'seal'
    | 'watchdog'
    | 'fallback'
    | 'client_credential'
    | 'dispatch'
    | 'job_runs'
    | 'poison_queue';
  readonly code: StoreFailureCode;
  readonly permanence: 'permanent' | 'transient';
  /** One sentence for people: what was asked of which object, and what the store said. */
  readonly detail: string;
  /** What to do, in one sentence, where the adapter knows better than the code alone says. */
  readonly action?: string | undefined;
  /**
   * True when the write may have been carried out although it was not acknowledged: a lost answer, a
   * timeout. Only reading back tells. Always false for reads and for refusals.
   */
  readonly mayHaveLanded: boolean;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}
