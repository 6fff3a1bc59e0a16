import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROVIDER_PRESETS } from '../../../../src/lib/oauth/presets/providerPreset.ts';
import { profileFrom } from '../../../../src/lib/oauth/presets/providerSettings.ts';
import { validateProfile } from '../../../../src/lib/oauth/rules/validateProfile.ts';
import { anyUrl } from '../../../fakes/anyUrl.ts';
import { strictProfile } from '../../../fakes/profiles.ts';

const WANTED =
  'atlassian auth0 box docusign dropbox entra github_app google hubspot hydra intuit keycloak okta salesforce salesforce_rtr servicenow slack xero zoho zoom';

describe('the presets', () => {
  it('know every provider of the list', () => {
    expect([...PROVIDER_PRESETS.keys()]).toEqual(expect.arrayContaining(WANTED.split(' ')));
  });

  it.each([...PROVIDER_PRESETS.values()])('$id is sound once its placeholders are filled', (preset) => {
    const variables = Object.fromEntries(preset.endpointVariables.map((name) => [name, 'acme.example']));
    expect(profileFrom(preset.id, { variables })).toMatchObject({ ok: true, profile: { id: preset.id } });
    const names = [...`${preset.tokenEndpoint}${preset.refreshUrl ?? ''}`.matchAll(/\{(\w+)\}/g)].map(
      ([, name]) => name,
    );
    expect([...preset.endpointVariables].sort()).toEqual(names.sort());
    expect(preset.sources.every((source) => source.startsWith('https://'))).toBe(true);
    expect(preset.sources.length).toBeGreaterThan(0);
  });

  it('say so where a provider is strict for want of a source', () => {
    for (const id of ['servicenow', 'hubspot', 'docusign', 'slack'])
      expect(PROVIDER_PRESETS.get(id)).toMatchObject({
        rotation: { kind: 'strict' },
        unknowns: expect.arrayContaining([expect.stringContaining('treated as strict')]),
      });
  });

  it('never share an address that the config has not filled', () => {
    expect(profileFrom('entra', {})).toEqual({
      ok: false,
      faults: [
        {
          member: 'tokenEndpoint',
          given: 'without a value for tenant',
          allowed: 'a variable for each placeholder',
        },
      ],
    });
  });
});

describe('a provider of the config', () => {
  it('may change what a preset says, under a name of its own', () => {
    const settings = {
      preset: 'okta',
      variables: { domain: 'acme.okta.com', authorizationServer: 'default' },
    };
    const reading = profileFrom('our-okta', {
      ...settings,
      rotation: { kind: 'strict' },
      idleDays: undefined,
    });
    expect(reading).toMatchObject({
      ok: true,
      profile: {
        id: 'our-okta',
        tokenEndpoint: 'https://acme.okta.com/oauth2/default/v1/token',
        rotation: { kind: 'strict' },
        idleDays: 7,
      },
    });
  });

  it.each(['evil.example/', 'a@evil.example', 'a?b', 'a#b', '../x', 'a{b}', '', '%2e', 'a\\b'])(
    'cannot turn an address elsewhere with the variable %j',
    (domain) => {
      expect(profileFrom('auth0', { variables: { domain } }).ok).toBe(false);
    },
  );

  it('is told which variables there are', () => {
    const reading = profileFrom('auth0', { variables: { domain: 'a.example', tenant: 'x' } });
    expect(reading).toMatchObject({ faults: [{ member: 'variables.tenant', allowed: 'domain' }] });
  });

  it('is told what is missing', () => {
    expect(profileFrom('partner', {})).toMatchObject({ ok: false, faults: [{ member: 'preset' }] });
    expect(profileFrom('partner', { preset: 'salesfroce' })).toMatchObject({
      faults: [{ given: '"salesfroce"' }],
    });
    expect(profileFrom('partner', { preset: 'constructor' }).ok).toBe(false);
  });
});

describe('an impossible profile', () => {
  const grace = (graceSeconds: number) => ({ rotation: { kind: 'grace', graceSeconds } as const });
  it.each<[string, Parameters<typeof strictProfile>[0], string]>([
    ['grace without seconds', grace(0), 'rotation.graceSeconds'],
    ['grace of no number', grace(Number.NaN), 'rotation.graceSeconds'],
    ['grace beyond idle', { ...grace(99_999), idleDays: 1 }, 'rotation.graceSeconds'],
    ['a negative lifetime', { idleDays: -1 }, 'idleDays'],
    ['a lifetime of a thousand years', { absoluteDays: 365_000 }, 'absoluteDays'],
    ['idle beyond absolute', { idleDays: 100, absoluteDays: 30 }, 'idleDays'],
    [
      'a static token issued anew',
      { rotation: { kind: 'static' }, absoluteDays: 9, absoluteFrom: 'issue' },
      'absoluteFrom',
    ],
    ['a path without a slash', { tokenPath: 'authed_user' }, 'tokenPath'],
    ['a broken error path', { errorIn200: { path: '/a~2', deadValues: [] } }, 'errorIn200.path'],
    ['http', { tokenEndpoint: 'http://as.example/token' }, 'tokenEndpoint'],
    ['loopback http outside local mode', { tokenEndpoint: 'http://127.0.0.1/token' }, 'tokenEndpoint'],
    ['a password in the address', { refreshUrl: 'https://u:p@as.example/' }, 'refreshUrl'],
    ['no address', { tokenEndpoint: 'token' }, 'tokenEndpoint'],
    ['a parameter of OAuth', { extraParameters: { refresh_token: 'x' } }, 'extraParameters.refresh_token'],
    [
      'the id of the client twice',
      { extraParameters: { client_id: 'x' }, clientAuthenticationMethod: 'client_secret_post' },
      'extraParameters.client_id',
    ],
    ['a header of two lines', { accept: 'a\r\nb' }, 'accept'],
    ['a header that HTTP cannot carry', { accept: 'application/json\u2013' }, 'accept'],
    ['a rate of nothing', { maxRefreshPer10Minutes: 0 }, 'maxRefreshPer10Minutes'],
  ])('is refused for %s', (_, changes, member) => {
    expect(validateProfile(strictProfile(changes)).map((found) => found.member)).toEqual([member]);
  });

  it('is none that sends what some providers want with a refresh, too', () => {
    const profile = strictProfile({
      clientAuthenticationMethod: 'client_secret_basic',
      extraParameters: { redirect_uri: 'https://app.example/callback', client_id: 'client-1' },
    });
    expect(validateProfile(profile)).toEqual([]);
  });

  it('is refused for a token in the query over http, even on this machine', () => {
    const profile = strictProfile({ bodyFormat: 'query', tokenEndpoint: 'http://127.0.0.1:8080/t' });
    expect(validateProfile(profile, { allowLoopback: true })).toMatchObject([{ member: 'bodyFormat' }]);
  });

  it('gets every fault at once', () => {
    const profile = strictProfile({ idleDays: -1, tokenPath: 'x', accept: '' });
    expect(validateProfile(profile)).toHaveLength(3);
  });

  it('never has an address that is neither https nor this machine', () => {
    fc.assert(
      fc.property(anyUrl('http', 'https', 'ftp'), (tokenEndpoint) => {
        const faults = validateProfile(strictProfile({ tokenEndpoint }), { allowLoopback: true });
        expect(faults.some(({ member }) => member === 'tokenEndpoint')).toBe(
          !tokenEndpoint.startsWith('https:'),
        );
      }),
    );
  });
});
