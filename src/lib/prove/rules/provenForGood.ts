const SUCCESSES_NEEDED = 3;
const APART_MS = 20_000;

/**
 * Whether a fresh credential may be relied on: so many successes, each so long after the one that counted before it.
 * One server may know it while another does not yet.
 * @param successesEpochMs when it worked, earliest first
 */
export const isProvenForGood = (successesEpochMs: readonly number[]): boolean => {
  let counted = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const at of successesEpochMs) {
    if (at - last < APART_MS) continue;
    counted += 1;
    last = at;
  }
  return counted >= SUCCESSES_NEEDED;
};
