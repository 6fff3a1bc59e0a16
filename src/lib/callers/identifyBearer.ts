import type { Clock } from '../kernel/clock.ts';
import type { IdentityProvider, TokenSignature } from './ports.ts';
import { readBearer } from './rules/bearerToken.ts';
import type { CallersSettings } from './rules/roles.ts';
import { type CallerReading, callerOf } from './rules/tokenClaims.ts';
import type { SigningKeys } from './signingKeys.ts';

export interface BearerPorts {
  readonly provider: Pick<IdentityProvider, 'issuer'>;
  readonly keys: SigningKeys;
  readonly signature: TokenSignature;
  readonly clock: Pick<Clock, 'nowEpochMs'>;
}

/**
 * Who has the token of a header `Authorization`: form and algorithm, then the key, then signature, issuer, audience
 * and times, then whose it is. The first step that fails is the reason, and nothing of a later one is believed.
 * @see RFC 8725
 */
export const identifyBearer = async (
  header: string,
  settings: CallersSettings,
  { provider, keys, signature, clock }: BearerPorts,
): Promise<CallerReading> => {
  const bearer = readBearer(header);
  if (!bearer.ok) return bearer;
  const key = await keys.keyOf(bearer.kid);
  if (key === 'unavailable') return { ok: false, reason: 'keys_unavailable' };
  if (key === 'unknown') return { ok: false, reason: 'key_unknown' };
  const expected = { issuer: provider.issuer, audience: settings.clientId, nowEpochMs: clock.nowEpochMs() };
  const verified = await signature.verify(bearer.token, key, expected);
  return verified.ok ? callerOf(verified.claims, settings) : verified;
};
