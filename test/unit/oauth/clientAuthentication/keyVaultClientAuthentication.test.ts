import { importJWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { proveClient } from '../../../../src/lib/oauth/clientAuthentication/clientAuthentication.ts';
import { keyVaultClientAuthentication } from '../../../../src/lib/oauth/clientAuthentication/keyVaultClientAuthentication.ts';
import type { ClientCredentialReference, Grant } from '../../../../src/lib/oauth/rules/grant.ts';
import { ownerIdentity, scannerIdentity } from '../../../../src/local/keyVault/identities.ts';
import { manualClock } from '../../../fakes/manualClock.ts';
import { START_EPOCH_MS, startKeyVault } from '../../../fakes/startKeyVault.ts';

const DAY_MS = 86_400_000;

const start = async (identity = ownerIdentity) => {
  const { standIn, vault, clientsOf } = await startKeyVault();
  const source = keyVaultClientAuthentication({
    credential: standIn.credentialFor(identity),
    allowLoopback: true,
    clock: manualClock(),
  });
  const reference = (name: string) => ({ vaultUrl: vault.url, name });
  const resolve = (clientCredential: ClientCredentialReference) =>
    source.resolve({
      id: 'crm',
      provider: 'partner',
      clientId: 'client-1',
      clientCredential,
      secret: reference('oauth-crm'),
      mode: 'refreshed',
    } satisfies Grant);
  return { vault, clients: clientsOf(), reference, resolve };
};

describe('the client credential', () => {
  it('is read anew each time, so that a rotated secret is the one that is sent', async () => {
    const { clients, reference, resolve } = await start();
    const credential = { method: 'client_secret_basic', secret: reference('crm-client') } as const;
    expect(await resolve(credential)).toMatchObject({
      ok: false,
      reason: 'not_found',
    });
    for (const clientSecret of ['first', 'second']) {
      await clients.secrets.setSecret('crm-client', clientSecret);
      const clientAuthentication = { method: 'client_secret_basic', clientSecret };
      expect(await resolve(credential)).toEqual({ ok: true, clientAuthentication });
    }
  });

  it('that is soft-deleted waits to be recovered, a secret as well as a key', async () => {
    const { clients, reference, resolve } = await start();
    await clients.secrets.setSecret('crm-client', 'value');
    await (await clients.secrets.beginDeleteSecret('crm-client')).pollUntilDone();
    await clients.keys.createRsaKey('sign');
    await (await clients.keys.beginDeleteKey('sign')).pollUntilDone();
    const secret = { method: 'client_secret_basic', secret: reference('crm-client') } as const;
    const key = { method: 'private_key_jwt', key: reference('sign'), isCertificate: false } as const;
    for (const credential of [secret, key]) {
      expect(await resolve(credential)).toMatchObject({ reason: 'deleted', retryable: false });
    }
  });

  it('is nothing for a public client, and no request', async () => {
    const { vault, resolve } = await start();
    expect(await resolve({ method: 'none' })).toEqual({ ok: true, clientAuthentication: { method: 'none' } });
    expect(vault.wireLog).toEqual([]);
  });

  it.each([
    ['RSA', 'RS256'],
    ['EC', 'ES256'],
  ] as const)('is a signer with an %s key that stays in the vault', async (kind, algorithm) => {
    const { clients, reference, resolve } = await start();
    const key =
      kind === 'RSA'
        ? await clients.keys.createRsaKey('sign')
        : await clients.keys.createEcKey('sign', { curve: 'P-256' });
    const resolved = await resolve({
      method: 'private_key_jwt',
      key: reference('sign'),
      isCertificate: false,
    });
    expect(resolved).toMatchObject({
      ok: true,
      clientAuthentication: {
        method: 'private_key_jwt',
        signer: { algorithm, keyId: key.properties.version },
      },
    });
  });

  it.each([
    [
      'has ended',
      { expiresOn: new Date('2026-11-20T08:00:00Z') },
      'key_expired',
      'ended on 2026-11-20T08:00:00Z',
    ],
    [
      'has not begun',
      { notBefore: new Date('2026-12-01T08:00:00Z') },
      'key_not_yet_valid',
      'is not valid before 2026-12-01T08:00:00Z',
    ],
    ['may not sign', { keyOps: ['verify'] }, 'key_operation_forbidden', 'may not sign'],
    ['is disabled', { enabled: false }, 'disabled', 'is disabled'],
  ])('is named when its key %s, before anything is spent', async (_, change, reason, happened) => {
    const { clients, reference, resolve } = await start();
    const { properties } = await clients.keys.createRsaKey('sign');
    await clients.keys.updateKeyProperties('sign', properties.version ?? '', change);
    const resolved = await resolve({
      method: 'private_key_jwt',
      key: reference('sign'),
      isCertificate: false,
    });
    expect(resolved).toMatchObject({
      ok: false,
      code: `client_credential_${reason}`,
      reason,
      retryable: false,
    });
    if (resolved.ok) return;
    expect(resolved.message).toContain(happened);
    expect(resolved.action).toContain('az keyvault key set-attributes');
  });

  it('still signs with a key that ends tomorrow by the clock of Key Vault', async () => {
    const { clients, reference, resolve } = await start();
    // Long gone for the machine that runs this, whose clock is not asked.
    await clients.keys.createRsaKey('sign', { expiresOn: new Date(START_EPOCH_MS + DAY_MS) });
    const key = reference('sign');
    expect(await resolve({ method: 'private_key_jwt', key, isCertificate: false })).toMatchObject({
      ok: true,
    });
  });

  it.each([
    ['RSA', 'RS256', undefined],
    ['RSA', 'PS256', 'PS256'],
    ['EC', 'ES256', undefined],
  ] as const)(
    'signs with an %s key in the vault what a server verifies by %s',
    async (kind, algorithm, wanted) => {
      const { clients, reference, resolve } = await start();
      const { key } = await clients.keys.createKey('sign', kind, { keyOps: ['sign'] });
      const resolved = await resolve({
        method: 'private_key_jwt',
        key: reference('sign'),
        isCertificate: false,
        algorithm: wanted,
      });
      if (!resolved.ok) throw new Error(resolved.message);
      const nowEpochMs = Date.parse('2026-11-22T12:00:00Z');
      const { parameters } = await proveClient({
        clientId: 'client-1',
        authentication: resolved.clientAuthentication,
        tokenEndpoint: 'https://as.example/token',
        nowEpochMs,
      });
      const base64url = (bytes?: Uint8Array) => Buffer.from(bytes ?? []).toString('base64url');
      const coordinates = kind === 'RSA' ? (['n', 'e'] as const) : (['x', 'y'] as const);
      const members = coordinates.map((name) => [name, base64url(key?.[name])]);
      const jwk = { kty: kind, crv: 'P-256', ...Object.fromEntries(members) };
      const publicKey = await importJWK(jwk, algorithm);
      const verified = await jwtVerify(parameters['client_assertion'] ?? '', publicKey, {
        audience: 'https://as.example/token',
        currentDate: new Date(nowEpochMs),
      });
      expect(verified.protectedHeader.alg).toBe(algorithm);
      expect(verified.payload.sub).toBe('client-1');
    },
  );

  it('sends the thumbprint of a certificate, whose key signs', async () => {
    const { vault, reference, resolve } = await start();
    const notAfterEpochMs = Date.parse('2027-11-22T12:00:00Z');
    vault.seed.certificate('sign-cert', { from: { notBeforeEpochMs: 0, notAfterEpochMs } });
    const resolved = await resolve({
      method: 'private_key_jwt',
      key: reference('sign-cert'),
      isCertificate: true,
    });
    expect(resolved).toMatchObject({
      ok: true,
      clientAuthentication: { signer: { certificateThumbprintSha256: expect.stringMatching(/^[\w-]{43}$/) } },
    });
  });

  it('cannot be a curve that no server takes', async () => {
    const { clients, reference, resolve } = await start();
    await clients.keys.createEcKey('sign', { curve: 'P-521' });
    const resolved = await resolve({
      method: 'private_key_jwt',
      key: reference('sign'),
      isCertificate: false,
    });
    expect(resolved).toMatchObject({ ok: false, reason: 'rejected', retryable: false });
  });

  it('is out of reach for an identity that may only list', async () => {
    const { reference, resolve } = await start(scannerIdentity);
    const credential = { method: 'client_secret_post', secret: reference('crm-client') } as const;
    expect(await resolve(credential)).toMatchObject({ ok: false, reason: 'forbidden' });
  });
});
