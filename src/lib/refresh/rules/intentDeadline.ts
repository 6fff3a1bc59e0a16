import { clockAheadAsAbsent } from '../../kernel/instant.ts';
import { HOUR_MS } from '../../kernel/time.ts';
import type { IntentPhase } from './controlRecord.ts';
import type { RefreshTimings } from './refreshTimings.ts';

type IntentInstants = Pick<
  IntentPhase,
  | 'startedAtEpochMs'
  | 'retryFromEpochMs'
  | 'graceUntilEpochMs'
  | 'lastResortFromEpochMs'
  | 'graceAnchorEpochMs'
>;

/**
 * The instants of an intent that begins now, by the control store's clock. `graceAnchorEpochMs` is the
 * start of the first attempt with the same token whose end is unknown: a retry does not open a new
 * window, because that attempt may be the one that spent the token.
 */
export const intentInstants = (
  timings: Pick<RefreshTimings, 'retryAfterMs' | 'graceMs' | 'lastResortAfterMs'>,
  nowEpochMs: number,
  graceAnchorEpochMs: number | undefined,
): IntentInstants => {
  const anchor = graceAnchorEpochMs ?? nowEpochMs;
  const graceEnds = timings.graceMs === undefined ? undefined : anchor + timings.graceMs;
  return {
    startedAtEpochMs: nowEpochMs,
    retryFromEpochMs: nowEpochMs + timings.retryAfterMs,
    graceUntilEpochMs: graceEnds === undefined ? undefined : Math.min(graceEnds, FAR_EPOCH_MS),
    lastResortFromEpochMs: nowEpochMs + timings.lastResortAfterMs,
    graceAnchorEpochMs: anchor,
  };
};

/** Static and keeps-old providers have no end of grace; JSON knows no infinity. */
const FAR_EPOCH_MS = 8.64e15;

/**
 * An intent as it can be believed. One that reaches further ahead than one that begins now was written by a
 * wrong clock: when it began is not known, so its window counts as closed, and its last resort from now.
 */
export const believedIntent = <T extends IntentInstants>(
  intent: T,
  { lastResortAfterMs, graceMs }: Pick<RefreshTimings, 'lastResortAfterMs' | 'graceMs'>,
  nowEpochMs: number,
): T => {
  // A doubt is waited out until the window has closed.
  const windowMs = graceMs !== undefined && Number.isFinite(graceMs) ? graceMs : 0;
  const longestMs = windowMs + lastResortAfterMs;
  const begunEpochMs = Math.max(intent.startedAtEpochMs, intent.lastResortFromEpochMs - longestMs);
  if (clockAheadAsAbsent(begunEpochMs, nowEpochMs) !== undefined) return intent;
  const lastResortFromEpochMs = nowEpochMs + lastResortAfterMs;
  return {
    ...intent,
    startedAtEpochMs: nowEpochMs,
    retryFromEpochMs: lastResortFromEpochMs,
    graceUntilEpochMs: undefined,
    lastResortFromEpochMs,
    graceAnchorEpochMs: 0,
  };
};

/** Before the end of a window there is no time for pauses; one of many hours is not knocked at every run. */
const LONGEST_UNPAUSED_MS = HOUR_MS;

export type AmbiguityDecision =
  /** Whoever wrote the intent may still be at work, or may still hold the answer. */
  | { readonly kind: 'wait'; readonly untilEpochMs: number }
  /** The old token may be sent again: the window is open. */
  | { readonly kind: 'retry_in_grace' }
  /** Nobody alive can hold the answer: one more try decides between "never arrived" and "lost". */
  | { readonly kind: 'last_resort' };

/**
 * What to do with an intent that was found, by the control store's clock. The old token is never sent
 * again between the end of its grace and the last resort: there it could be a replay while somebody
 * alive holds its successor. A last resort that was itself lost is repeated no sooner than any other
 * failed attempt.
 * @param pausedUntilEpochMs the end of the pause after failures; 0 or absent: there is none
 */
export const decideAmbiguous = (
  intent: IntentInstants,
  nowEpochMs: number,
  pausedUntilEpochMs = 0,
): AmbiguityDecision => {
  const lastResortFromEpochMs = Math.max(intent.lastResortFromEpochMs, pausedUntilEpochMs);
  if (nowEpochMs >= lastResortFromEpochMs) return { kind: 'last_resort' };
  const { graceUntilEpochMs, retryFromEpochMs } = intent;
  const hasWindow = graceUntilEpochMs !== undefined && retryFromEpochMs < graceUntilEpochMs;
  if (hasWindow && nowEpochMs < retryFromEpochMs) return { kind: 'wait', untilEpochMs: retryFromEpochMs };
  if (hasWindow && nowEpochMs < graceUntilEpochMs) {
    const mayPause = pausedUntilEpochMs + LONGEST_UNPAUSED_MS <= graceUntilEpochMs;
    if (mayPause && nowEpochMs < pausedUntilEpochMs)
      return { kind: 'wait', untilEpochMs: pausedUntilEpochMs };
    return { kind: 'retry_in_grace' };
  }
  return { kind: 'wait', untilEpochMs: lastResortFromEpochMs };
};

/** The server counts its window from its answer, which may have come as late as answers are waited for. */
const GRACE_SLACK_MS = 6 * 60_000;

/**
 * An intent whose token was accepted again in its grace window, and without a new one: many servers answer a
 * repetition so, whose first answer held the successor. Whether there is one shows only once the window has
 * closed, so that the last resort waits for that; until then nothing is learned by asking. Absent: this acceptance
 * proves that the token stays good.
 * @see https://github.com/FlowFuse/flowfuse/pull/8273
 * @see https://github.com/django-oauth/django-oauth-toolkit/issues/702
 */
export const afterGraceAcceptance = <T extends IntentInstants>(
  intent: T,
  nowEpochMs: number,
): T | undefined => {
  if (intent.graceUntilEpochMs === undefined) return undefined;
  const closedFromEpochMs = intent.graceUntilEpochMs + GRACE_SLACK_MS;
  if (nowEpochMs >= closedFromEpochMs) return undefined;
  return {
    ...intent,
    graceUntilEpochMs: undefined,
    lastResortFromEpochMs: Math.max(intent.lastResortFromEpochMs, closedFromEpochMs),
  };
};
