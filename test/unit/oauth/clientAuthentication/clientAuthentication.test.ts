import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, exportJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ClientAuthentication } from '../../../../src/lib/oauth/clientAuthentication/clientCredential.ts';
import {
  ASSERTION_ALGORITHMS,
  type AssertionAlgorithm,
} from '../../../../src/lib/oauth/rules/assertionAlgorithm.ts';
import { bySecret, bySigner, clientCredential, credentialStore } from '../../../fakes/clientCredential.ts';
import { pemSigner } from '../../../fakes/pemSigner.ts';
import { rsaPair } from '../../../fakes/rsaPair.ts';

const nowEpochMs = Date.parse('2026-11-22T12:00:00Z');
const prove = async (authenticate: ClientAuthentication, clientId = 'client-1') => {
  const proof = await authenticate({ clientId, tokenEndpoint: 'https://as.example/token', nowEpochMs });
  return { headers: {}, parameters: {}, ...proof } as Record<
    'headers' | 'parameters',
    Record<string, string>
  >;
};

describe('the proof of a client', () => {
  it('encodes id and secret before it joins them for Basic', async () => {
    const basic = bySecret('client_secret_basic', "p%:s w+ö'!");
    const { headers, parameters } = await prove(basic, 'id:1 é');
    const [id, secret] = Buffer.from(headers['authorization']?.slice(6) ?? '', 'base64')
      .toString()
      .split(':');
    expect([id, secret]).toEqual(['id%3A1+%C3%A9', 'p%25%3As+w%2B%C3%B6%27%21']);
    expect(parameters).toEqual({});
  });

  it('joins id and secret as they are for a server that decodes neither', async () => {
    const basic = bySecret('client_secret_basic', "p%:s w+'!", { basicFormEncoding: false });
    const { headers } = await prove(basic, 'id 1');
    const pair = Buffer.from(headers['authorization']?.slice(6) ?? '', 'base64').toString();
    expect(pair).toBe("id 1:p%:s w+'!");
  });

  it('was issued a little while ago, and says nothing of a time before which it is not valid', async () => {
    const signer = pemSigner(pem('rsa').text, { algorithm: 'RS256' });
    const payloadOf = async (lifetimeSeconds?: number) => {
      const { parameters } = await prove(
        bySigner(signer, lifetimeSeconds === undefined ? {} : { lifetimeSeconds }),
      );
      return decodeJwt(parameters['client_assertion'] ?? '');
    };
    const { iat = 0, exp = 0, nbf } = await payloadOf();
    expect([nowEpochMs / 1000 - iat, exp - iat, nbf]).toEqual([10, 300, undefined]);
    const short = await payloadOf(60);
    expect((short.exp ?? 0) - (short.iat ?? 0)).toBe(60);
  });

  it('posts id and secret, or the id alone', async () => {
    expect(await prove(bySecret('client_secret_post', 's'))).toEqual({
      headers: {},
      parameters: { client_id: 'client-1', client_secret: 's' },
    });
    const publicClient = await clientCredential('none').open(credentialStore());
    expect(publicClient.ok && (await prove(publicClient.authenticate))).toEqual({
      headers: {},
      parameters: { client_id: 'client-1' },
    });
  });

  const pem = (kind: 'rsa' | 'ec', curve = 'P-256') => {
    const pair = kind === 'rsa' ? rsaPair() : generateKeyPairSync('ec', { namedCurve: curve });
    const text = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { publicKey: pair.publicKey, text };
  };

  const CURVES: Partial<Record<AssertionAlgorithm, string>> = { ES384: 'P-384', ES512: 'P-521' };

  it.each(ASSERTION_ALGORITHMS)('signs an assertion that verifies with %s', async (algorithm) => {
    const { publicKey, text } = pem(algorithm.startsWith('ES') ? 'ec' : 'rsa', CURVES[algorithm]);
    const signer = pemSigner(text, { algorithm, keyId: 'k1', certificateThumbprintSha256: 'thumb' });
    const { parameters } = await prove(bySigner(signer));
    expect(parameters['client_assertion_type']).toBe(
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    );
    const keys = createLocalJWKSet({
      keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: algorithm }],
    });
    const verified = await jwtVerify(parameters['client_assertion'] ?? '', keys, {
      issuer: 'client-1',
      subject: 'client-1',
      audience: 'https://as.example/token',
      currentDate: new Date(nowEpochMs),
    });
    expect(verified.protectedHeader).toMatchObject({ alg: algorithm, kid: 'k1', 'x5t#S256': 'thumb' });
    expect(verified.payload.jti).toMatch(/^[0-9a-f-]{36}$/);
  });
});
