import { DAY_MS, MINUTE_MS } from '../../kernel/time.ts';
import { type Grant, LONGEST_UNUSED_DAYS } from './grant.ts';
import { SEALED_BELOW_MS } from './keptSealed.ts';
import type { RotationClass } from './providerProfile.ts';

/** Key Vault cannot back up an object with more than 500 past versions, and cannot delete one. */
export const VERSIONS_LIMIT = 400;

/** Refreshes come at half of a life, up to a fifth earlier: a tenth on average. */
const MEAN_JITTER = 0.9;

/**
 * How many versions of its secret one refresh makes: the preflight and the new token, where there are such. None where
 * access tokens are handed out: the token is kept sealed then, and the vault gets a copy once a day.
 */
export const versionsPerRefresh = (
  { kind }: RotationClass,
  accessTokens: Grant['accessTokens'] = undefined,
): number => {
  if (kind === 'static' || accessTokens !== undefined) return 0;
  return kind === 'keeps_old' ? 1 : PREFLIGHT_AND_TOKEN;
};

const PREFLIGHT_AND_TOKEN = 2;

/** Due at half of it, and the timer of the default schedule comes up to ten minutes later. */
const SHORTEST_KEPT_LIFE_MS = 20 * MINUTE_MS;

/** What is to be said of a life that may end between two runs of the refresh timer; absent: nothing. */
export const tooShortLife = (lifeMs: number): string | undefined =>
  lifeMs > 0 && lifeMs < SHORTEST_KEPT_LIFE_MS
    ? 'a life of less than 20 minutes may end before its next refresh: the refresh timer comes every ten minutes (KEYWATCH_REFRESH_SCHEDULE); ask the provider for a longer one'
    : undefined;

/** How many versions of its secret a healthy grant makes in a year. */
export const versionsAYear = (lifeMs: number, perRefresh: number): number => {
  const intervalMs = Math.min(lifeMs / 2, LONGEST_UNUSED_DAYS * DAY_MS) * MEAN_JITTER;
  return Math.round((365 * DAY_MS * perRefresh) / intervalMs);
};

/**
 * What is to be said of a grant whose secret outgrows what Key Vault can back up within a year or so; absent:
 * nothing. It is refreshed all the same.
 */
export const manyVersions = (lifeMs: number | undefined, perRefresh: number): string | undefined => {
  if (lifeMs === undefined || lifeMs <= 0) return undefined;
  // Kept sealed as well.
  if (perRefresh === PREFLIGHT_AND_TOKEN && lifeMs < SEALED_BELOW_MS) return undefined;
  const count = versionsAYear(lifeMs, perRefresh);
  return count > VERSIONS_LIMIT
    ? `its refreshes make about ${count} versions of its secret a year; Key Vault keeps every version, and cannot back up a secret with more than 500`
    : undefined;
};
