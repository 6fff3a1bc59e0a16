/** As many at a time as the smallest machine has cores. */
const AT_ONCE = 2;

export const inTurn = async <A, B>(items: readonly A[], run: (item: A) => Promise<B>): Promise<B[]> => {
  const results: B[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE)
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(run))));
  return results;
};
