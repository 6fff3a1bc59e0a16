/** Longer than any name that is allowed anywhere: what is longer is no typing error, and slow to compare. */
const LONGEST_COMPARED = 64;

/** The allowed name nearest to a mistyped one, for "did you mean …"; none when nothing is near. */
export const nearestName = (given: string, allowed: readonly string[]): string | undefined => {
  if (given.length > LONGEST_COMPARED) return undefined;
  const wanted = given.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; distance: number } | undefined;
  for (const name of allowed) {
    const distance = editDistance(wanted, name.toLowerCase());
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
};

/** Levenshtein distance, a row at a time; two neighbours that changed places are one error. */
const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  let older = previous;
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? (older[j - 2] ?? 0) + 1 : substitution;
      current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution, swap));
    }
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
};
