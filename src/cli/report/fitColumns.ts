/** What a column asks for, in columns of the terminal. */
export interface ColumnNeed {
  /** Wide enough for its widest cell. */
  readonly widest: number;
  /** How narrow it may become, its cells cut; absent: it is shown whole or not at all. */
  readonly least?: number | undefined;
  /** Left out where even the narrowest does not fit, the highest first; absent: never left out. */
  readonly dispensable?: number | undefined;
}

const GAP = 2;

/**
 * The width of each column in a table that should be no wider than `available`; `undefined` for one that is
 * left out. What cannot be cut or left out keeps its width, so the table may still be too wide.
 */
export const fitColumns = (needs: readonly ColumnNeed[], available: number): (number | undefined)[] => {
  const kept = new Set(needs);
  const total = (widthOf: (need: ColumnNeed) => number): number =>
    [...kept].reduce((sum, need) => sum + widthOf(need) + GAP, -GAP);
  const byDispensable = needs
    .filter(({ dispensable }) => dispensable !== undefined)
    .sort((one, other) => (other.dispensable ?? 0) - (one.dispensable ?? 0));
  for (const need of byDispensable) {
    if (total(leastOf) <= available) break;
    kept.delete(need);
  }
  const wanted = total(({ widest }) => widest) - total(leastOf);
  const spare = Math.min(wanted, Math.max(0, available - total(leastOf)));
  // What is left over goes to the columns in proportion to what they lack.
  const share = wanted === 0 ? 0 : spare / wanted;
  return needs.map((need) =>
    kept.has(need) ? leastOf(need) + Math.floor((need.widest - leastOf(need)) * share) : undefined,
  );
};

const leastOf = ({ widest, least = widest }: ColumnNeed): number => Math.min(widest, least);
