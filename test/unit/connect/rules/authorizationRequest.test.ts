import { describe, expect, it } from 'vitest';
import { authorizationRequest } from '../../../../src/lib/connect/rules/authorizationRequest.ts';
import { exchangeFailure } from '../../../../src/lib/connect/rules/exchangeFailure.ts';
import { PROVIDER_PRESETS } from '../../../../src/lib/oauth/presets/providerPreset.ts';
import { profileFrom } from '../../../../src/lib/oauth/presets/providerSettings.ts';

const ATTEMPT = {
  clientId: 'client',
  scopes: ['api.read', 'api.write'],
  redirectUri: 'http://127.0.0.1:7072/callback/crm',
  state: 'the-state',
  codeChallenge: 'the-challenge',
  nonce: 'the-nonce',
};

const queryOf = (preset: string): Record<string, string> => {
  const variables = Object.fromEntries(
    (PROVIDER_PRESETS.get(preset)?.endpointVariables ?? []).map((name) => [name, 'acme.example']),
  );
  const reading = profileFrom(preset, { variables });
  if (!reading.ok || reading.profile.authorization === undefined) throw new Error(preset);
  const url = new URL(authorizationRequest(reading.profile.authorization, ATTEMPT));
  expect(url.protocol).toBe('https:');
  return Object.fromEntries(url.searchParams);
};

describe('the authorization request', () => {
  it.each([...PROVIDER_PRESETS.keys()])('of %s has what the code flow takes', (preset) => {
    expect(queryOf(preset)).toMatchObject({
      response_type: 'code',
      client_id: 'client',
      redirect_uri: ATTEMPT.redirectUri,
      state: 'the-state',
    });
  });

  it('carries PKCE everywhere but at Slack, where it would make a public client of the app', () => {
    const without = [...PROVIDER_PRESETS.keys()].filter((preset) => !('code_challenge' in queryOf(preset)));
    expect(without).toEqual(['slack', 'slack_user']);
    expect(queryOf('google')).toMatchObject({
      code_challenge_method: 'S256',
      code_challenge: 'the-challenge',
    });
  });

  it('carries a nonce where the ID token says whose consent it is, and asks for one there', () => {
    const asking = [...PROVIDER_PRESETS.keys()].map(queryOf).filter((query) => 'nonce' in query);
    expect(asking.length).toBeGreaterThan(0);
    for (const { scope, nonce } of asking)
      expect([scope?.includes('openid'), nonce]).toEqual([true, 'the-nonce']);
    expect(queryOf('dropbox')).not.toHaveProperty('nonce');
  });

  it('asks for the scopes of the provider and of the grant, in the way of that provider', () => {
    expect(queryOf('entra')['scope']).toBe('openid offline_access api.read api.write');
    expect(queryOf('zoho')['scope']).toBe('api.read,api.write');
    expect(queryOf('slack_user')).toMatchObject({ user_scope: 'api.read,api.write' });
  });

  it('is none of the config where that would replace a parameter of the protocol', () => {
    const authorization = {
      endpoint: 'https://a.example/auth',
      parameters: { redirect_uri: 'https://evil.example' },
    };
    expect(profileFrom('own', { tokenEndpoint: 'https://a.example/token', authorization })).toMatchObject({
      faults: [{ member: 'authorization.parameters.redirect_uri' }],
    });
  });

  it('keeps what a preset says where the config changes one thing', () => {
    const reading = profileFrom('google', { authorization: { parameters: { access_type: 'offline' } } });
    expect(reading).toMatchObject({
      profile: {
        authorization: {
          endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
          parameters: { access_type: 'offline' },
        },
      },
    });
  });
});

describe('a code that brought no tokens', () => {
  it.each([
    [
      { kind: 'refused', class: 'dead', oauthError: 'invalid_grant', httpStatus: 400 },
      'code_refused',
      'again',
    ],
    [{ kind: 'refused', class: 'client', oauthError: undefined, httpStatus: 401 }, 'code_refused', 'secret'],
    [{ kind: 'ambiguous', reason: 'HTTP 502: no token' }, 'answer_lost', 'again'],
    [{ kind: 'not_sent', reason: 'no connection' }, 'not_sent', 'again'],
    [{ kind: 'fenced' }, 'not_sent', 'again'],
  ] as const)('%o is told with what to do', (answer, code, action) => {
    expect(exchangeFailure(answer, { displayName: 'Contoso' })).toMatchObject({
      code,
      message: expect.stringContaining('nothing was changed'),
      action: expect.stringContaining(action),
    });
  });
});
