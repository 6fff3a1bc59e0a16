/** A code as people read it: `not_seen` is "not seen". */
export const wordsOf = (code: string): string => code.replaceAll('_', ' ');
