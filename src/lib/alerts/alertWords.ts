import { alertQuery } from './alertRules.ts';

/** What the head of a query says to whoever is on call. */
export interface AlertWords {
  readonly meaning: string;
  readonly action: string;
}

const lineOf = (kql: string, word: string): string =>
  new RegExp(`^// ${word}: (.+)$`, 'm').exec(kql)?.[1]?.trim() ?? '';

/** The lines `Meaning` and `Do` of a rule's query; empty where it has none, which a test rules out. */
export const alertWords = (name: string): AlertWords => {
  const kql = alertQuery(name);
  return { meaning: lineOf(kql, 'Meaning'), action: lineOf(kql, 'Do') };
};
