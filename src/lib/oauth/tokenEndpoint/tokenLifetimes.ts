import type { AnswerDeviation } from '../rules/answerDeviation.ts';
import { readLifetime } from '../rules/lifetime.ts';
import type { ProviderProfile } from '../rules/providerProfile.ts';
import type { AnswerMembers } from './answerMembers.ts';
import type { JsonMember } from './tolerantJson.ts';

interface Lifetime {
  readonly seconds: number | undefined;
  readonly deviation: AnswerDeviation | undefined;
}

const UNKNOWN: Lifetime = { seconds: undefined, deviation: undefined };

const secondsOf = (member: JsonMember | undefined, unit: ProviderProfile['expiryUnit']): Lifetime => {
  if (member === undefined || member.value === null) return UNKNOWN;
  const given = typeof member.value === 'string' ? member.value.trim() : member.value;
  const number = given === '' || typeof given === 'boolean' ? Number.NaN : Number(given);
  const unusable = (code: AnswerDeviation['code'], text: string): Lifetime => ({
    seconds: undefined,
    deviation: { code, text: `${member.key} ${text}` },
  });
  if (!Number.isFinite(number)) return unusable('lifetime_not_a_number', 'is not a number');
  if (number < 0) return unusable('lifetime_negative', 'is negative');
  const deviation: AnswerDeviation | undefined =
    typeof given === 'string' ? { code: 'lifetime_a_string', text: `${member.key} is a string` } : undefined;
  return { seconds: Math.floor(unit === 'ms' ? number / 1000 : number), deviation };
};

/** How long the tokens of an answer live, as the answer says it. */
export const readLifetimes = (
  { expiresIn, refreshExpiresIn }: AnswerMembers,
  { expiryUnit }: ProviderProfile,
): {
  readonly accessTokenSeconds: number | undefined;
  readonly refreshTokenSeconds: number | undefined;
  readonly deviations: readonly AnswerDeviation[];
} => {
  const access = secondsOf(expiresIn, expiryUnit);
  const refresh = secondsOf(refreshExpiresIn, expiryUnit);
  // Keycloak says 0 of an offline token that has no end.
  const believed = readLifetime(refresh.seconds || undefined);
  return {
    accessTokenSeconds: access.seconds,
    refreshTokenSeconds: believed.seconds,
    deviations: [access.deviation, refresh.deviation, believed.deviation].filter(
      (deviation) => deviation !== undefined,
    ),
  };
};
