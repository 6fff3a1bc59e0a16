import { badParameter } from './errors.ts';

/** The most that one page ever holds, and what it holds when nothing is asked for. */
export const MAX_PAGE_SIZE = 25;

export interface PageRequest {
  readonly size: number;
  /** Name (or version) that the page starts after; absent on the first page. */
  readonly after: string | undefined;
}

/** Reads `maxresults` and `$skiptoken`; refuses more than 25, as the service does. */
export const pageRequestOf = (query: URLSearchParams): PageRequest => {
  const asked = query.get('maxresults');
  const size = asked === null ? MAX_PAGE_SIZE : Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE_SIZE)
    throw badParameter(`maxresults must be from 1 to ${MAX_PAGE_SIZE}`);
  const token = query.get('$skiptoken');
  return { size, after: token === null ? undefined : Buffer.from(token, 'base64url').toString() };
};

/**
 * One page of `ordered`, by position of a key rather than by offset: an object that is added or
 * removed between two pages makes nobody else appear twice or not at all.
 */
export const pageOf = <T>(
  ordered: readonly T[],
  keyOf: (item: T) => string,
  { size, after }: PageRequest,
): { items: readonly T[]; nextAfter: string | undefined } => {
  const start = after === undefined ? 0 : firstAfter(ordered, keyOf, after);
  const items = ordered.slice(start, start + size);
  const last = items.at(-1);
  const isLastPage = start + size >= ordered.length || last === undefined;
  return { items, nextAfter: isLastPage ? undefined : keyOf(last) };
};

const firstAfter = <T>(ordered: readonly T[], keyOf: (item: T) => string, after: string): number => {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = ordered[middle];
    if (item !== undefined && keyOf(item) <= after) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** Where the next page is: an absolute URL that the client follows as it stands. */
export const nextLinkOf = (baseUrl: string, path: string, query: URLSearchParams, nextAfter: string) => {
  const next = new URLSearchParams();
  for (const name of ['api-version', 'maxresults']) {
    const value = query.get(name);
    if (value !== null) next.set(name, value);
  }
  next.set('$skiptoken', Buffer.from(nextAfter).toString('base64url'));
  return `${baseUrl}${path}?${next.toString()}`;
};
