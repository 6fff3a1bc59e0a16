import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { SecretReference } from '../oauth/rules/grant.ts';
import type { SealContext, SealedEnvelope } from './rules/sealedEnvelope.ts';

/** Proof that we were given a record's lease. It says nothing about still having it. */
export interface ControlLease {
  readonly recordId: string;
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
 * One small blob per grant, or per rotation, with a lease on it: who may work on it, and how far that work got.
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
   * `held` when another worker has it, `locked` when somebody took it for good. An acquire whose answer
   * was lost is `unavailable`: nobody has the lease in hand until it lapses.
   */
  acquire(
    recordId: string,
    leaseSeconds: number,
  ): Promise<StoreAnswer<{ readonly lease: ControlLease; readonly storeNowEpochMs: number }>>;
  /**
   * Starts the lease's time anew. `lost` when it lapsed and was taken by another; a lapsed one that
   * nobody took may be renewed.
   */
  renew(lease: ControlLease): Promise<StoreAnswer<{ readonly storeNowEpochMs: number }>>;
  /** Gives the lease back. Best effort: a lease that cannot be released lapses. */
  release(lease: ControlLease): Promise<StoreAnswer>;
  /** The current content. Needs no lease; the newest acknowledged write is always seen. */
  read(recordId: string): Promise<StoreAnswer<{ readonly snapshot: ControlSnapshot }>>;
  /**
   * Replaces the content if the lease is ours (`lost` otherwise) and the ETag is current
   * (`conflict` otherwise). Durable once acknowledged.
   */
  write(
    lease: ControlLease,
    body: string,
    etag: string | undefined,
  ): Promise<StoreAnswer<{ readonly etag: string; readonly storeNowEpochMs: number }>>;
  /**
   * Keeps a copy of a content that this program cannot read, under a name that no other copy has,
   * for a person to look at. Durable once acknowledged; the original is untouched.
   */
  archiveUnreadable(lease: ControlLease, body: string): Promise<StoreAnswer<{ readonly name: string }>>;
}

/**
 * Seals with a public key that is in memory. Synchronous: it needs no network and no thread of the pool, so nothing
 * can come between a new token and its envelope, and a token can be recorded while Key Vault is down.
 */
export type Seal = (plaintext: string, context: SealContext) => SealedEnvelope;

/**
 * Seals tokens, so that they can be kept where tokens may not be.
 *
 * Guaranteed: only the holder of the private key can open an envelope; subject and seq are authenticated
 * with it, so an envelope cannot be moved to another grant or rotation.
 *
 * Not guaranteed: that an envelope can ever be opened: that takes Key Vault and the key version it was
 * sealed with (`key_gone` when that is deleted or disabled: recover it, never replace it).
 */
export interface TokenSeal {
  /**
   * Gives what seals with the current key, and fails while nothing has been spent yet. Cheap when the
   * key is cached: the cache is no older than an hour.
   */
  prepare(): Promise<StoreAnswer<{ readonly seal: Seal }>>;
  /** Opens an envelope of this subject. The seq is read from the envelope and authenticated. */
  unseal(
    envelope: SealedEnvelope,
    subject: string,
  ): Promise<StoreAnswer<{ readonly seq: number; readonly plaintext: string }>>;
}

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
 * A Key Vault secret that Keywatch writes, where its consumers read it: a refresh token, a client's secret.
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
  readLatest(secret: SecretReference): Promise<StoreAnswer<{ readonly latest: TokenVersion }>>;
  /** One named version and its value. */
  readVersion(
    secret: SecretReference,
    version: string,
  ): Promise<StoreAnswer<{ readonly token: TokenVersion }>>;
  /**
   * Adds a version, which becomes the latest. It needs the same permission, the same name and the same
   * limits whatever the value, which is what makes writing the *current* value again a proof that the
   * next one can be written.
   */
  write(
    secret: SecretReference,
    version: NewTokenVersion,
  ): Promise<StoreAnswer<{ readonly version: string }>>;
  /** Every version without its value, in no order. Pages of 25: for healing only, not for every refresh. */
  listVersions(
    secret: SecretReference,
  ): Promise<StoreAnswer<{ readonly versions: readonly TokenVersionProperties[] }>>;
  /** Replaces tags and expiry of one version in place; adds no version. Another permission than `write`. */
  updateProperties(
    secret: SecretReference,
    version: string,
    properties: Pick<NewTokenVersion, 'tags' | 'expiresOnEpochMs'>,
  ): Promise<StoreAnswer>;
  /** Switches one version off, for readers that pin it. Its value stays in the vault. */
  disableVersion(secret: SecretReference, version: string): Promise<StoreAnswer>;
}

/** A ticket as it lies in its store. */
export interface Ticket {
  readonly body: string;
  /** For `replace`. */
  readonly etag: string;
}

/**
 * Small records of a short life that a browser holds the handle of: a sign-in or a consent that was begun, a
 * session. A ticket's id is `ticketIdOf` of its handle, so that who can read the store cannot act as the browser.
 *
 * Guaranteed: `take` gives a ticket to exactly one of all who ask, on whatever instance; what was acknowledged
 * is seen by every later read.
 *
 * Not guaranteed: that a ticket is gone when its time is up. Its end stands in its body, and whoever reads it
 * judges that; what nobody asks for any more is cleared by a rule of the storage account.
 */
export interface TicketStore {
  /** Keeps a new ticket; `conflict` where there is one of this id. */
  put(id: string, body: string): Promise<StoreAnswer>;
  /** Absent: there is none. */
  read(id: string): Promise<StoreAnswer<{ readonly ticket: Ticket | undefined }>>;
  /**
   * Gives the body and removes the ticket. Absent: there is none, or another took it. Where the answer to the
   * removal is lost nobody has it.
   */
  take(id: string): Promise<StoreAnswer<{ readonly body: string | undefined }>>;
  /** Replaces the body if the ETag is current; `conflict` where it was replaced or is gone. */
  replace(id: string, body: string, etag: string): Promise<StoreAnswer>;
  /** Gone, or never there. */
  remove(id: string): Promise<StoreAnswer>;
}
