import type { StateReader } from './readState.ts';
import type { BoardFacts } from './rules/boardModel.ts';
import type { Item } from './rules/items.ts';
import type { CredentialRecord, Part, TargetState } from './rules/records.ts';
import { countOf, type Look, lookOf } from './rules/windows.ts';

/** What is looked for in the whole of a state that is too large to be looked at as a whole. */
export interface Search {
  readonly isWanted: (item: Item) => boolean;
  /** Whether it may be in the vault or directory of this name. */
  readonly mayBeIn: (vault: string) => boolean;
  /** When so many are found, no more are looked for. */
  readonly enough: number;
}

/** What is looked at: one of the windows, the first unless said, and what a search finds behind it. */
export interface Wanted {
  readonly window?: number | undefined;
  readonly search?: Search | undefined;
}

/** The credentials that were looked at. */
export interface Looked extends Pick<BoardFacts, 'items' | 'total' | 'omitted' | 'windows' | 'notes'> {
  /** How many parts could not be read. */
  readonly unread: number;
}

/** Reads as much of the state as a page bears, and for a search the rest in passing. */
export const lookAt = async (
  reader: Pick<StateReader, 'readParts' | 'readThrough'>,
  targets: readonly TargetState[],
  { window, search }: Wanted,
  itemOf: (record: CredentialRecord) => Item,
): Promise<Looked> => {
  const look = lookOf(partsOf(targets), window);
  const { credentials, unread } = await reader.readParts(look.parts);
  const items = credentials.map(itemOf);
  const total = countOf(look.parts) + countOf(look.others);
  const behind = countOf(look.others);
  if (search === undefined || behind === 0)
    return { items, unread, total, omitted: behind, windows: look.windows, notes: noteOf(look) };

  const found = await searchBehind(reader, targets, { look, search, itemOf, has: items });
  return {
    items: [...items, ...found.items],
    unread: unread + found.unread,
    total,
    omitted: found.isAll ? 0 : behind,
    windows: 1,
    notes: [
      found.isAll
        ? `There are ${told(total)} credentials: the list is of all of them, all else of the ${told(total - behind)} most urgent.`
        : `There are ${told(total)} credentials, and too many are like that: these are the most urgent of them.`,
    ],
  };
};

const partsOf = (targets: readonly TargetState[]): readonly Part[] =>
  targets.flatMap(({ complete }) => complete?.parts ?? []);

const told = (count: number): string => count.toLocaleString('en-US');

const noteOf = ({ parts, others, window, windows }: Look): string[] =>
  windows === 1
    ? []
    : [
        `There are ${told(countOf(parts) + countOf(others))} credentials; this is part ${window} of ${windows}, the urgent ones first.`,
      ];

interface Behind {
  readonly look: Look;
  readonly search: Search;
  readonly itemOf: (record: CredentialRecord) => Item;
  /** What the window has. */
  readonly has: readonly Item[];
}

const searchBehind = async (
  reader: Pick<StateReader, 'readParts' | 'readThrough'>,
  targets: readonly TargetState[],
  { look, search: { isWanted, mayBeIn, enough }, itemOf, has }: Behind,
): Promise<{ readonly items: readonly Item[]; readonly unread: number; readonly isAll: boolean }> => {
  const candidates = new Set(partsOf(targets.filter(({ vault }) => mayBeIn(vault))));
  const items: Item[] = [];
  let unread = 0;
  let missing = enough - has.filter(isWanted).length;
  if (missing <= 0) return { items, unread, isAll: false };
  for await (const read of reader.readThrough(look.others.filter((part) => candidates.has(part)))) {
    const more = read.credentials.map(itemOf).filter(isWanted);
    items.push(...more);
    unread += read.unread;
    missing -= more.length;
    if (missing <= 0) return { items, unread, isAll: false };
  }
  return { items, unread, isAll: true };
};
