import { describe, expect, it } from 'vitest';
import { PROVIDER_PRESETS } from '../../../../src/lib/oauth/presets/providerPreset.ts';
import { type ProviderSettings, profileFrom } from '../../../../src/lib/oauth/presets/providerSettings.ts';

const report = (id: string, settings: ProviderSettings = {}) => {
  const names = PROVIDER_PRESETS.get(id)?.endpointVariables ?? [];
  const variables = Object.fromEntries(names.map((name) => [name, 'login.example']));
  const reading = profileFrom(id, { ...settings, variables });
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  const { unknowns, advice } = reading.profile;
  return { unknowns, advice: advice.map(({ code }) => code) };
};

describe('what the config of a provider states', () => {
  it('is neither advised nor called unknown any more', () => {
    expect(report('auth0').advice).toEqual(['enable_grace', 'disable_rotation']);
    const withGrace = report('auth0', { rotation: { kind: 'grace', graceSeconds: 60 } });
    expect(withGrace.advice).toEqual(['disable_rotation']);
    expect(withGrace.unknowns).toEqual([expect.stringMatching(/^Both lifetimes/)]);
    const settled = report('auth0', { rotation: { kind: 'static' }, idleDays: 15, absoluteDays: 365 });
    expect(settled).toEqual({ unknowns: [], advice: [] });
    expect(report('keycloak', { rotation: { kind: 'keeps_old' } }).advice).toEqual([]);
    expect(report('entra', { clientAuthenticationMethod: 'private_key_jwt' }).advice).not.toContain(
      'federated_credential',
    );
  });

  it('does not silence what it does not answer', () => {
    const tooShort = report('auth0', { rotation: { kind: 'grace', graceSeconds: 5 } });
    expect(tooShort.advice).toContain('enable_grace');
    expect(report('google', { idleDays: 30 }).advice).toContain('publish_app');
    expect(report('docusign', { absoluteDays: 30 }).unknowns).toContain(
      'What becomes of the old token is not documented: treated as strict.',
    );
  });

  it('changes nothing of a preset that is taken as it is', () => {
    for (const id of ['salesforce', 'auth0', 'entra']) {
      expect(report(id).unknowns, id).toEqual(PROVIDER_PRESETS.get(id)?.unknowns);
    }
  });
});
