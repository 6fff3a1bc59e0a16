import { unaskedProofScope } from '../../lib/connect/rules/authorizationRequest.ts';
import { humanDuration } from '../../lib/kernel/humanDuration.ts';
import { counted } from '../../lib/kernel/humanTime.ts';
import { printable } from '../../lib/kernel/printable.ts';
import { DAY_MS } from '../../lib/kernel/time.ts';
import type { ConfiguredGrant, Grant } from '../../lib/oauth/rules/grant.ts';
import { configuredLifeMs, isKeptSealed } from '../../lib/oauth/rules/keptSealed.ts';
import type { ProviderProfile, RotationClass } from '../../lib/oauth/rules/providerProfile.ts';
import { manyVersions, tooShortLife, versionsPerRefresh } from '../../lib/oauth/rules/versionsAYear.ts';
import type { Paint } from './style.ts';

/** What is known of a grant's provider, what is not, and what would make the grant safer. */
export const grantReport = ({ grant, profile }: ConfiguredGrant, paint: Paint): string[] => [
  '',
  `${paint(`grant ${grant.id}`, 'bold')} at ${printable(profile.displayName)}: ${ROTATION_WORDS[profile.rotation.kind]}; ${lifetimeWords(profile)}`,
  ...(grant.owner === undefined
    ? [`  ${paint('▲', 'yellow')} nobody is named as its owner: set "owner"`]
    : []),
  ...(grant.mode === 'refreshed' && isKeptSealed(grant, profile, configuredLifeMs(profile))
    ? [
        '  its refresh token is kept sealed in keywatch-tokens of the fallback account; the vault gets a copy once a day',
      ]
    : []),
  ...[...lifeAdvice(grant, profile), ...proofAdvice(grant, profile)].map(
    (words) => `  ${paint('▲', 'yellow')} ${words}`,
  ),
  ...profile.unknowns.map((unknown) => `  ${paint('…', 'grey')} not documented: ${unknown}`),
  ...profile.advice.map(({ text }) => `  ${paint('▲', 'yellow')} ${text}`),
];

/** Said where the limits of the provider settings alone make a life that the timer cannot keep, or too many versions. */
const lifeAdvice = ({ mode, accessTokens }: Grant, profile: ProviderProfile) => {
  const lifeMs = configuredLifeMs(profile);
  if (lifeMs === undefined || mode !== 'refreshed') return [];
  const perRefresh = versionsPerRefresh(profile.rotation, accessTokens);
  const said = [tooShortLife(lifeMs), manyVersions(lifeMs, perRefresh)];
  return said.filter((words) => words !== undefined);
};

/** Said of the scopes of the config: what a token that was got elsewhere may do is not known. */
const proofAdvice = ({ prove, scopes }: Grant, profile: ProviderProfile): string[] => {
  const scope = prove === true ? unaskedProofScope(profile, scopes) : undefined;
  return scope === undefined
    ? []
    : [
        `its proof call wants the scope ${printable(scope)}, for which no consent asks: add it to "scopes", unless one of them includes it`,
      ];
};

const ROTATION_WORDS: Readonly<Record<RotationClass['kind'], string>> = {
  static: 'the same refresh token stays good',
  keeps_old: 'a new refresh token each time, the old one keeps working',
  grace: 'a new refresh token each time, the old one works for a while',
  strict: 'a new refresh token each time, the old one dies at once',
};

const lifeWords = (days: number): string => (days < 1 ? humanDuration(days * DAY_MS) : counted(days, 'day'));

const lifetimeWords = ({ idleDays, absoluteDays }: ProviderProfile): string => {
  const idle = idleDays === undefined ? '' : `dies after ${lifeWords(idleDays)} unused`;
  const absolute = absoluteDays === undefined ? '' : `ends after ${lifeWords(absoluteDays)}`;
  return [idle, absolute].filter((words) => words !== '').join(', ') || 'no lifetime is known';
};
