import type { GraphClient } from './graphClient.ts';
import { UnreadableAnswerError } from './graphErrors.ts';

/** Of 999 each: more objects than a directory may hold. */
const MOST_PAGES = 20_000;

export interface GraphPage {
  readonly values: readonly unknown[];
  readonly serverDateEpochMs: number | undefined;
}

/**
 * Every page of a collection, one at a time. Only a page without a next link is the last: one may be short, or empty.
 * Rejects where the same page is said to follow again.
 */
export async function* pagesOf(
  graph: GraphClient,
  firstPath: string,
  signal: AbortSignal,
): AsyncGenerator<GraphPage> {
  const followed = new Set<string>();
  for (let path: string | undefined = firstPath; path !== undefined; ) {
    if (followed.has(path)) throw new UnreadableAnswerError('the same page is said to follow again');
    if (followed.size === MOST_PAGES) throw new UnreadableAnswerError('there is no end to the pages');
    followed.add(path);
    const { json, serverDateEpochMs } = await graph.get(path, signal);
    const { value, '@odata.nextLink': next } = json;
    if (!Array.isArray(value)) throw new UnreadableAnswerError('a page has no list');
    if (next !== undefined && (typeof next !== 'string' || !/^https?:/.test(next)))
      throw new UnreadableAnswerError('the next page has no address');
    yield { values: value, serverDateEpochMs };
    path = next;
  }
}
