/** The keys of a table, in its order: the words that a type, a reader or a document takes from it. */
export const keysOf = <const T extends object>(table: T): readonly (keyof T & string)[] =>
  Object.keys(table) as (keyof T & string)[];

/** The rows of a table in one sentence: `word: its meaning; another: its meaning.` */
export const meaningsOf = (table: Readonly<Record<string, { readonly meaning: string }>>): string =>
  `${Object.entries(table)
    .map(([word, { meaning }]) => `${word}: ${meaning}`)
    .join('; ')}.`;
