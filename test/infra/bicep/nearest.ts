/** Edits (insert, delete, replace) that turn one word into another, letters' case aside. */
const distance = (one: string, other: string): number => {
  const a = one.toLowerCase();
  const b = other.toLowerCase();
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (next[j - 1] ?? 0) + 1,
          (row[j] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
};

/** `, did you mean 'x'` for the closest of the known words, or nothing where none is close. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const closest = [...known]
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)[0];
  return closest !== undefined && closest.edits <= Math.max(2, word.length / 4)
    ? `, did you mean '${closest.candidate}'`
    : '';
};
