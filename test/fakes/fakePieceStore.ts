import type { PieceStore } from '../../src/lib/board/ports.ts';
import { type StoreFailure, storeFailure } from '../../src/lib/kernel/storeFailure.ts';

export interface FakePieceStore extends PieceStore {
  readonly pieces: Map<string, { text: string; etag: string; writtenEpochMs?: number }>;
  readonly lines: Map<string, string>;
  /** How often what was called, by method. */
  readonly writes: string[];
  /** Answers everything from now on; `undefined` ends it. */
  fail(failure: StoreFailure | undefined): void;
}

const replaced = (name: string) =>
  storeFailure('board_state', 'conflict', { message: `${name} was replaced` });

/** Pieces in memory, with ETags. */
export const fakePieceStore = (): FakePieceStore => {
  const pieces: FakePieceStore['pieces'] = new Map();
  const lines = new Map<string, string>();
  const writes: string[] = [];
  let failing: StoreFailure | undefined;
  let next = 0;
  return {
    ...{ pieces, lines, writes },
    fail: (failure) => {
      failing = failure;
    },
    list: async (prefix) =>
      failing ?? {
        ok: true,
        pieces: [...pieces]
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, { etag, writtenEpochMs = 0 }]) => ({ name, etag, writtenEpochMs })),
      },
    read: async (name) => failing ?? { ok: true, piece: pieces.get(name) },
    async write(name, text, etag) {
      if (failing !== undefined) return failing;
      if (pieces.get(name)?.etag !== etag) return replaced(name);
      next += 1;
      writes.push(name);
      pieces.set(name, { text, etag: `"${next}"` });
      return { ok: true };
    },
    async append(name, more) {
      if (failing !== undefined) return failing;
      lines.set(name, (lines.get(name) ?? '') + more);
      return { ok: true };
    },
    readLines: async (name) => failing ?? { ok: true, text: lines.get(name) ?? '' },
    async remove(name, etag) {
      if (failing !== undefined) return failing;
      if (etag !== undefined && pieces.get(name)?.etag !== etag) return replaced(name);
      pieces.delete(name);
      return { ok: true };
    },
  };
};
