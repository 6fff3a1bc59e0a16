import type { ProviderProfile } from '../rules/providerProfile.ts';
import { BUSINESS_PRESETS } from './businessPresets.ts';
import { IDENTITY_PRESETS } from './identityPresets.ts';
import { PLATFORM_PRESETS } from './platformPresets.ts';

/** Every provider that Keywatch knows, by id. */
export const PROVIDER_PRESETS: ReadonlyMap<string, ProviderProfile> = new Map(
  [...IDENTITY_PRESETS, ...BUSINESS_PRESETS, ...PLATFORM_PRESETS]
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map((profile) => [profile.id, profile]),
);

/** The preset of that id; `undefined` when there is none. */
export const providerPreset = (id: string): ProviderProfile | undefined => PROVIDER_PRESETS.get(id);
