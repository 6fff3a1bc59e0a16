import {
  CUSTOM_PROVIDER_DEFAULTS,
  type ProviderAdvice,
  type ProviderProfile,
} from '../rules/providerProfile.ts';

/** What a preset has to say; everything else is the careful default of a custom provider. */
export type PresetFacts = Pick<
  ProviderProfile,
  'id' | 'displayName' | 'rotation' | 'tokenEndpoint' | 'sources'
> &
  Partial<ProviderProfile>;

export const preset = (facts: PresetFacts): ProviderProfile => ({ ...CUSTOM_PROVIDER_DEFAULTS, ...facts });

/** For a client that can keep a secret, rotation protects nothing. @see FAPI 2.0 Security Profile */
export const disableRotation = (where: string): ProviderAdvice => ({
  code: 'disable_rotation',
  text: `A confidential client gains nothing from rotation and can lose the token by it: ${where}.`,
});

export const enableGrace = (where: string): ProviderAdvice => ({
  code: 'enable_grace',
  text: `With a grace period no crash can lose a token: ${where}.`,
});
