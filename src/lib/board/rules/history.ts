import { isInstant, isoDate } from '../../kernel/instant.ts';
import { isRecord } from '../../kernel/isRecord.ts';
import { jsonOf } from '../../kernel/json.ts';
import { wordsOf } from '../../kernel/wordsOf.ts';
import type { CredentialRecord } from './records.ts';
import { shardOf } from './shard.ts';

/** One change of a credential, grant, client or rotation, as a line of its history. */
export interface HistoryLine {
  readonly atEpochMs: number;
  readonly id: string;
  /** In words: `status: valid → warning`. */
  readonly what: string;
}

/** How far back a page looks; older pieces are removed by a rule of the storage account. */
const HISTORY_MONTHS = 13;

const monthOf = (epochMs: number): string => isoDate(epochMs).slice(0, 7);

/** The piece that holds what happened to a subject in that month: sixteen a month, whatever the number of subjects. */
const pieceOf = (id: string, month: string): string => `history/${month}/${shardOf(id)}.jsonl`;

/** What to add to which piece. */
export const historyPieces = (lines: readonly HistoryLine[]): ReadonlyMap<string, string> => {
  const pieces = new Map<string, string>();
  for (const line of lines) {
    const name = pieceOf(line.id, monthOf(line.atEpochMs));
    pieces.set(name, `${pieces.get(name) ?? ''}${JSON.stringify(line)}\n`);
  }
  return pieces;
};

/** The pieces that may know of a subject, newest first. */
export const historyPiecesOf = (id: string, nowEpochMs: number): readonly string[] => {
  const now = new Date(nowEpochMs);
  return Array.from({ length: HISTORY_MONTHS }, (_, back) =>
    pieceOf(id, monthOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1))),
  );
};

/** The lines of one subject, newest first; what is no line is left out. */
export const readHistory = (text: string, id: string): HistoryLine[] =>
  text
    .split('\n')
    .filter((line) => line.includes(JSON.stringify(id)))
    .map(jsonOf)
    .filter(isHistoryLine)
    .filter((line) => line.id === id)
    .reverse();

const isHistoryLine = (value: unknown): value is HistoryLine =>
  isRecord(value) &&
  typeof value['atEpochMs'] === 'number' &&
  isInstant(value['atEpochMs']) &&
  typeof value['id'] === 'string' &&
  typeof value['what'] === 'string';

/** What a history speaks of, in its order. */
export type Traits = Readonly<Record<string, string | undefined>>;

export const traitsOf = (one: CredentialRecord): Traits => ({
  status: wordsOf(one.status),
  'asks for nothing': one.suppressed && wordsOf(one.suppressed),
  version: one.version,
  'made on': one.createdEpochMs === undefined ? undefined : isoDate(one.createdEpochMs),
  'ends on': one.expiresOnEpochMs === undefined ? undefined : isoDate(one.expiresOnEpochMs),
  owner: one.owner,
});

/** What differs, in words; absent where nothing does. */
const changeBetween = (before: Traits, after: Traits): string | undefined => {
  const changed = Object.keys(after).filter((trait) => before[trait] !== after[trait]);
  if (changed.length === 0) return undefined;
  return changed.map((trait) => `${trait}: ${before[trait] ?? '-'} → ${after[trait] ?? '-'}`).join('; ');
};

/** What happened between two complete scans of a target. */
export const historyBetween = (
  before: readonly CredentialRecord[],
  after: ReadonlyMap<string, Traits>,
  atEpochMs: number,
): HistoryLine[] => {
  const known = new Set(before.map(({ credentialId }) => credentialId));
  const seen = before.flatMap((record) => {
    const { credentialId: id } = record;
    const traits = after.get(id);
    const what = traits === undefined ? 'gone' : changeBetween(traitsOf(record), traits);
    return what === undefined ? [] : [{ atEpochMs, id, what }];
  });
  const appeared = [...after.keys()].filter((id) => !known.has(id));
  return [...seen, ...appeared.map((id) => ({ atEpochMs, id, what: 'appeared' }))];
};
