import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TranslatedQuery } from 'kql-on-duckdb/translate';

export type TranslatedQueries = Readonly<Record<string, TranslatedQuery>>;

/** What `npm run docs` writes, because to bind the alert queries takes longer than all else that `npm start` does. */
export const TRANSLATED_QUERIES = 'infra/compiled/translatedQueries.json';

/** By which of the translated queries one is known: whoever edits a query has none of it, and it is bound as it is. */
export const queryHash = (kql: string): string => createHash('sha256').update(kql).digest('base64url');

let queries: TranslatedQueries | undefined;

/** A query of `npm start` in SQL; absent: it has to be bound. */
export const translatedQuery = (kql: string): TranslatedQuery | undefined => {
  queries ??= JSON.parse(
    readFileSync(join(import.meta.dirname, '../../..', TRANSLATED_QUERIES), 'utf8'),
  ) as TranslatedQueries;
  return queries[queryHash(kql)];
};
