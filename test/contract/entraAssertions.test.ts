import { createHash, X509Certificate } from 'node:crypto';
import { decodeJwt, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { certificateOf } from '../fakes/certificateOf.ts';
import { clientCredential, credentialStore } from '../fakes/clientCredential.ts';
import { manualClock } from '../fakes/manualClock.ts';
import { pemSigner } from '../fakes/pemSigner.ts';
import { startedEntra } from '../fakes/startedEntra.ts';

const { world, prove, refusedWith } = startedEntra();

describe('an assertion that a key of Key Vault signs', () => {
  const { cert: certificate, key } = certificateOf('crm', 'rsa');
  const { raw } = new X509Certificate(certificate);
  const names = {
    algorithm: 'PS256',
    certificateThumbprintSha256: createHash('sha256').update(raw).digest('base64url'),
  } as const;
  const signer = pemSigner(key, names);
  const credential = clientCredential('private_key_jwt', { clientKey: { keyName: 'signer' } });
  const register = () => {
    world.application.certificates = [{ keyId: 'one', displayName: '', certificate }];
  };

  it('is taken, and held like any other secret', async () => {
    register();
    const { result, held } = await prove({ credential }, { store: credentialStore('', signer) });
    expect(result).toMatchObject({ ok: true });
    expect(decodeJwt(held[0] ?? '')).toMatchObject({
      iss: world.application.appId,
      sub: world.application.appId,
    });
  });

  it('is refused where its certificate is not registered', async () => {
    const result = await refusedWith({ credential }, { store: credentialStore('', signer) });
    expect(result).toMatchObject({ code: 'assertion_refused', numbers: [700027] });
    expect(result.action).toContain('key signer of kv-clients');
  });

  it('is refused where it is for another audience, or this clock is an hour off', async () => {
    register();
    const store = credentialStore('', signer);
    const elsewhere = clientCredential('private_key_jwt', {
      clientKey: { keyName: 'signer', audience: 'https://elsewhere.example' },
    });
    expect(await refusedWith({ credential: elsewhere }, { store })).toMatchObject({
      ...{ code: 'assertion_refused', numbers: [700023] },
    });
    const clock = manualClock(world.clock.nowEpochMs() - 3_600_000);
    expect(await refusedWith({ credential }, { store, clock })).toMatchObject({
      ...{ code: 'assertion_refused', numbers: [700024] },
      message: expect.stringContaining('not within its valid time range'),
    });
  });

  it('is told as not asked where the signature fails', async () => {
    const sign = async () => {
      throw new Error('the key is disabled');
    };
    const store = credentialStore('', { ...names, sign });
    expect(await refusedWith({ credential }, { store })).toMatchObject({
      code: 'not_asked',
      retryable: true,
    });
  });
});

describe('the identity of Keywatch instead of a secret', () => {
  const credential = clientCredential('federated_identity', { clientIdentity: {} });
  const claims = { iss: 'https://login.example/v2.0', sub: 'prover', aud: 'api://AzureADTokenExchange' };
  const token = new UnsecuredJWT(claims).encode();
  const audiences: string[] = [];
  const store = {
    ...credentialStore(),
    identityToken: async (audience: string) => {
      audiences.push(audience);
      return { ok: true, token } as const;
    },
  };

  it('is taken where the application trusts it, and its token is held', async () => {
    world.application.federatedCredentials = [{ issuer: claims.iss, subject: 'prover' }];
    const { result, held } = await prove({ credential }, { store });
    expect(result).toMatchObject({ ok: true });
    expect(audiences).toEqual(['api://AzureADTokenExchange']);
    expect(held).toContain(token);
  });

  it('is refused where the application trusts another, which the identity team has to mend', async () => {
    world.application.federatedCredentials = [{ issuer: claims.iss, subject: 'another' }];
    const result = await refusedWith({ credential }, { store });
    expect(result).toMatchObject({ code: 'federation_refused', numbers: [700213] });
  });
});
