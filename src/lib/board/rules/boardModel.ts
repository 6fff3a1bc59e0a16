import { FINDING_CODES, type FindingCode } from '../../credentials/findings.ts';
import { isoDate } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { Coverage } from './coverage.ts';
import { hasEnd, type Item } from './items.ts';
import { matches, NOBODY, type Query } from './query.ts';
import { byUrgency } from './urgency.ts';

/** Rows of a page of the board. */
export const ROWS = 50;
/** Rows under each question of the first screen. */
const MOST_FIRST = 5;
/** How far ahead a page looks. */
export const TIMELINE_DAYS = 180;

/** Everything that a page or a report shows, before it is filtered. */
export interface BoardFacts {
  readonly nowEpochMs: number;
  readonly items: readonly Item[];
  readonly coverage: readonly Coverage[];
  /** Credentials that the state has. */
  readonly total: number;
  /** Of those, how many were not looked at: the least urgent ones of a very large state. */
  readonly omitted: number;
  /** How many windows of credentials there are: more than one where the state is too large to be looked at as a whole. */
  readonly windows: number;
  /** Sentences about what could not be shown. */
  readonly notes: readonly string[];
}

export interface Week {
  readonly from: string;
  readonly count: number;
  /** Of those, how many need somebody to act by their status of today. */
  readonly attention: number;
}

export interface OwnerRow {
  readonly owner: string;
  readonly broken: number;
  readonly attention: number;
  readonly findings: number;
  readonly all: number;
  readonly nextEpochMs: number | undefined;
}

export interface BoardModel extends BoardFacts {
  readonly query: Query;
  /** What broke last is first: that is what people are called for. */
  readonly broken: { readonly count: number; readonly first: readonly Item[] };
  readonly next: { readonly count: number; readonly first: readonly Item[] };
  readonly unseen: readonly Coverage[];
  readonly weeks: readonly Week[];
  readonly rows: readonly Item[];
  readonly found: number;
  readonly pages: number;
  readonly owners: readonly OwnerRow[];
  readonly findings: readonly { readonly code: FindingCode; readonly items: readonly Item[] }[];
  /** What a filter may be. */
  readonly choices: { readonly owners: readonly string[]; readonly places: readonly string[] };
}

/** What the pages say of the facts, for one query. @param rowsOfPage all of them in a file */
export const boardModel = (facts: BoardFacts, query: Query, rowsOfPage = ROWS): BoardModel => {
  const { nowEpochMs, coverage } = facts;
  const items = facts.items.toSorted(byUrgency);
  const broken = items.filter(({ isBroken }) => isBroken).toSorted((one, other) => endOf(other) - endOf(one));
  const next = nextToEnd(items, nowEpochMs);
  const rows = items.filter(matches(query));
  const owners = ownersOf(items, nowEpochMs);
  const pages = Math.max(1, Math.ceil(rows.length / rowsOfPage));
  const page = Math.min(query.page, pages);
  return {
    ...facts,
    query: { ...query, page, window: Math.min(query.window, facts.windows) },
    broken: { count: broken.length, first: broken.slice(0, MOST_FIRST) },
    next: { count: next.length, first: next.slice(0, MOST_FIRST) },
    unseen: coverage.filter(({ severity }) => severity !== 'ok'),
    weeks: weeksOf(items, nowEpochMs),
    rows: rows.slice((page - 1) * rowsOfPage, page * rowsOfPage),
    found: rows.length,
    pages,
    owners,
    findings: findingsOf(items),
    choices: {
      owners: owners.map(({ owner }) => owner),
      places: [...new Set(items.map(({ where }) => where))].toSorted(),
    },
  };
};

const endOf = ({ endsEpochMs }: Item): number => endsEpochMs ?? Number.MAX_SAFE_INTEGER;

/** Which items have a finding, by the order of codes. */
const findingsOf = (items: readonly Item[]): BoardModel['findings'] => {
  const holders = new Map<FindingCode, Set<Item>>();
  for (const item of items)
    for (const { code } of item.findings) {
      const those = holders.get(code) ?? new Set();
      holders.set(code, those.add(item));
    }
  return FINDING_CODES.flatMap((code) => {
    const those = holders.get(code);
    return those === undefined ? [] : [{ code, items: [...those] }];
  });
};

/** What ends within the timeline and is not suppressed, soonest first. */
const nextToEnd = (items: readonly Item[], nowEpochMs: number): Item[] =>
  items
    .filter((item) => isAhead(item, nowEpochMs))
    .toSorted((one, other) => (one.endsEpochMs ?? 0) - (other.endsEpochMs ?? 0));

const isAhead = (item: Item, nowEpochMs: number): boolean =>
  hasEnd(item) &&
  (item.endsEpochMs ?? 0) > nowEpochMs &&
  (item.endsEpochMs ?? 0) <= nowEpochMs + TIMELINE_DAYS * DAY_MS;

/** The weeks of the timeline, from Monday to Monday in UTC, empty ones too. */
const weeksOf = (items: readonly Item[], nowEpochMs: number): Week[] => {
  const today = Date.parse(isoDate(nowEpochMs));
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY_MS;
  const byWeek = Map.groupBy(
    items.filter((item) => isAhead(item, nowEpochMs)),
    ({ endsEpochMs = 0 }) => Math.floor((endsEpochMs - monday) / (7 * DAY_MS)),
  );
  return Array.from({ length: Math.ceil(TIMELINE_DAYS / 7) + 1 }, (_, index) => {
    const ending = byWeek.get(index) ?? [];
    return {
      from: isoDate(monday + index * 7 * DAY_MS),
      count: ending.length,
      attention: ending.filter(({ needsAction }) => needsAction).length,
    };
  });
};

/** Whose work there is most of first. */
const ownersOf = (items: readonly Item[], nowEpochMs: number): OwnerRow[] =>
  [...Map.groupBy(items, ({ owner }) => owner ?? NOBODY)]
    .map(([owner, theirs]) => ({
      owner,
      broken: theirs.filter(({ isBroken }) => isBroken).length,
      attention: theirs.filter(({ needsAction }) => needsAction).length,
      findings: theirs.reduce((sum, { findings }) => sum + findings.length, 0),
      all: theirs.length,
      nextEpochMs: nextToEnd(theirs, nowEpochMs)[0]?.endsEpochMs,
    }))
    .toSorted(
      (one, other) =>
        other.broken - one.broken ||
        other.attention - one.attention ||
        other.findings - one.findings ||
        (one.owner < other.owner ? -1 : 1),
    );
