import type { SourceName } from '../credentials/sources.ts';
import type { Failure } from '../kernel/failure.ts';
import type { StoreAnswer } from '../kernel/storeFailure.ts';
import type { User } from './rules/uses.ts';

export interface Piece {
  readonly text: string;
  /** For the next conditional write. */
  readonly etag: string;
}

export interface ListedPiece {
  readonly name: string;
  readonly etag: string;
  /** When it was last written, by whomever; by the store's clock. */
  readonly writtenEpochMs: number;
}

/**
 * Texts under names, with `/` in them: what the board shows.
 *
 * Guaranteed: a write with an ETag replaces what was read and nothing newer; what was appended is whole lines.
 * Not guaranteed: that two pieces are of one moment.
 */
export interface PieceStore {
  /** Every piece whose name begins so. */
  list(prefix: string): Promise<StoreAnswer<{ readonly pieces: readonly ListedPiece[] }>>;
  /** Absent: there is none. What somebody else put there has no text, and can be replaced as any other. */
  read(name: string): Promise<StoreAnswer<{ readonly piece: Piece | undefined }>>;
  /** Replaces the piece of this ETag, or makes one where there is none; `conflict` otherwise. */
  write(name: string, text: string, etag: string | undefined): Promise<StoreAnswer>;
  /** Adds lines at the end of a piece that is read by {@link PieceStore.readLines} alone. */
  append(name: string, lines: string): Promise<StoreAnswer>;
  /** What was appended; empty where nothing was. */
  readLines(name: string): Promise<StoreAnswer<{ readonly text: string }>>;
  /** With an ETag that one alone; `conflict` otherwise. */
  remove(name: string, etag?: string): Promise<StoreAnswer>;
}

/** The last use of one object by one caller. */
export interface LoggedUse extends User {
  /** An object of a vault, `HOST/secrets/NAME`, or the key id of a credential of an application; lower case. */
  readonly object: string;
}

export type UseAnswer =
  | {
      readonly ok: true;
      readonly uses: readonly LoggedUse[];
      /** The days on which a log has a row at all, by the host of a vault, or `entra`. */
      readonly days: ReadonlyMap<string, readonly number[]>;
    }
  | Failure;

/** The logs of a workspace that say who used what. */
export interface UseLogs {
  /**
   * Who used what of a source, as far back as 92 days. What Keywatch's own identities did is not among it. Never
   * rejects; an answer from which something is missing is a failure.
   *
   * Not guaranteed: that the last minutes to hours are in it.
   */
  read(source: SourceName): Promise<UseAnswer>;
}
