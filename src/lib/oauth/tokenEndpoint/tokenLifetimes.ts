import type { AnswerDeviation } from '../rules/answerDeviation.ts';
import type { ProviderProfile } from '../rules/providerProfile.ts';
import type { AnswerMembers } from './answerMembers.ts';
import type { JsonMember } from './tolerantJson.ts';

interface Lifetime {
  readonly seconds: number | undefined;
  readonly deviation: AnswerDeviation | undefined;
}

/** As in RFC 3339, with its zone: an instant whoever reads it. */
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:\d\d)$/i;

const UNKNOWN: Lifetime = { seconds: undefined, deviation: undefined };

const secondsOf = (member: JsonMember | undefined, unit: ProviderProfile['expiryUnit']): Lifetime => {
  if (member === undefined || member.value === null) return UNKNOWN;
  const given = typeof member.value === 'string' ? member.value.trim() : member.value;
  const endEpochMs = DATE.test(String(given)) ? Date.parse(String(given)) : Number.NaN;
  // In milliseconds, as which it is mistaken for no length.
  if (Number.isFinite(endEpochMs)) return { seconds: endEpochMs, deviation: undefined };
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

/** How long the tokens of an answer live, or when they end, as the answer says it. */
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
  return {
    accessTokenSeconds: access.seconds,
    // Keycloak says 0 of an offline token that has no end.
    refreshTokenSeconds: refresh.seconds || undefined,
    deviations: [access.deviation, refresh.deviation].filter((deviation) => deviation !== undefined),
  };
};
