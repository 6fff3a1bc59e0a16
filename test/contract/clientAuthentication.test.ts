import { generateKeyPairSync } from 'node:crypto';
import { exportJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import type { ClientAuthentication } from '../../src/lib/oauth/clientAuthentication/clientCredential.ts';
import type { AssertionAlgorithm } from '../../src/lib/oauth/rules/assertionAlgorithm.ts';
import { tokenEndpoint } from '../../src/lib/oauth/tokenEndpoint/tokenEndpoint.ts';
import { bySecret, bySigner } from '../fakes/clientCredential.ts';
import { pemSigner } from '../fakes/pemSigner.ts';
import { strictProfile } from '../fakes/profiles.ts';
import { rsaPair } from '../fakes/rsaPair.ts';
import { startOidcProvider } from '../fakes/startOidcProvider.ts';

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384'] as const;
const SPECIAL = { id: 'client with spaces&more', secret: "p%40:ss+wo rd/=&'!~" };

const pairOf = (algorithm: AssertionAlgorithm) => {
  if (algorithm === 'ES384') return generateKeyPairSync('ec', { namedCurve: 'P-384' });
  return algorithm === 'ES256'
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : rsaPair(algorithm === 'RS256' ? 0 : 1);
};
const pairs = new Map(ALGORITHMS.map((algorithm) => [algorithm, pairOf(algorithm)]));

let address = '';

beforeAll(async () => {
  const common = {
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code' as const],
    redirect_uris: ['https://client.example/cb'],
  };
  const keyed = await Promise.all(
    [...pairs].map(async ([algorithm, { publicKey }]) => ({
      ...common,
      client_id: `jwt-${algorithm}`,
      token_endpoint_auth_method: 'private_key_jwt' as const,
      token_endpoint_auth_signing_alg: algorithm,
      jwks: { keys: [{ ...(await exportJWK(publicKey)), alg: algorithm, use: 'sig', kid: algorithm }] },
    })),
  );
  const basic = {
    ...common,
    client_id: SPECIAL.id,
    client_secret: SPECIAL.secret,
    token_endpoint_auth_method: 'client_secret_basic' as const,
  };
  address = await startOidcProvider({
    clients: [...keyed, basic] as never,
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: [...ALGORITHMS] },
  });
});

/** A server that has authenticated the client goes on to the token, which is none of its own. */
const answerTo = (clientId: string, authenticate: ClientAuthentication) =>
  tokenEndpoint({ clock: systemClock, allowLoopback: true }).refresh({
    grantId: 'partner',
    profile: strictProfile({ tokenEndpoint: address }),
    clientId,
    authenticate,
    refreshToken: 'a-token-that-nobody-issued',
    timeoutMs: 10_000,
  });

describe('a real authorization server', () => {
  it.each(ALGORITHMS)('takes an assertion signed with %s', async (algorithm) => {
    const pem = pairs.get(algorithm)?.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() ?? '';
    const signer = pemSigner(pem, { algorithm, keyId: algorithm });
    expect(await answerTo(`jwt-${algorithm}`, bySigner(signer))).toMatchObject({
      kind: 'refused',
      oauthError: 'invalid_grant',
    });
  });

  it('refuses the client when its key signs with another algorithm than it is registered for', async () => {
    const pem = pairs.get('RS256')?.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() ?? '';
    const signer = pemSigner(pem, { algorithm: 'PS256', keyId: 'RS256' });
    expect(await answerTo('jwt-RS256', bySigner(signer))).toMatchObject({
      oauthError: 'invalid_client',
      class: 'client',
    });
  });

  it('reads id and secret of any characters in Basic, when they are encoded and not otherwise', async () => {
    const basic = (basicFormEncoding?: boolean) =>
      answerTo(SPECIAL.id, bySecret('client_secret_basic', SPECIAL.secret, { basicFormEncoding }));
    expect(await basic()).toMatchObject({ oauthError: 'invalid_grant' });
    expect(await basic(false)).not.toMatchObject({ oauthError: 'invalid_grant' });
  });
});
