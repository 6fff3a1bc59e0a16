import { methodNamed } from '../clientAuthentication/methods.ts';
import type { ProviderAdvice, ProviderProfile } from './providerProfile.ts';
import { canLoseToken, effectiveRotation } from './rotation.ts';

type Stated = Partial<ProviderProfile>;

/** What an unknown of a preset is about, by its words, and which settings say what is so. */
const TOPICS: readonly { readonly words: RegExp; readonly settings: readonly (keyof ProviderProfile)[] }[] = [
  {
    words: /lifetime|idle|absolute|\bdays\b|\bhours\b/i,
    settings: ['idleDays', 'absoluteDays', 'absoluteFrom'],
  },
  { words: /rotat|strict|grace|overlap|old token/i, settings: ['rotation'] },
];

const isSettled = (unknown: string, stated: Stated): boolean => {
  const topics = TOPICS.filter(({ words }) => words.test(unknown));
  return (
    topics.length > 0 && topics.every(({ settings }) => settings.some((name) => stated[name] !== undefined))
  );
};

const isFollowed = ({ code }: ProviderAdvice, stated: Stated): boolean => {
  const { rotation, clientAuthenticationMethod: method } = stated;
  switch (code) {
    case 'enable_grace':
      return rotation !== undefined && effectiveRotation(rotation).kind !== 'strict';
    case 'disable_rotation':
      return rotation !== undefined && !canLoseToken(rotation);
    case 'federated_credential':
      return method !== undefined && !methodNamed(method).hasSharedSecret;
    default:
      return false;
  }
};

/** What is still unknown of a preset, and still to be advised, once the config has stated facts of its own. */
export const openQuestions = (
  { unknowns, advice }: Pick<ProviderProfile, 'unknowns' | 'advice'>,
  stated: Stated,
): Pick<ProviderProfile, 'unknowns' | 'advice'> => ({
  unknowns: unknowns.filter((unknown) => !isSettled(unknown, stated)),
  advice: advice.filter((one) => !isFollowed(one, stated)),
});
