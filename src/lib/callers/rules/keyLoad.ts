import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';

const AFTER_SUCCESS_MS = 30_000;
const AFTER_FAILURE_MS = 5_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** How long the key set is left alone after a try, by how many failed in a row: whoever forges key names causes no storm. */
export const pauseMs = (failures: number): number =>
  failures === 0 ? AFTER_SUCCESS_MS : Math.min(AFTER_FAILURE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);

/** `first`: the keys are read again before anything is said; `beside`: the ones that are held will do meanwhile. */
export type KeyLoad = 'first' | 'beside' | 'none';

/**
 * Whether the key set is read again for a token.
 * @param ageMs of the keys that are held; absent: there are none
 */
export const keyLoadFor = (isKnown: boolean, ageMs: number | undefined): KeyLoad => {
  // A key may have been withdrawn while this instance slept.
  if (!isKnown || ageMs === undefined || ageMs >= DAY_MS) return 'first';
  return ageMs >= HOUR_MS ? 'beside' : 'none';
};
