import type { RotationClass } from './providerProfile.ts';

/** The durations of one attempt; see `refreshTimings` for how they hang together. */
export interface RefreshTimings {
  readonly leaseSeconds: number;
  /** Of the POST, from connecting to the last byte. */
  readonly postTimeoutMs: number;
  /** No request is begun that could end later than this long before the lease does. */
  readonly fenceMarginMs: number;
  /** How long a received token is held in memory and offered to stores that refuse it. */
  readonly holdMs: number;
  /** How long the vault is still tried after the journal has the token (or the other way round). */
  readonly secondStoreMs: number;
  /** From the intent: until then its writer may still be at work. */
  readonly retryAfterMs: number;
  /** From the intent: until then the old token may be used again; absent: there is no such window. */
  readonly graceMs: number | undefined;
  /** From the intent: then nobody alive can hold the answer. */
  readonly lastResortAfterMs: number;
  /** How often one worker may send the same token when an answer is lost. */
  readonly maximumPosts: number;
}

/** Bounds of the strict deadline. A token lives days, so waiting an hour for certainty costs nothing. */
export const MINIMUM_LAST_RESORT_MS = 15 * 60_000;
const DEFAULT_LAST_RESORT_MS = 60 * 60_000;

const SHORT_GRACE_SECONDS = 120;
/** Below this no lease can lapse and be taken over inside the window: the window is of no use to us. */
const SHORTEST_USEFUL_GRACE_SECONDS = 30;

/**
 * The durations for one class of provider. What must hold, and is tested for every class:
 * POST timeout + fence margin < lease; a successor may not act before the lease has lapsed; it acts
 * while the grace window is open; holding a token in memory ends well before the last resort.
 */
export const refreshTimings = (
  rotation: RotationClass,
  lastResortMs: number = DEFAULT_LAST_RESORT_MS,
): RefreshTimings => {
  const lastResortAfterMs = Math.max(lastResortMs, MINIMUM_LAST_RESORT_MS);
  const long = {
    leaseSeconds: 60,
    postTimeoutMs: 15_000,
    fenceMarginMs: 20_000,
    holdMs: 240_000,
    secondStoreMs: 10_000,
    lastResortAfterMs,
  };
  const effective = effectiveRotation(rotation);
  if (effective.kind === 'strict') {
    return { ...long, retryAfterMs: lastResortAfterMs, graceMs: undefined, maximumPosts: 1 };
  }
  if (effective.kind !== 'grace') {
    return { ...long, retryAfterMs: 75_000, graceMs: Number.POSITIVE_INFINITY, maximumPosts: 3 };
  }
  const graceMs = effective.graceSeconds * 1000 - 5_000;
  if (effective.graceSeconds >= SHORT_GRACE_SECONDS) {
    return { ...long, retryAfterMs: 75_000, graceMs, maximumPosts: 3 };
  }
  return {
    ...long,
    leaseSeconds: 15,
    postTimeoutMs: 8_000,
    fenceMarginMs: 4_000,
    retryAfterMs: 18_000,
    graceMs,
    maximumPosts: 2,
  };
};

/** The class as the protocol treats it: a grace window too short to be used is none. */
export const effectiveRotation = (rotation: RotationClass): RotationClass =>
  rotation.kind === 'grace' && rotation.graceSeconds < SHORTEST_USEFUL_GRACE_SECONDS
    ? { kind: 'strict' }
    : rotation;

/** Whether losing an answer to this provider can cost the grant. */
export const canLoseToken = (rotation: RotationClass): boolean =>
  rotation.kind === 'strict' || rotation.kind === 'grace';
