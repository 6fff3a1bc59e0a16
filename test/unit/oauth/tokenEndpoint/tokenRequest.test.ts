import { expect, it } from 'vitest';
import { buildTokenRequest } from '../../../../src/lib/oauth/tokenEndpoint/tokenRequest.ts';
import { publicClient } from '../../../fakes/clientCredential.ts';
import { NOW_EPOCH_MS } from '../../../fakes/metadata.ts';
import { strictProfile } from '../../../fakes/profiles.ts';

it('sends the redirect_uri of the config with a refresh, and that of its own attempt with a code', async () => {
  const call = {
    grantId: 'shop',
    profile: strictProfile({ extraParameters: { redirect_uri: 'https://app.example/callback' } }),
    clientId: 'client-1',
    authenticate: publicClient,
    timeoutMs: 5000,
  };
  const sent = async (given: Parameters<typeof buildTokenRequest>[0]) =>
    new URLSearchParams((await buildTokenRequest(given, NOW_EPOCH_MS)).body).get('redirect_uri');
  const ofAttempt = 'http://127.0.0.1:8400/callback/shop';
  expect(await sent({ ...call, refreshToken: 'token' })).toBe('https://app.example/callback');
  expect(await sent({ ...call, code: 'code', codeVerifier: undefined, redirectUri: ofAttempt })).toBe(
    ofAttempt,
  );
});
