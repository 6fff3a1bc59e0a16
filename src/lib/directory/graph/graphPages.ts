import { setImmediate } from 'node:timers/promises';
import type { GraphAnswer, GraphClient } from './graphClient.ts';
import { UnreadableAnswerError } from './graphErrors.ts';

/** Of 999 each: more objects than a directory may hold. */
const MOST_PAGES = 20_000;

export interface GraphPage {
  readonly values: readonly unknown[];
  readonly serverDateEpochMs: number | undefined;
}

/**
 * Every page of a collection, in order; the next one is on its way while one is looked at, so that two are in memory. Only a page without a next link is the last: one may be short, or empty.
 * Rejects where the same page is said to follow again.
 */
export async function* pagesOf(
  graph: GraphClient,
  firstPath: string,
  signal: AbortSignal,
): AsyncGenerator<GraphPage> {
  const followed = new Set<string>();
  const ask = async (path: string): Promise<GraphAnswer> => {
    if (followed.has(path)) throw new UnreadableAnswerError('the same page is said to follow again');
    if (followed.size === MOST_PAGES) throw new UnreadableAnswerError('there is no end to the pages');
    followed.add(path);
    return graph.get(path, signal);
  };
  let asked: Promise<GraphAnswer> | undefined = ask(firstPath);
  while (asked !== undefined) {
    const { json, serverDateEpochMs }: GraphAnswer = await asked;
    const values = json['value'];
    if (!Array.isArray(values)) throw new UnreadableAnswerError('a page has no list');
    const next = nextOf(json);
    asked = next === undefined ? undefined : ask(next);
    // Whoever stops early never asks what came of it.
    asked?.catch(() => undefined);
    // Lets the request leave before the page is looked at, which takes the process for itself.
    await setImmediate();
    yield { values, serverDateEpochMs };
  }
}

const nextOf = ({ '@odata.nextLink': next }: GraphAnswer['json']): string | undefined => {
  if (next === undefined || (typeof next === 'string' && /^https?:/.test(next))) return next;
  throw new UnreadableAnswerError('the next page has no address');
};
