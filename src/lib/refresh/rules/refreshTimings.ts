import type { RotationClass } from '../../oauth/rules/providerProfile.ts';
import { effectiveRotation } from '../../oauth/rules/rotation.ts';

/** The durations of one attempt; see `refreshTimings` for how they hang together. */
export interface RefreshTimings {
  readonly leaseSeconds: number;
  /** From connecting until the request is on its way. Only this has to end before the lease does. */
  readonly sendTimeoutMs: number;
  /** Of a POST that may be repeated at once when no answer comes: to the last byte. */
  readonly repeatAfterMs: number;
  /**
   * Of the last POST, to its last byte: the lease is renewed meanwhile, and nobody else may send the old
   * token, so that hanging up could only lose the new one.
   */
  readonly lastAnswerMs: number;
  /** No request is begun that could be sent later than this long before the lease ends. */
  readonly fenceMarginMs: number;
  /** How long a received token is held in memory and offered to stores that refuse it. */
  readonly holdMs: number;
  /** How long the vault is still tried after the control record has the token (or the other way round). */
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

/** A token lives days, so waiting an hour for certainty costs nothing. */
const LAST_RESORT_MS = 60 * 60_000;

const HOLD_MS = 4 * 60_000;

const SHORT_GRACE_SECONDS = 120;

/** Beyond that no gateway holds a connection, and the function's own limit of 30 minutes is still far. */
const PATIENT_ANSWER_MS = 5 * 60_000;
/** Nothing is lost by hanging up where the old token stays good; a slow server is still worth a minute. */
const KEPT_ANSWER_MS = 60_000;
/**
 * The durations for one class of provider. What must hold, and is tested for every class:
 * send timeout + fence margin < lease; a successor may not act before the lease has lapsed; it acts
 * while the grace window is open; waiting for an answer and holding its token in memory end well before
 * the last resort.
 */
export const refreshTimings = (rotation: RotationClass): RefreshTimings => {
  const long = {
    leaseSeconds: 60,
    sendTimeoutMs: 15_000,
    repeatAfterMs: 15_000,
    lastAnswerMs: PATIENT_ANSWER_MS,
    fenceMarginMs: 20_000,
    holdMs: HOLD_MS,
    secondStoreMs: 10_000,
    lastResortAfterMs: LAST_RESORT_MS,
  };
  const effective = effectiveRotation(rotation);
  if (effective.kind === 'strict') {
    return { ...long, retryAfterMs: LAST_RESORT_MS, graceMs: undefined, maximumPosts: 1 };
  }
  if (effective.kind !== 'grace') {
    const unlimited = { graceMs: Number.POSITIVE_INFINITY, maximumPosts: 3 };
    return { ...long, ...unlimited, lastAnswerMs: KEPT_ANSWER_MS, retryAfterMs: 75_000 };
  }
  const graceMs = effective.graceSeconds * 1000 - 5_000;
  if (effective.graceSeconds >= SHORT_GRACE_SECONDS) {
    return { ...long, retryAfterMs: 75_000, graceMs, maximumPosts: 3 };
  }
  return {
    ...long,
    leaseSeconds: 15,
    sendTimeoutMs: 8_000,
    repeatAfterMs: 8_000,
    fenceMarginMs: 4_000,
    retryAfterMs: 18_000,
    graceMs,
    maximumPosts: 2,
  };
};

/** The durations of a grant that is found to be strict, under a lease that was taken for another class. */
export const strictTimings = (taken: RefreshTimings): RefreshTimings => {
  const { leaseSeconds, sendTimeoutMs, fenceMarginMs } = taken;
  return { ...refreshTimings({ kind: 'strict' }), leaseSeconds, sendTimeoutMs, fenceMarginMs };
};
