import { CUSTOM_PROVIDER_DEFAULTS, type ProviderProfile } from '../../src/lib/oauth/rules/providerProfile.ts';

/** A custom provider with nothing known about it, and the changes that a test is about. */
export const strictProfile = (changes: Partial<ProviderProfile> = {}): ProviderProfile => ({
  ...CUSTOM_PROVIDER_DEFAULTS,
  id: 'partner',
  displayName: 'Partner',
  tokenEndpoint: 'https://as.example/token',
  ...changes,
});
