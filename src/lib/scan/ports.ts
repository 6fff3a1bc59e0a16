import type { AzureAnswer, PagedListing } from '../azure/azureErrorReason.ts';
import type { SourceName } from '../credentials/sources.ts';
import type { Failure } from '../kernel/failure.ts';
import type { StoreAnswer, StoreFailure } from '../kernel/storeFailure.ts';
import type { VaultPolicy } from './rules/assess.ts';
import type { Assessment, CredentialMetadata, VaultObjectKind } from './rules/credential.ts';
import type { RenewalPolicy } from './rules/renewal.ts';
import type { ScanRequest } from './rules/scanRequest.ts';
import type { TargetScan } from './scanTarget.ts';

/** Why a source could not be asked, with the words for people filled in by whoever met the error. */
export interface SourceFailure extends Failure {
  /** Stable, for queries; of the heartbeat. */
  readonly reason: string;
}

export type SourceListing = PagedListing<SourceFailure>;

/** What came of looking for targets that nobody named. */
export interface SourceDiscovery {
  /** How many it showed, those that are named as well among them. */
  readonly found: number;
  /** Why some or all could not be found; whatever else is known is scanned all the same. */
  readonly failure: SourceFailure | undefined;
}

export interface SourceTargets {
  /** Each once, by an id that no target of another source has: an address is one. */
  readonly targets: readonly string[];
  /** Absent where nothing was looked for. */
  readonly discovery?: SourceDiscovery | undefined;
}

/** Something that a scan reads beside the list, and does without where it may not. */
export interface FurtherReading {
  /** As in "may read …". */
  readonly what: string;
  readonly failure: SourceFailure | undefined;
}

/**
 * A place where credentials are listed without their values: Key Vault is one. The engine (messages, heartbeat,
 * counts, report, daily inventory) is the same for all. Nothing here rejects, unless `onPage` throws or rejects.
 *
 * Not guaranteed: a listing is no snapshot; what comes and goes while it runs may be in it or not.
 */
export interface CredentialSource {
  readonly name: SourceName;
  /** What is to be scanned now. */
  targets(): Promise<SourceTargets>;
  /** Whether a target is one of ours: whoever may write into the queue may name any. */
  watches(target: string): Promise<boolean>;
  /**
   * How a target is called and judged. No target of another source may have its name: the ids of credentials begin
   * with it, and telemetry knows a target by nothing else.
   */
  policyOf(target: string): VaultPolicy;
  /** What it reads beside the list itself, as far as it may; absent: nothing. */
  tryFurther?(signal: AbortSignal): Promise<readonly FurtherReading[]>;
  /** Lists everything in one target, page after page, holding one page in memory at a time. */
  list(target: string, onPage: OnPage, signal: AbortSignal): Promise<SourceListing>;
  /** What the policy of one of its credentials says of renewal; absent where it has no such policies. */
  readonly renewalPolicy?: (
    target: string,
    one: Pick<CredentialMetadata, 'kind' | 'name'>,
    signal: AbortSignal,
  ) => Promise<PolicyReading>;
  /** All versions of one of its credentials; absent where a credential has one. */
  readonly versions?: (
    target: string,
    one: Pick<CredentialMetadata, 'kind' | 'name'>,
    signal: AbortSignal,
  ) => Promise<VersionListing>;
}

export type PolicyReading = { readonly ok: true; readonly policy: RenewalPolicy } | SourceFailure;

export type VersionListing = AzureAnswer<{
  readonly versions: readonly CredentialMetadata[];
  /** The `Date` of the answer: Key Vault's clock. Absent when it carried none. */
  readonly serverDateEpochMs?: number | undefined;
}>;

/**
 * Takes one page of objects. A promise that it returns is waited for before the next page is asked for: so a
 * receiver that is slower than Key Vault holds the listing back instead of piling up what it was given.
 * @param serverDateEpochMs the `Date` of the page's answer: Key Vault's clock, by which a wrong local one shows
 */
export type OnPage = (
  objects: readonly CredentialMetadata[],
  serverDateEpochMs: number | undefined,
) => void | Promise<void>;

/**
 * What Key Vault tells about its objects without their values. An implementation is unable to read a
 * value: it holds no client method that could.
 *
 * Not guaranteed: a listing is no snapshot; objects that come and go while it runs may be in it or not.
 */
export interface Inventory {
  /**
   * Lists all objects of one kind in one vault, page after page, holding one page in memory at a time.
   * Retries what is worth retrying itself. Never rejects, unless `onPage` throws or rejects.
   */
  list(vaultUrl: string, kind: VaultObjectKind, onPage: OnPage, signal?: AbortSignal): Promise<PagedListing>;
  /** All versions of one object, each with its `version`. An object that does not exist has none. */
  listVersions(
    vaultUrl: string,
    kind: VaultObjectKind,
    name: string,
    signal?: AbortSignal,
  ): Promise<VersionListing>;
  /** The policy of a certificate, or the rotation policy of a key. Secrets have none. */
  renewalPolicy(
    vaultUrl: string,
    kind: Exclude<VaultObjectKind, 'secret'>,
    name: string,
    signal?: AbortSignal,
  ): Promise<AzureAnswer<{ readonly policy: RenewalPolicy }>>;
}

export type Discovery = AzureAnswer<{
  readonly vaultUrls: readonly string[];
  /** Those in which no vault is to be seen: Azure shows an empty list to who lacks the right to see. */
  readonly emptySubscriptionIds: readonly string[];
}>;

/** Finds the vaults of whole subscriptions, so that a new vault is watched without being named. */
export interface VaultDiscovery {
  /** All vaults that the caller may see in these subscriptions, by origin, sorted, each once. Never rejects. */
  discover(subscriptionIds: readonly string[]): Promise<Discovery>;
}

/** Whether an identity may read the values of a vault's secrets. `unknown` when the vault did not say. */
export type ValueAccess = 'allowed' | 'denied' | 'unknown';

/** Finds out what an identity may do beyond listing, without reading any value. */
export interface ValueAccessProbe {
  /** Asks for a secret under a name that nobody has: only the kind of refusal is looked at. Never rejects. */
  mayReadValues(vaultUrl: string): Promise<ValueAccess>;
  /** Asks for a version of this secret that nobody has, as above: a role may hold for one secret alone. Never rejects. */
  mayReadValue(secret: { readonly vaultUrl: string; readonly name: string }): Promise<ValueAccess>;
}

export type JobRunsReading = StoreAnswer<{ readonly doneEpochMs: ReadonlyMap<string, number> }>;

/**
 * What instances that come and go must know of each other's runs: when each subject was last done.
 *
 * Guaranteed: what `record` acknowledged is read by every later `read`, of any instance. Not guaranteed:
 * that only one instance does a subject; doing it twice is harmless. Nothing here rejects.
 */
export interface JobRunStore {
  /** Epoch milliseconds by subject; a subject that was never done is absent. */
  read(): Promise<JobRunsReading>;
  /** @param subject any text of up to 300 characters */
  record(subject: string, atEpochMs: number): Promise<StoreAnswer>;
}

export interface PoisonCount {
  readonly ok: true;
  readonly queue: string;
  /** About how many messages lie there; 0 when the queue was never needed. */
  readonly messages: number;
}

/** The queues of work that was given up on. */
export interface PoisonQueues {
  /** One entry per queue: its count, or why it could not be asked. Never rejects. */
  counts(): Promise<readonly (PoisonCount | StoreFailure)[]>;
}

/** Hands the scan of a vault to a worker: delivered at least once, in no order. Never rejects. */
export interface ScanDispatch {
  send(request: ScanRequest): Promise<StoreAnswer>;
}

/** Takes what one scan sees. Nothing of it rejects. */
export interface ScanRecord {
  /** A promise that it returns holds the listing back until it is kept. */
  see(assessment: Assessment): void | Promise<void>;
  end(scan: TargetScan): Promise<void>;
}

/** Keeps what scans see, for whoever asks later. Best effort: no scan fails by it. */
export interface ScanRecorder {
  begin(request: Pick<ScanRequest, 'source' | 'target'>): ScanRecord;
}
