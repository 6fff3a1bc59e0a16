import { nearestName } from '../../kernel/nearestName.ts';
import type { AuthorizationFacts } from '../rules/authorizationFacts.ts';
import { openQuestions } from '../rules/openQuestions.ts';
import { CUSTOM_PROVIDER_DEFAULTS, type ProviderProfile } from '../rules/providerProfile.ts';
import { type ProfileFault, validateProfile } from '../rules/validateProfile.ts';
import { PROVIDER_PRESETS, providerPreset } from './providerPreset.ts';

/** Facts that the config may state of a provider; they replace the preset's. */
export type ProviderOverrides = Partial<
  Omit<ProviderProfile, 'id' | 'endpointVariables' | 'sources' | 'unknowns' | 'advice' | 'authorization'>
> & { readonly authorization?: Partial<AuthorizationFacts> | undefined };

/** One provider as the config file names it: a preset, an endpoint of its own, or a preset with changes. */
export interface ProviderSettings extends ProviderOverrides {
  /** Id of a preset; absent: the provider's own id where that is one, else a custom provider. */
  readonly preset?: string | undefined;
  /** Values for the `{name}` placeholders of the preset's addresses. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
}

export type ProfileReading =
  | { readonly ok: true; readonly profile: ProviderProfile }
  | { readonly ok: false; readonly faults: readonly ProfileFault[] };

// A value may be a host, a realm or a tenant: nothing that could turn the address elsewhere.
const VARIABLE = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?(?::\d{1,5})?$/;

const fill = (address: string, variables: Readonly<Record<string, string>>): string =>
  address.replaceAll(/\{([^{}]*)\}/g, (placeholder, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? placeholder) : placeholder,
  );

const filledAuthorization = (
  facts: AuthorizationFacts,
  variables: Readonly<Record<string, string>>,
): AuthorizationFacts => ({
  ...facts,
  endpoint: fill(facts.endpoint, variables),
  issuer: facts.issuer && fill(facts.issuer, variables),
});

const variableFaults = (base: ProviderProfile, variables: Readonly<Record<string, string>>): ProfileFault[] =>
  Object.entries(variables).flatMap(([name, value]): ProfileFault[] => {
    const member = `variables.${name}`;
    const allowed = base.endpointVariables;
    if (!allowed.includes(name))
      return [{ member, given: 'unknown', allowed: allowed.length > 0 ? allowed.join(', ') : 'none' }];
    if (VARIABLE.test(value)) return [];
    return [
      {
        member,
        given: JSON.stringify(value),
        allowed: 'letters, digits, dots and dashes, as in a host name',
      },
    ];
  });

const defined = (settings: ProviderSettings): ProviderOverrides => {
  const { preset: _preset, variables: _variables, ...overrides } = settings;
  return Object.fromEntries(Object.entries(overrides).filter(([, value]) => value !== undefined));
};

const baseOf = (id: string, { preset, tokenEndpoint }: ProviderSettings): ProviderProfile | undefined => {
  const known = providerPreset(preset ?? id);
  if (known !== undefined || preset !== undefined) return known;
  return tokenEndpoint === undefined
    ? undefined
    : { ...CUSTOM_PROVIDER_DEFAULTS, id, displayName: id, tokenEndpoint };
};

/** The profile of one provider of the config, or everything that is wrong with it. Pure. */
export const profileFrom = (
  id: string,
  settings: ProviderSettings,
  options: { allowLoopback?: boolean } = {},
): ProfileReading => {
  const base = baseOf(id, settings);
  if (base === undefined) {
    const given =
      settings.preset === undefined ? 'neither a preset nor a tokenEndpoint' : `"${settings.preset}"`;
    const near = nearestName(settings.preset ?? id, [...PROVIDER_PRESETS.keys()]);
    const meant = near === undefined ? '' : ` ("${near}", if that was meant)`;
    const allowed = `a tokenEndpoint, or the id of a preset${meant}`;
    return { ok: false, faults: [{ member: 'preset', given, allowed }] };
  }
  const variables = settings.variables ?? {};
  const { authorization: asked, ...stated } = defined(settings);
  const authorization =
    asked === undefined && base.authorization === undefined
      ? undefined
      : filledAuthorization({ endpoint: '', ...base.authorization, ...asked }, variables);
  const merged: ProviderProfile = { ...base, ...stated, ...openQuestions(base, stated), id, authorization };
  const filled: ProviderProfile = {
    ...merged,
    tokenEndpoint: fill(merged.tokenEndpoint, variables),
    refreshUrl: merged.refreshUrl && fill(merged.refreshUrl, variables),
    introspectionEndpoint: merged.introspectionEndpoint && fill(merged.introspectionEndpoint, variables),
    proofCall: merged.proofCall && { ...merged.proofCall, url: fill(merged.proofCall.url, variables) },
    endpointVariables: [],
  };
  const faults = [...variableFaults(base, variables), ...validateProfile(filled, options)];
  return faults.length > 0 ? { ok: false, faults } : { ok: true, profile: filled };
};
