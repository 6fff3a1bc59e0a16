import { eachOf } from '../kernel/eachOf.ts';
import type { StoreFailure } from '../kernel/storeFailure.ts';
import type { PieceStore } from './ports.ts';
import { SUBJECTS_PREFIX, subjectsPiece } from './recordEvents.ts';
import { TARGETS_PREFIX } from './recordScan.ts';
import { type HistoryLine, historyPiecesOf, readHistory } from './rules/history.ts';
import {
  type CredentialRecord,
  type Part,
  readPart,
  readTargetState,
  type TargetState,
} from './rules/records.ts';
import { SHARDS } from './rules/shard.ts';
import { readSubjects, type Subjects } from './rules/subjects.ts';
import { readUses, type Uses } from './rules/uses.ts';
import { MOST_AS_A_WHOLE } from './rules/windows.ts';

/** What the logs of a workspace said of the use of credentials. */
export const USES_PIECE = 'uses.json';

/** What is known of everything but credentials: small, however many there are. */
export interface StateIndex {
  readonly targets: readonly TargetState[];
  /** When what should say how a target stands was written, where it is nothing of ours. */
  readonly damagedEpochMs: readonly number[];
  readonly subjects: Subjects;
  /** Absent: no log was asked. */
  readonly uses: Uses | undefined;
  /** Why some of it could not be read; what could be is here. */
  readonly failure: StoreFailure | undefined;
}

export interface ReadParts {
  readonly credentials: readonly CredentialRecord[];
  /** How many parts could not be read. */
  readonly unread: number;
}

export interface StateReader {
  readIndex(): Promise<StateIndex>;
  /** The credentials of these parts, which stay in memory for the next page. */
  readParts(parts: readonly Part[]): Promise<ReadParts>;
  /** The same for more than memory bears: some parts at a time, in their order. */
  readThrough(parts: readonly Part[]): AsyncIterable<ReadParts>;
  /** Newest first; empty where it cannot be read. */
  readHistoryOf(id: string, nowEpochMs: number): Promise<readonly HistoryLine[]>;
}

const AT_ONCE = 16;
/** Credentials that are kept in memory between pages: those of a page, and some that were replaced since. */
const MOST_CACHED = MOST_AS_A_WHOLE + 10_000;

/** Reads the state that scans and events leave. What has not changed since the last page is not read again. */
export const stateReader = (store: PieceStore): StateReader => {
  const cached = new Map<string, { readonly etag: string; readonly value: unknown }>();
  const parts = new Map<string, readonly CredentialRecord[]>();

  /** Every piece of a prefix as `read` has it, by its name. */
  const readAll = async <T>(prefix: string, read: (text: string) => T) => {
    const listed = await store.list(prefix);
    if (!listed.ok) return { values: new Map<string, T>(), pieces: [], failure: listed };
    const values = new Map<string, T>();
    let failure: StoreFailure | undefined;
    await eachOf(listed.pieces, AT_ONCE, async ({ name, etag }) => {
      const known = cached.get(name);
      if (known?.etag === etag) return void values.set(name, known.value as T);
      const answer = await store.read(name);
      if (!answer.ok) failure = answer;
      else if (answer.piece !== undefined) {
        const value = read(answer.piece.text);
        cached.set(name, { etag: answer.piece.etag, value });
        values.set(name, value);
      }
    });
    return { values, pieces: listed.pieces, failure };
  };

  const readOne = async (part: Part): Promise<readonly CredentialRecord[] | undefined> => {
    const known = parts.get(part.name);
    if (known !== undefined) return known;
    const answer = await store.read(part.name);
    return answer.ok && answer.piece !== undefined ? readPart(answer.piece.text, part) : undefined;
  };

  const readAtOnce = async (
    wanted: readonly Part[],
    keep: (name: string, credentials: readonly CredentialRecord[]) => void,
  ): Promise<ReadParts> => {
    const read: (readonly CredentialRecord[] | undefined)[] = [];
    await eachOf(wanted, AT_ONCE, async (part, index) => {
      const credentials = await readOne(part);
      read[index] = credentials;
      if (credentials !== undefined) keep(part.name, credentials);
    });
    return {
      credentials: read.flatMap((credentials) => credentials ?? []),
      unread: read.filter((credentials) => credentials === undefined).length,
    };
  };

  const forget = (): void => {
    let count = [...parts.values()].reduce((sum, { length }) => sum + length, 0);
    for (const [name, { length }] of parts) {
      if (count <= MOST_CACHED) return;
      parts.delete(name);
      count -= length;
    }
  };

  return {
    async readIndex() {
      const [targets, subjects, uses] = await Promise.all([
        readAll(TARGETS_PREFIX, readTargetState),
        readAll(SUBJECTS_PREFIX, readSubjects),
        readAll(USES_PIECE, readUses),
      ]);
      return {
        targets: [...targets.values.values()].filter((state) => state !== undefined),
        damagedEpochMs: targets.pieces
          .filter(({ name }) => targets.values.has(name) && targets.values.get(name) === undefined)
          .map(({ writtenEpochMs }) => writtenEpochMs),
        subjects: Object.assign({}, ...SHARDS.map((shard) => subjects.values.get(subjectsPiece(shard)))),
        uses: uses.values.get(USES_PIECE),
        failure: targets.failure ?? subjects.failure ?? uses.failure,
      };
    },
    async readParts(wanted) {
      const read = await readAtOnce(wanted, (name, credentials) => parts.set(name, credentials));
      forget();
      return read;
    },
    async *readThrough(wanted) {
      for (let from = 0; from < wanted.length; from += AT_ONCE)
        yield await readAtOnce(wanted.slice(from, from + AT_ONCE), () => {});
    },
    async readHistoryOf(id, nowEpochMs) {
      const answers = await Promise.all(historyPiecesOf(id, nowEpochMs).map((name) => store.readLines(name)));
      return answers.flatMap((answer) => (answer.ok ? readHistory(answer.text, id) : []));
    },
  };
};
