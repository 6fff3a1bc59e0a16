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

/** What the logs of a workspace said of the use of credentials. */
export const USES_PIECE = 'uses.json';

/** What is known of everything but credentials: small, however many there are. */
export interface StateIndex {
  readonly targets: readonly TargetState[];
  readonly subjects: Subjects;
  /** Absent: no log was asked. */
  readonly uses: Uses | undefined;
  /** Why some of it could not be read; what could be is here. */
  readonly failure: StoreFailure | undefined;
}

export interface StateReader {
  readIndex(): Promise<StateIndex>;
  /** The credentials of these parts, and how many parts could not be read. */
  readParts(
    parts: readonly Part[],
  ): Promise<{ readonly credentials: CredentialRecord[]; readonly unread: number }>;
  /** Newest first; empty where it cannot be read. */
  readHistoryOf(id: string, nowEpochMs: number): Promise<readonly HistoryLine[]>;
}

const AT_ONCE = 16;
/** Parts that are kept in memory between pages: some 60,000 credentials. */
const MOST_CACHED_PARTS = 12;

/** Reads the state that scans and events leave. What has not changed since the last page is not read again. */
export const stateReader = (store: PieceStore): StateReader => {
  const cached = new Map<string, { readonly etag: string; readonly value: unknown }>();
  const parts = new Map<string, readonly CredentialRecord[]>();

  /** Every piece of a prefix as `read` has it, by its name. */
  const readAll = async <T>(prefix: string, read: (text: string) => T) => {
    const listed = await store.list(prefix);
    if (!listed.ok) return { values: new Map<string, T>(), failure: listed };
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
    return { values, failure };
  };

  const readOne = async ({ name }: Part): Promise<readonly CredentialRecord[] | undefined> => {
    const known = parts.get(name);
    if (known !== undefined) return known;
    const answer = await store.read(name);
    if (!answer.ok || answer.piece === undefined) return undefined;
    const credentials = readPart(answer.piece.text);
    parts.set(name, credentials);
    for (const oldest of [...parts.keys()].slice(0, Math.max(0, parts.size - MOST_CACHED_PARTS)))
      parts.delete(oldest);
    return credentials;
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
        subjects: Object.assign({}, ...SHARDS.map((shard) => subjects.values.get(subjectsPiece(shard)))),
        uses: uses.values.get(USES_PIECE),
        failure: targets.failure ?? subjects.failure ?? uses.failure,
      };
    },
    async readParts(wanted) {
      const read = await Promise.all(wanted.map(readOne));
      return {
        credentials: read.flatMap((credentials) => credentials ?? []),
        unread: read.filter((credentials) => credentials === undefined).length,
      };
    },
    async readHistoryOf(id, nowEpochMs) {
      const answers = await Promise.all(historyPiecesOf(id, nowEpochMs).map((name) => store.readLines(name)));
      return answers.flatMap((answer) => (answer.ok ? readHistory(answer.text, id) : []));
    },
  };
};
