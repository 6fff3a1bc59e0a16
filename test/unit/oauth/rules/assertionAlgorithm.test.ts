import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import type {
  AssertionSigner,
  ClientCredentialStore,
  SignerChoice,
} from '../../../../src/lib/oauth/ports.ts';
import { chooseAlgorithm } from '../../../../src/lib/oauth/rules/assertionAlgorithm.ts';
import { credentialStore } from '../../../fakes/clientCredential.ts';
import {
  BOOKINGS,
  configOf,
  faultsOf,
  PARTNER,
  REFRESH_SETTINGS as SETTINGS,
} from '../../../fakes/config.ts';

const { clientSecret: _, ...WITHOUT_SECRET } = BOOKINGS;

const rsa = { keyType: 'RSA-HSM', curve: undefined };
const ec = (curve: string) => ({ keyType: 'EC', curve });

describe('the algorithm of an assertion', () => {
  it('is RS256 for RSA unless the provider wants another, and what the curve prescribes', () => {
    expect(chooseAlgorithm(rsa, undefined)).toEqual({ ok: true, algorithm: 'RS256' });
    expect(chooseAlgorithm(rsa, undefined, 'PS256')).toEqual({ ok: true, algorithm: 'PS256' });
    expect(
      ['P-256', 'P-384', 'P-521'].map((curve) => chooseAlgorithm(ec(curve), undefined, 'PS256')),
    ).toEqual(['ES256', 'ES384', 'ES512'].map((algorithm) => ({ ok: true, algorithm })));
  });

  it('is what the config names where the key can, and otherwise says why not', () => {
    expect(chooseAlgorithm(rsa, 'PS512', 'PS256')).toEqual({ ok: true, algorithm: 'PS512' });
    expect(chooseAlgorithm(rsa, 'ES256')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('ES256'),
    });
    expect(chooseAlgorithm(ec('P-384'), 'ES256')).toMatchObject({ ok: false });
    expect(chooseAlgorithm(ec('P-256K'), undefined)).toMatchObject({ ok: false });
    expect(chooseAlgorithm({ keyType: 'oct', curve: undefined }, undefined)).toMatchObject({ ok: false });
  });

  it('comes from the grant, or from the preset of its provider', async () => {
    const grants = [
      {
        ...WITHOUT_SECRET,
        provider: 'entra',
        clientKey: { keyName: 'signer', algorithm: 'RS512', lifetimeSeconds: 60 },
      },
    ];
    const providers = [
      { id: 'entra', variables: { tenant: 'contoso' }, clientAuthenticationMethod: 'private_key_jwt' },
    ];
    const asked: SignerChoice[] = [];
    const signer: AssertionSigner = { algorithm: 'RS512', sign: async () => new Uint8Array() };
    const openSigner: ClientCredentialStore['openSigner'] = async (_key, choice) => {
      asked.push(choice);
      return { ok: true, signer };
    };
    const credential = configOf(SETTINGS, { providers, grants }).grants[0]?.grant.clientCredential;
    const client = await credential?.open({ ...credentialStore(), openSigner });
    expect(asked).toEqual([{ algorithm: 'RS512', rsaDefault: 'PS256' }]);
    const request = { clientId: 'c', tokenEndpoint: 'https://as.example/token', nowEpochMs: 0 };
    const proof = client?.ok ? await client.authenticate(request) : undefined;
    const { iat = 0, exp = 0 } = decodeJwt(proof?.parameters?.['client_assertion'] ?? '');
    expect(exp - iat).toBe(60);
    const wrong = { ...grants[0], clientKey: { keyName: 'signer', algorithm: 'HS256', lifetimeSeconds: 5 } };
    expect(faultsOf(SETTINGS, { providers, grants: [wrong] })).toHaveLength(2);
  });
});

describe('Basic without encoding', () => {
  it('takes no client id with a colon, which would end it', () => {
    const providers = [
      { ...PARTNER, clientAuthenticationMethod: 'client_secret_basic', basicFormEncoding: false },
    ];
    expect(faultsOf(SETTINGS, { providers, grants: [BOOKINGS] })).toEqual([]);
    const grants = [{ ...BOOKINGS, clientId: 'urn:contoso' }];
    expect(faultsOf(SETTINGS, { providers, grants })).toEqual([expect.stringContaining('a colon')]);
  });
});
