import { FINDING_CODES } from '../../credentials/findings.ts';
import { STATUSES_WORST_FIRST } from '../../credentials/statuses.ts';
import { isoDate, readInstant } from '../../kernel/instant.ts';
import { keysOf } from '../../kernel/keysOf.ts';
import { printable } from '../../kernel/printable.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { ITEM_KINDS, type Item } from './items.ts';

/** What is shown: all of it stands in the address, so that a link shows the same to everybody. */
export interface Query {
  readonly q: string;
  readonly status: string;
  readonly kind: string;
  readonly owner: string;
  readonly where: string;
  readonly finding: string;
  /** The first day of the week in which it ends. */
  readonly week: string;
  readonly page: number;
  /** Which part of a state that is too large to be looked at as a whole, from the urgent end. */
  readonly window: number;
}

/** What `status` may be beside a status: the questions that people come with. */
export const STATUS_GROUPS = {
  broken: { words: 'broken now' },
  attention: { words: 'needs attention' },
  finding: { words: 'has a finding' },
} as const;

export const STATUS_FILTERS: readonly string[] = [...keysOf(STATUS_GROUPS), ...STATUSES_WORST_FIRST];
/** Filters for what nobody is named as the owner of. */
export const NOBODY = '(nobody)';
const LONGEST = 200;

type Reading =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly problem: string };

export const NO_QUERY: Query = {
  ...{ q: '', status: '', kind: '', owner: '', where: '', finding: '', week: '' },
  ...{ page: 1, window: 1 },
};

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  status: STATUS_FILTERS,
  kind: keysOf(ITEM_KINDS),
  finding: FINDING_CODES,
};

/** Reads the query of an address. @returns or a sentence that names what was given and what is allowed */
export const readQuery = (parameters: URLSearchParams): Reading => {
  const refuse = (name: string, given: string, allowed: string): Reading => ({
    ok: false,
    problem: `"${name}" is "${printable(given)}"; allowed: ${allowed}.`,
  });
  const said: Record<string, string> = {};
  for (const [name, value] of parameters) {
    if (!Object.hasOwn(NO_QUERY, name)) return refuse(name, value, keysOf(NO_QUERY).join(', '));
    const text = value.trim();
    if (text.length > LONGEST) return refuse(name, text, `at most ${LONGEST} characters`);
    const allowed = ALLOWED[name];
    if (text !== '' && allowed !== undefined && !allowed.includes(text))
      return refuse(name, text, allowed.join(', '));
    said[name] = text;
  }
  for (const name of ['page', 'window']) {
    const text = said[name] || '1';
    if (!/^[1-9]\d{0,5}$/.test(text)) return refuse(name, text, 'a number from 1');
  }
  const week = said['week'] ?? '';
  if (week !== '' && (!/^\d{4}-\d{2}-\d{2}$/.test(week) || readInstant(week) === undefined))
    return refuse('week', week, 'a day like 2026-12-31');
  const numbers = { page: Number(said['page'] || 1), window: Number(said['window'] || 1) };
  return { ok: true, query: { ...NO_QUERY, ...said, ...numbers } };
};

/** The address of a query on a path of ours: what is as usual is left out. */
export const addressOf = (path: string, query: Partial<Query>): string => {
  const said = Object.entries(query).filter(
    ([name, value]) => value !== '' && value !== NO_QUERY[name as keyof Query],
  );
  const text = new URLSearchParams(
    said.map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return text === '' ? path : `${path}?${text}`;
};

export const isFiltered = (query: Query): boolean => addressOf('', { ...query, page: 1, window: 1 }) !== '';

export const matches = (query: Query): ((item: Item) => boolean) => {
  const wanted = query.q.toLowerCase();
  const from = query.week === '' ? undefined : Date.parse(`${query.week}T00:00:00Z`);
  return (item) =>
    (query.kind === '' || item.kind === query.kind) &&
    (query.where === '' || item.where === query.where) &&
    (query.owner === '' || (item.owner ?? NOBODY) === query.owner) &&
    (query.finding === '' || item.findings.some(({ code }) => code === query.finding)) &&
    (query.status === '' || hasStatus(item, query.status)) &&
    (from === undefined || isWithin(item.endsEpochMs, from)) &&
    (wanted === '' || textOf(item).includes(wanted));
};

const isWithin = (endsEpochMs: number | undefined, from: number): boolean =>
  endsEpochMs !== undefined && endsEpochMs >= from && endsEpochMs < from + 7 * DAY_MS;

const hasStatus = (item: Item, status: string): boolean => {
  if (status === 'broken') return item.isBroken;
  if (status === 'attention') return item.needsAction;
  if (status === 'finding') return item.findings.length > 0;
  return item.status === status;
};

const textOf = ({ id, owner = '', where, words, endsEpochMs, credential }: Item): string =>
  [id, owner, where, words, credential?.appId, endsEpochMs === undefined ? '' : isoDate(endsEpochMs)]
    .join('\n')
    .toLowerCase();
