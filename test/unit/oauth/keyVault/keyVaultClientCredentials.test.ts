import { importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import type { ClientAuthenticationMethodName } from '../../../../src/lib/oauth/clientAuthentication/methods.ts';
import { keyVaultClientCredentials } from '../../../../src/lib/oauth/keyVault/keyVaultClientCredentials.ts';
import { ownerIdentity, scannerIdentity } from '../../../../src/local/keyVault/identities.ts';
import { type CredentialEntry, clientCredential } from '../../../fakes/clientCredential.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { START_EPOCH_MS, startKeyVault } from '../../../fakes/startKeyVault.ts';

const start = async (identity = ownerIdentity) => {
  const { standIn, vault, clientsOf } = await startKeyVault();
  const store = keyVaultClientCredentials({
    credential: standIn.credentialFor(identity),
    allowLoopback: true,
    clock: manualClock(),
  });
  const open = (method: ClientAuthenticationMethodName, { clientSecret, clientKey }: CredentialEntry = {}) =>
    clientCredential(method, {
      ...(clientSecret && { clientSecret: { vault: vault.url, ...clientSecret } }),
      ...(clientKey && { clientKey: { vault: vault.url, ...clientKey } }),
    }).open(store);
  const openSigner = () =>
    store.openSigner({ kind: 'key', setting: 'clientKey', vaultUrl: vault.url, name: 'sign' }, {});
  return { vault, clients: clientsOf(), store, open, openSigner };
};

const SECRET: CredentialEntry = { clientSecret: { secretName: 'crm-client' } };
const KEY: CredentialEntry = { clientKey: { keyName: 'sign' } };
const ENDED = new Date('2026-11-20T08:00:00Z');
const LATER = new Date('2026-12-01T08:00:00Z');
const REQUEST = {
  clientId: 'client-1',
  tokenEndpoint: 'https://as.example/token',
  nowEpochMs: Date.parse('2026-11-22T12:00:00Z'),
};

describe('the client credential', () => {
  it('is read anew each time, so that a rotated secret is the one that is sent', async () => {
    const { clients, open } = await start();
    expect(await open('client_secret_post', SECRET)).toMatchObject({ ok: false, reason: 'not_found' });
    for (const secret of ['first', 'second']) {
      await clients.secrets.setSecret('crm-client', secret);
      const client = await open('client_secret_post', SECRET);
      expect(client.ok && (await client.authenticate(REQUEST)).parameters).toMatchObject({
        client_secret: secret,
      });
    }
  });

  it('that is soft-deleted waits to be recovered, a secret as well as a key', async () => {
    const { clients, open } = await start();
    await clients.secrets.setSecret('crm-client', 'value');
    await (await clients.secrets.beginDeleteSecret('crm-client')).pollUntilDone();
    await clients.keys.createEcKey('sign');
    await (await clients.keys.beginDeleteKey('sign')).pollUntilDone();
    for (const client of [await open('client_secret_basic', SECRET), await open('private_key_jwt', KEY)])
      expect(client).toMatchObject({ reason: 'deleted', retryable: false });
  });

  it('is nothing for a public client, and no request', async () => {
    const { vault, open } = await start();
    expect(await open('none')).toMatchObject({ ok: true });
    expect(vault.wireLog).toEqual([]);
  });

  it.each([
    ['has ended', { expiresOn: ENDED }, 'key_expired', 'ended on 2026-11-20T08:00:00Z'],
    ['has not begun', { notBefore: LATER }, 'key_not_yet_valid', 'is not valid before 2026-12-01T08:00:00Z'],
    ['may not sign', { keyOps: ['verify'] }, 'key_operation_forbidden', 'may not sign'],
    ['is disabled', { enabled: false }, 'disabled', 'is disabled'],
  ])('is named when its key %s, before anything is spent', async (_, change, reason, happened) => {
    const { clients, openSigner } = await start();
    const { properties } = await clients.keys.createEcKey('sign');
    await clients.keys.updateKeyProperties('sign', properties.version ?? '', change);
    expect(await openSigner()).toMatchObject({
      ...{ ok: false, code: `client_credential_${reason}`, reason, retryable: false },
      message: expect.stringContaining(happened),
      action: expect.stringContaining('az keyvault key set-attributes'),
    });
  });

  it('still signs with a key that ends tomorrow by the clock of Key Vault', async () => {
    const { clients, openSigner } = await start();
    // Long gone for the machine that runs this, whose clock is not asked.
    await clients.keys.createEcKey('sign', { expiresOn: new Date(START_EPOCH_MS + DAY_MS) });
    expect(await openSigner()).toMatchObject({ ok: true });
  });

  it.each([
    ['RSA', 'RS256', undefined],
    ['RSA', 'PS256', 'PS256'],
    ['EC', 'ES256', undefined],
  ] as const)(
    'signs with an %s key in the vault what a server verifies by %s',
    async (kind, algorithm, wanted) => {
      const { clients, open } = await start();
      const { key, properties } = await clients.keys.createKey('sign', kind, { keyOps: ['sign'] });
      const clientKey = { keyName: 'sign', ...(wanted && { algorithm: wanted }) };
      const client = await open('private_key_jwt', { clientKey });
      if (!client.ok) throw new Error(client.message);
      const { parameters } = await client.authenticate(REQUEST);
      const base64url = (bytes?: Uint8Array) => Buffer.from(bytes ?? []).toString('base64url');
      const coordinates = kind === 'RSA' ? (['n', 'e'] as const) : (['x', 'y'] as const);
      const members = coordinates.map((name) => [name, base64url(key?.[name])]);
      const jwk = { kty: kind, crv: 'P-256', ...Object.fromEntries(members) };
      const publicKey = await importJWK(jwk, algorithm);
      const verified = await jwtVerify(parameters?.['client_assertion'] ?? '', publicKey, {
        audience: 'https://as.example/token',
        currentDate: new Date(REQUEST.nowEpochMs),
      });
      expect(verified.protectedHeader).toMatchObject({ alg: algorithm, kid: properties.version });
      expect(verified.payload.sub).toBe('client-1');
    },
  );

  it('sends the thumbprint of a certificate, whose key signs', async () => {
    const { vault, store } = await start();
    const notAfterEpochMs = Date.parse('2027-11-22T12:00:00Z');
    vault.seed.certificate('sign-cert', { from: { notBeforeEpochMs: 0, notAfterEpochMs } });
    const key = { setting: 'clientKey', vaultUrl: vault.url, name: 'sign-cert' };
    expect(await store.openSigner({ ...key, kind: 'certificate' }, {})).toMatchObject({
      ok: true,
      signer: { certificateThumbprintSha256: expect.stringMatching(/^[\w-]{43}$/) },
    });
  });

  it('cannot be a curve that no server takes', async () => {
    const { clients, openSigner } = await start();
    await clients.keys.createEcKey('sign', { curve: 'P-521' });
    expect(await openSigner()).toMatchObject({ ok: false, reason: 'rejected', retryable: false });
  });

  it('can be a token of this identity, for the audience that the provider trusts', async () => {
    const asked: unknown[] = [];
    const tokenOf = (given: string | undefined) =>
      keyVaultClientCredentials({
        allowLoopback: true,
        clock: manualClock(),
        credential: {
          async getToken(scope) {
            asked.push(scope);
            return given === undefined ? null : { token: given, expiresOnTimestamp: 0 };
          },
        },
      }).identityToken('api://exchange');
    expect(await tokenOf('of-this-identity')).toEqual({ ok: true, token: 'of-this-identity' });
    expect(await tokenOf(undefined)).toMatchObject({ ok: false, retryable: true });
    expect(asked[0]).toBe('api://exchange/.default');
  });

  it('is out of reach for an identity that may only list', async () => {
    const { open } = await start(scannerIdentity);
    expect(await open('client_secret_post', SECRET)).toMatchObject({ ok: false, reason: 'forbidden' });
  });
});
