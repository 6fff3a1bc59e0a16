import type { StoreAnswer } from '../kernel/storeFailure.ts';

export interface Piece {
  readonly text: string;
  /** For the next conditional write. */
  readonly etag: string;
}

export interface ListedPiece {
  readonly name: string;
  readonly etag: string;
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
  /** Absent: there is none. */
  read(name: string): Promise<StoreAnswer<{ readonly piece: Piece | undefined }>>;
  /** Replaces the piece of this ETag, or makes one where there is none; `conflict` otherwise. */
  write(name: string, text: string, etag: string | undefined): Promise<StoreAnswer>;
  /** Adds lines at the end of a piece that is read by {@link PieceStore.readLines} alone. */
  append(name: string, lines: string): Promise<StoreAnswer>;
  /** What was appended; empty where nothing was. */
  readLines(name: string): Promise<StoreAnswer<{ readonly text: string }>>;
  remove(name: string): Promise<StoreAnswer>;
}
