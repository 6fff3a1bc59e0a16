import { DAY_MS } from '../../kernel/time.ts';
import type { Grant } from './grant.ts';
import type { ProviderProfile } from './providerProfile.ts';
import { canLoseToken } from './rotation.ts';

/** Refreshed more often than daily, a secret outgrows within a year what Key Vault can back up. */
export const SEALED_BELOW_MS = 2 * DAY_MS;
/** Left only well above that: a life that varies a little must not move the token to and fro. */
const LEFT_ABOVE_MS = 2 * SEALED_BELOW_MS;

/** The life of a token as the provider settings alone have it; absent: they say nothing of it. */
export const configuredLifeMs = ({
  idleDays,
  absoluteDays,
  absoluteFrom,
}: Pick<ProviderProfile, 'idleDays' | 'absoluteDays' | 'absoluteFrom'>): number | undefined => {
  const days = idleDays ?? (absoluteFrom === 'issue' ? absoluteDays : undefined);
  return days === undefined ? undefined : days * DAY_MS;
};

/**
 * Whether the refresh token of a grant is kept sealed beside Key Vault, which gets a copy at a slow beat: where its
 * access tokens are handed out, or where each of its many refreshes would make versions of the secret.
 * @param lifeMs absent: not known, and then it stays where it is
 * @param isThere it is kept so now
 */
export const isKeptSealed = (
  { accessTokens }: Pick<Grant, 'accessTokens'>,
  { rotation }: Pick<ProviderProfile, 'rotation'>,
  lifeMs: number | undefined,
  isThere = false,
): boolean => {
  if (accessTokens !== undefined) return true;
  if (!canLoseToken(rotation)) return false;
  if (lifeMs === undefined || lifeMs <= 0) return isThere;
  return lifeMs < (isThere ? LEFT_ABOVE_MS : SEALED_BELOW_MS);
};
