import { DAY_MS } from '../../kernel/time.ts';
import { LONGEST_LIFETIME_SECONDS } from '../../oauth/rules/lifetime.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';

/** What is known about the life of a refresh token that was just issued or used. */
export interface TokenLife {
  readonly profile: Pick<ProviderProfile, 'idleDays' | 'absoluteDays' | 'absoluteFrom'>;
  /** When it was issued or last used, whichever is later. */
  readonly usedAtEpochMs: number;
  /** When this very token was issued; absent: the refresh did not issue a new one and none is known. */
  readonly issuedAtEpochMs: number | undefined;
  /** When the person consented; absent: not known. */
  readonly consentedAtEpochMs: number | undefined;
  /** What the answer itself said of the token's life from now; absent: nothing. */
  readonly expiresInSeconds: number | undefined;
}

/**
 * When the grant dies if nobody refreshes it again: the earliest of what the server said, the idle
 * limit and the absolute limit. `undefined` when no limit is known: then no date is claimed.
 *
 * A life in an answer that cannot be meant is taken for "not known": see `readLifetime`.
 */
export const grantDeadline = (life: TokenLife): number | undefined => {
  const { idleDays } = life.profile;
  const limits = [
    after(life.usedAtEpochMs, secondsToMs(life.expiresInSeconds)),
    after(life.usedAtEpochMs, daysToMs(idleDays)),
    absoluteEnd(life),
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? undefined : Math.min(...limits);
};

/** The absolute limit of the profile, from where it counts; absent: there is none, or its start is unknown. */
export const absoluteEnd = ({
  profile,
  issuedAtEpochMs,
  consentedAtEpochMs,
}: Pick<TokenLife, 'profile' | 'issuedAtEpochMs' | 'consentedAtEpochMs'>): number | undefined =>
  after(
    profile.absoluteFrom === 'issue' ? issuedAtEpochMs : consentedAtEpochMs,
    daysToMs(profile.absoluteDays),
  );

/** The absolute limit as far as it is known before any refresh: of a token that a person just wrote. */
export const consentEndOf = (
  profile: TokenLife['profile'],
  consentedAtEpochMs: number | undefined,
): number | undefined =>
  profile.absoluteFrom === 'issue' ? undefined : after(consentedAtEpochMs, daysToMs(profile.absoluteDays));

/** Whether a stated day of consent has yet to come. It means the end of that day, and may be that of another zone. */
export const isConsentAhead = (consentedAtEpochMs: number, nowEpochMs: number): boolean =>
  consentedAtEpochMs > nowEpochMs + 2 * DAY_MS;

/** The furthest instant that a JavaScript date can hold; a store may hold less and says an earlier one then. */
const LAST_INSTANT_EPOCH_MS = 8.64e15;

const after = (startEpochMs: number | undefined, lengthMs: number | undefined): number | undefined =>
  startEpochMs === undefined || lengthMs === undefined
    ? undefined
    : Math.min(startEpochMs + lengthMs, LAST_INSTANT_EPOCH_MS);

const positive = (value: number | undefined, unitMs: number): number | undefined =>
  value !== undefined && Number.isFinite(value) && value > 0 ? value * unitMs : undefined;

const secondsToMs = (seconds: number | undefined) =>
  seconds !== undefined && seconds > LONGEST_LIFETIME_SECONDS ? undefined : positive(seconds, 1000);
const daysToMs = (days: number | undefined) => positive(days, DAY_MS);
