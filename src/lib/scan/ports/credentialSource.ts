import type { SourceName } from '../../credentials/sources.ts';
import type { Failure } from '../../kernel/failure.ts';
import type { VaultPolicy } from '../rules/assess.ts';
import type { OnPage } from './inventory.ts';

/** Why a source could not be asked, with the words for people filled in by whoever met the error. */
export interface SourceFailure extends Failure {
  /** Stable, for queries; of the heartbeat. */
  readonly reason: string;
}

export type SourceListing =
  | { readonly ok: true; readonly pages: number }
  /** Stopped half-way: what was handed over until then is not the whole target. */
  | { readonly ok: false; readonly pages: number; readonly failure: SourceFailure };

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
  /** How a target is called and judged. */
  policyOf(target: string): VaultPolicy;
  /** Lists everything in one target, page after page, holding one page in memory at a time. */
  list(target: string, onPage: OnPage, signal: AbortSignal): Promise<SourceListing>;
}
