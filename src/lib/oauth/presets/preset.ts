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
  Partial<Omit<ProviderProfile, 'endpointVariables'>>;

/** The other addresses of a provider have no placeholder that its token endpoint has not. */
export const preset = (facts: PresetFacts): ProviderProfile => ({
  ...CUSTOM_PROVIDER_DEFAULTS,
  endpointVariables: [...facts.tokenEndpoint.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
  ...facts,
});

const advice =
  (code: ProviderAdvice['code']) =>
  (text: string): ProviderAdvice => ({ code, text });

export const federatedCredential = advice('federated_credential');
export const noRefreshToken = advice('no_refresh_token_flow');
export const publishApp = advice('publish_app');

/** For a client that can keep a secret, rotation protects nothing. @see FAPI 2.0 Security Profile */
export const disableRotation = (where: string): ProviderAdvice => ({
  code: 'disable_rotation',
  text: `A confidential client gains nothing from rotation and can lose the token by it: ${where}.`,
});

export const enableGrace = (where: string): ProviderAdvice => ({
  code: 'enable_grace',
  text: `With a grace period no crash can lose a token: ${where}.`,
});
