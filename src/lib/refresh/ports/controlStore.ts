import type { StoreFailure } from '../../kernel/storeFailure.ts';

/** Proof that we were given a grant's lease. It says nothing about still having it. */
export interface ControlLease {
  readonly grantId: string;
  readonly leaseId: string;
}

/** The content of a control blob at one instant. */
export interface ControlSnapshot {
  /** Absent: there is no blob yet, or an empty one. */
  readonly body: string | undefined;
  /** For the next conditional write. Absent with no blob. */
  readonly etag: string | undefined;
  /** The store's own clock (`Date` header): the only one that workers share. */
  readonly storeNowEpochMs: number;
}

/**
 * One small blob per grant with a lease on it: who may work on the grant, and how far that work got.
 *
 * Guaranteed: at most one holder of a lease at a time, by the store's clock. A write succeeds only
 * with the current lease **and** the current ETag, so a worker that was overtaken cannot change
 * what its successor wrote. What was acknowledged survives the loss of this process and is seen by
 * every later read.
 *
 * Not guaranteed: that the holder of a lease is still working, or that a holder notices when its
 * lease has lapsed: it has to watch its own monotonic clock (`renew` and stop early). The
 * lease protects this blob only; the vault and the authorization server know nothing of it. A
 * write that failed with `mayHaveLanded` may be there or not: read again.
 *
 * No method throws for what a store may answer, and none retries by itself beyond 5 s.
 */
export interface ControlStore {
  /**
   * Takes the lease for `leaseSeconds` (15 to 60), creating an empty blob when there is none.
   * `held` when somebody else has it. An acquire whose answer was lost is `unavailable`: nobody
   * has the lease in hand until it lapses.
   */
  acquire(
    grantId: string,
    leaseSeconds: number,
  ): Promise<
    { readonly ok: true; readonly lease: ControlLease; readonly storeNowEpochMs: number } | StoreFailure
  >;
  /**
   * Starts the lease's time anew. `lost` when it lapsed and was taken by another; a lapsed one that
   * nobody took may be renewed.
   */
  renew(lease: ControlLease): Promise<{ readonly ok: true; readonly storeNowEpochMs: number } | StoreFailure>;
  /** Gives the lease back. Best effort: a lease that cannot be released lapses. */
  release(lease: ControlLease): Promise<{ readonly ok: true } | StoreFailure>;
  /** The current content. Needs no lease; the newest acknowledged write is always seen. */
  read(grantId: string): Promise<{ readonly ok: true; readonly snapshot: ControlSnapshot } | StoreFailure>;
  /**
   * Replaces the content if the lease is ours (`lost` otherwise) and the ETag is current
   * (`conflict` otherwise). Durable once acknowledged.
   */
  write(
    lease: ControlLease,
    body: string,
    etag: string | undefined,
  ): Promise<{ readonly ok: true; readonly etag: string; readonly storeNowEpochMs: number } | StoreFailure>;
  /**
   * Keeps a copy of a content that this program cannot read, under a name that no other copy has,
   * for a person to look at. Durable once acknowledged; the original is untouched.
   */
  archiveUnreadable(
    lease: ControlLease,
    body: string,
  ): Promise<{ readonly ok: true; readonly name: string } | StoreFailure>;
}
