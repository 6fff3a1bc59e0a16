import { createHash, X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { entraFlow } from '../../src/lib/prove/entra/entraFlow.ts';
import type { FlowOptions } from '../../src/lib/prove/http/tokenPost.ts';
import type { ProofFailure, ProvedClient } from '../../src/lib/prove/ports.ts';
import { type EntraTokenServer, startEntraTokenServer } from '../../src/local/entra/entraTokenServer.ts';
import {
  addApplication,
  addSecret,
  entraTenant,
  removeSecret,
  type TenantApplication,
} from '../../src/local/entra/tenant.ts';
import { refuse } from '../../src/local/entra/tokenRefusal.ts';
import { selfSignedCertificate } from '../../src/local/keyVault/selfSigned.ts';
import { clientCredential, credentialStore } from '../fakes/clientCredential.ts';
import { manualClock } from '../fakes/manualClock.ts';
import { pemSigner } from '../fakes/pemSigner.ts';
import { CANARY, flowWorld, provedClient, shownOf } from '../fakes/provedClient.ts';

const clock = manualClock();
const tenant = entraTenant(clock.nowEpochMs);
const DAY_MS = 86_400_000;
let server: EntraTokenServer;
let application: TenantApplication;
let keyId: string;

beforeAll(async () => {
  server = await startEntraTokenServer(tenant);
});
afterAll(() => server.close());
beforeEach(() => {
  application = addApplication(tenant, { displayName: 'CRM', roles: ['Orders.Read'] });
  const endEpochMs = clock.nowEpochMs() + DAY_MS;
  keyId = addSecret(tenant, application, { value: CANARY, endEpochMs }).keyId;
});

const prove = async (change: Partial<ProvedClient> = {}, options: Partial<FlowOptions> = {}) => {
  const world = flowWorld({ clock, ca: server.ca, ...options });
  const client = provedClient({
    clientId: application.appId,
    issuer: { kind: 'entra', tenantId: tenant.tenantId, authorityHost: server.authorityHost },
    ...change,
  });
  const result = await entraFlow(world.options).request(client, world.context());
  return { result, ...world };
};

const refusedWith = async (change: Partial<ProvedClient> = {}, options: Partial<FlowOptions> = {}) => {
  const { result } = await prove(change, options);
  if (result.ok) throw new Error('a token was issued');
  expect(shownOf(result)).not.toContain(CANARY);
  return result;
};

describe('the client credentials flow at Entra ID', () => {
  it('gives the token that was issued, by one POST that is told as a dependency', async () => {
    const before = server.tokenRequests();
    const { result, held, telemetry } = await prove();
    expect(result).toMatchObject({
      ...{ ok: true, httpStatus: 200, tokenType: 'Bearer', expiresInSeconds: 3599 },
      serverDateEpochMs: clock.nowEpochMs(),
    });
    if (!result.ok) return;
    expect(decodeJwt(result.accessToken)).toMatchObject({
      appid: application.appId,
      aud: 'https://graph.example',
      roles: ['Orders.Read'],
    });
    expect(held).toEqual([CANARY, CANARY, result.accessToken]);
    expect(server.tokenRequests() - before).toBe(1);
    expect(telemetry.calls).toEqual([
      {
        method: 'POST',
        url: `https://${server.authorityHost}/${tenant.tenantId}/oauth2/v2.0/token`,
        credentialId: 'client/crm',
        status: 200,
      },
    ]);
  });

  it('asks anew each time, so that a secret that was removed is refused at once', async () => {
    expect((await prove()).result.ok).toBe(true);
    removeSecret(application, keyId);
    const { result, telemetry } = await prove();
    expect(result).toMatchObject({
      ...{ code: 'credential_wrong', retryable: false, httpStatus: 401 },
      ...{
        oauthError: 'invalid_client',
        numbers: [7000215],
        requestId: expect.stringMatching(/^[\w-]{36}$/),
      },
      subject: { credentialId: 'client/crm' },
    });
    expect((result as ProofFailure).message).toBe(
      `Client crm (${application.appId}) got no token from ${server.authorityHost}: the secret is wrong, or was removed (invalid_client, AADSTS7000215, HTTP 401).`,
    );
    expect((result as ProofFailure).action).toContain('secret crm-secret of kv-clients');
    expect(telemetry.calls.map(({ status }) => status)).toEqual([401]);
  });

  it.each<[string, () => void, object]>([
    ['has ended', () => void clock.advance(2 * DAY_MS), { code: 'credential_expired', numbers: [7000222] }],
    [
      'is of a disabled application',
      () => {
        application.enabled = false;
      },
      { code: 'app_disabled', httpStatus: 400 },
    ],
    [
      'is of an application that was deleted',
      () => void tenant.applications.pop(),
      { code: 'app_gone', numbers: [700016] },
    ],
  ])('says whom to ask about a secret that %s', async (_what, change, expected) => {
    change();
    expect(await refusedWith()).toMatchObject(expected);
  });

  it('is refused with a secret that the token service does not know yet', async () => {
    removeSecret(application, keyId);
    const endEpochMs = clock.nowEpochMs() + DAY_MS;
    addSecret(tenant, application, { value: CANARY, endEpochMs, lagMs: 15_000 });
    expect(await refusedWith()).toMatchObject({ code: 'credential_wrong' });
    await clock.advance(15_000);
    expect((await prove()).result.ok).toBe(true);
  });

  it('tells a wrong tenant and a wrong scope apart, which are faults of the config', async () => {
    const issuer = {
      kind: 'entra',
      tenantId: 'nowhere.example',
      authorityHost: server.authorityHost,
    } as const;
    expect(await refusedWith({ issuer })).toMatchObject({ code: 'tenant_wrong' });
    expect(await refusedWith({ scopes: ['https://graph.example/User.Read'] })).toMatchObject({
      code: 'resource_wrong',
      oauthError: 'invalid_scope',
    });
  });

  it('does not hide a refusal behind the memory of an earlier one, or of a throttling', async () => {
    server.answerNext({ status: 429, body: {} }, { 'retry-after': '40' });
    expect(await refusedWith()).toMatchObject({ code: 'throttled', retryAfterSeconds: 40, retryable: true });
    server.answerNext({ status: 503, body: {} });
    expect(await refusedWith()).toMatchObject({ code: 'unavailable', httpStatus: 503 });
    expect((await prove()).result.ok).toBe(true);
  });

  it('is permitted nothing where the tenant blocks it, whatever claims the answer asks for', async () => {
    const { body } = refuse(7000215, clock.nowEpochMs());
    const blocked = { ...body, error: 'invalid_grant', error_codes: [53003], claims: '{"access_token":{}}' };
    server.answerNext({ status: 400, body: blocked });
    expect(await refusedWith()).toMatchObject({ code: 'policy_blocks', numbers: [53003] });
  });

  it.each(['common', 'organizations', 'consumers'])('asks nothing of the tenant %s', async (tenantId) => {
    const before = server.tokenRequests();
    const issuer = { kind: 'entra', tenantId, authorityHost: server.authorityHost } as const;
    expect(await refusedWith({ issuer })).toMatchObject({
      code: 'not_asked',
      message: expect.stringContaining('missing_tenant_id_error'),
    });
    expect(server.tokenRequests()).toBe(before);
  });

  it('asks nothing without a scope, or by a method that MSAL cannot use', async () => {
    expect(await refusedWith({ scopes: [] })).toMatchObject({ code: 'not_asked', retryable: false });
    const credential = clientCredential('none');
    expect(await refusedWith({ credential })).toMatchObject({ code: 'not_asked', retryable: false });
  });

  it('goes to the configured host, whatever region the environment wants', async () => {
    vi.stubEnv('MSAL_FORCE_REGION', 'westeurope');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await prove()).result.ok).toBe(true);
  });

  it('is not asked where nobody vouches for the certificate of the server', async () => {
    const before = server.tokenRequests();
    expect(await refusedWith({}, { ca: undefined })).toMatchObject({
      code: 'not_asked',
      retryable: true,
      message: expect.stringContaining('no connection (DEPTH_ZERO_SELF_SIGNED_CERT)'),
    });
    expect(server.tokenRequests()).toBe(before);
  });
});

describe('an assertion that a key of Key Vault signs', () => {
  const { certificate, key } = selfSignedCertificate({
    ...{ commonName: 'crm', notBeforeEpochMs: 0, notAfterEpochMs: Date.UTC(2099, 0), keyType: 'rsa' },
  });
  const { raw } = new X509Certificate(certificate);
  const names = {
    algorithm: 'PS256',
    certificateThumbprintSha256: createHash('sha256').update(raw).digest('base64url'),
  } as const;
  const signer = pemSigner(key, names);
  const credential = clientCredential('private_key_jwt', { clientKey: { keyName: 'signer' } });
  const register = () => {
    application.certificates = [{ keyId: 'one', displayName: '', certificate }];
  };

  it('is taken, and held like any other secret', async () => {
    register();
    const { result, held } = await prove({ credential }, { store: credentialStore('', signer) });
    expect(result).toMatchObject({ ok: true });
    expect(decodeJwt(held[0] ?? '')).toMatchObject({ iss: application.appId, sub: application.appId });
  });

  it('is refused where its certificate is not registered', async () => {
    const result = await refusedWith({ credential }, { store: credentialStore('', signer) });
    expect(result).toMatchObject({ code: 'assertion_refused', numbers: [700027] });
    expect(result.action).toContain('key signer of kv-clients');
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
