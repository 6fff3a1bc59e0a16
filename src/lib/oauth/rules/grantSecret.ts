import { clockAheadAsAbsent, readInstant } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import { LONGEST_UNUSED_DAYS } from './grant.ts';
import { GRANT_TAGS, seqOf } from './grantTagNames.ts';

type Tags = Readonly<Record<string, string>>;

/** The instants that Keywatch writes on the versions of a grant's secret; absent: no tag, or none that can be true. */
export interface GrantInstants {
  readonly refreshedAtEpochMs: number | undefined;
  readonly consentedAtEpochMs: number | undefined;
  /** The end that no refresh moves. */
  readonly consentEndsAtEpochMs: number | undefined;
}

/** Reads them; what should lie in the past and lies ahead was written by a wrong clock. */
export const readGrantTags = (tags: Tags, nowEpochMs: number): GrantInstants => {
  const read = (tag: string): number | undefined => readInstant(tags[tag] ?? '');
  return {
    refreshedAtEpochMs: clockAheadAsAbsent(read(GRANT_TAGS.refreshedAt), nowEpochMs),
    consentedAtEpochMs: clockAheadAsAbsent(read(GRANT_TAGS.consentedAt), nowEpochMs),
    consentEndsAtEpochMs: read(GRANT_TAGS.consentEndsAt),
  };
};

/** The secret of a grant that Keywatch refreshes, as its tags tell of it. */
export interface GrantSecret {
  /**
   * From when its end is counted: the consent, where that end is the consent's, else the last refresh. The
   * age of a version says nothing: a refresh may keep the old one, and a preflight makes a new one.
   */
  readonly lifeFromEpochMs: number | undefined;
  /** It is used so often that without a known end it is no credential without expiry. */
  readonly isKeptAlive: boolean;
}

/** Runs that were missed for a month more are no refreshing any more. */
const LONGEST_KEPT_ALIVE_MS = 2 * LONGEST_UNUSED_DAYS * DAY_MS;
/** Tags hold whole seconds, and so does the end of a version. */
const SAME_END_MS = 60_000;

/** What the tags say; `undefined` of a secret that is no grant's. */
export const readGrantSecret = (
  tags: Tags,
  expiresOnEpochMs: number | undefined,
  nowEpochMs: number,
): GrantSecret | undefined => {
  if (seqOf(tags) === undefined) return undefined;
  const { refreshedAtEpochMs, consentedAtEpochMs, consentEndsAtEpochMs } = readGrantTags(tags, nowEpochMs);
  const endsWithConsent =
    expiresOnEpochMs !== undefined &&
    consentEndsAtEpochMs !== undefined &&
    expiresOnEpochMs >= consentEndsAtEpochMs - SAME_END_MS;
  return {
    lifeFromEpochMs: endsWithConsent ? (consentedAtEpochMs ?? refreshedAtEpochMs) : refreshedAtEpochMs,
    isKeptAlive:
      tags[GRANT_TAGS.state] !== 'dead' &&
      refreshedAtEpochMs !== undefined &&
      nowEpochMs - refreshedAtEpochMs <= LONGEST_KEPT_ALIVE_MS,
  };
};

/** Half of a life, the timer's period and the quiet minutes around a full hour. */
const LATEST_REFRESH_AFTER_HALF_MS = 20 * 60_000;

/**
 * Default thresholds of a grant never reach into the time in which the timer refreshes it in good health,
 * which they would for a life of an hour.
 */
export const cappedForGrant = (thresholdMs: number, lifetimeMs: number | undefined): number =>
  lifetimeMs === undefined
    ? thresholdMs
    : Math.max(0, Math.min(thresholdMs, lifetimeMs / 2 - LATEST_REFRESH_AFTER_HALF_MS));
