import { decodeJwt } from 'jose';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import type { ProofFailure } from '../../src/lib/prove/ports.ts';
import { addSecret, removeSecret } from '../../src/local/entra/tenant.ts';
import { refuse } from '../../src/local/entra/tokenRefusal.ts';
import { clientCredential } from '../fakes/clientCredential.ts';
import { CANARY } from '../fakes/provedClient.ts';
import { startedEntra } from '../fakes/startedEntra.ts';

const { world, prove, refusedWith } = startedEntra();

describe('the client credentials flow at Entra ID', () => {
  it('gives the token that was issued, by one POST that is told as a dependency', async () => {
    const before = world.server.tokenRequests();
    const { result, held, telemetry } = await prove();
    expect(result).toMatchObject({
      ...{ ok: true, httpStatus: 200, tokenType: 'Bearer', expiresInSeconds: 3599 },
    });
    if (!result.ok) return;
    expect(decodeJwt(result.accessToken)).toMatchObject({
      appid: world.application.appId,
      aud: 'https://graph.example',
      roles: ['Orders.Read'],
    });
    expect(held).toEqual([CANARY, CANARY, result.accessToken]);
    expect(world.server.tokenRequests() - before).toBe(1);
    expect(telemetry.calls).toEqual([
      {
        method: 'POST',
        url: `https://${world.server.authorityHost}/${world.tenant.tenantId}/oauth2/v2.0/token`,
        credentialId: 'client/crm',
        status: 200,
      },
    ]);
  });

  it('asks with the claims that a resource wants, as it wants them', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
    expect((await prove({}, {}, claims)).result.ok).toBe(true);
    // MSAL adds claims of its own.
    expect(JSON.parse(world.server.lastForm().get('claims') ?? '')).toMatchObject(JSON.parse(claims));
  });

  it('asks anew each time, so that a secret that was removed is refused at once', async () => {
    expect((await prove()).result.ok).toBe(true);
    removeSecret(world.application, world.keyId);
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
      `Client crm (${world.application.appId}) got no token from ${world.server.authorityHost}: the secret is wrong, or was removed (invalid_client, AADSTS7000215, HTTP 401).`,
    );
    expect((result as ProofFailure).action).toContain('secret crm-secret of kv-clients');
    expect(telemetry.calls.map(({ status }) => status)).toEqual([401]);
  });

  it.each<[string, () => void, object]>([
    [
      'has ended',
      () => void world.clock.advance(2 * DAY_MS),
      { code: 'credential_expired', numbers: [7000222] },
    ],
    [
      'is of a disabled application',
      () => {
        world.application.enabled = false;
      },
      { code: 'app_disabled', httpStatus: 400 },
    ],
    [
      'is of an application that was deleted',
      () => void world.tenant.applications.pop(),
      { code: 'app_gone', numbers: [700016] },
    ],
  ])('says whom to ask about a secret that %s', async (_what, change, expected) => {
    change();
    expect(await refusedWith()).toMatchObject(expected);
  });

  it('is refused with a secret that the token service does not know yet', async () => {
    removeSecret(world.application, world.keyId);
    const endEpochMs = world.clock.nowEpochMs() + DAY_MS;
    addSecret(world.tenant, world.application, { value: CANARY, endEpochMs, lagMs: 15_000 });
    expect(await refusedWith()).toMatchObject({ code: 'credential_wrong' });
    await world.clock.advance(15_000);
    expect((await prove()).result.ok).toBe(true);
  });

  it('tells a wrong tenant and a wrong scope apart, which are faults of the config', async () => {
    const issuer = {
      kind: 'entra',
      tenantId: 'nowhere.example',
      authorityHost: world.server.authorityHost,
    } as const;
    expect(await refusedWith({ issuer })).toMatchObject({ code: 'tenant_wrong' });
    expect(await refusedWith({ scopes: ['https://graph.example/User.Read'] })).toMatchObject({
      code: 'resource_wrong',
      oauthError: 'invalid_scope',
    });
  });

  it('does not hide a refusal behind the memory of an earlier one, or of a throttling', async () => {
    world.server.answerNext({ status: 429, body: {} }, { 'retry-after': '40' });
    expect(await refusedWith()).toMatchObject({ code: 'throttled', retryAfterSeconds: 40, retryable: true });
    world.server.answerNext({ status: 503, body: {} });
    expect(await refusedWith()).toMatchObject({ code: 'unavailable', httpStatus: 503 });
    expect((await prove()).result.ok).toBe(true);
  });

  it('is permitted nothing where the tenant blocks it, whatever claims the answer asks for', async () => {
    const { body } = refuse(7000215, world.clock.nowEpochMs());
    const blocked = { ...body, error: 'invalid_grant', error_codes: [53003], claims: '{"access_token":{}}' };
    world.server.answerNext({ status: 400, body: blocked });
    expect(await refusedWith()).toMatchObject({ code: 'policy_blocks', numbers: [53003] });
  });

  it.each(['common', 'organizations', 'consumers'])('asks nothing of the tenant %s', async (tenantId) => {
    const before = world.server.tokenRequests();
    const issuer = { kind: 'entra', tenantId, authorityHost: world.server.authorityHost } as const;
    expect(await refusedWith({ issuer })).toMatchObject({
      code: 'not_asked',
      message: expect.stringContaining('missing_tenant_id_error'),
    });
    expect(world.server.tokenRequests()).toBe(before);
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
    const before = world.server.tokenRequests();
    expect(await refusedWith({}, { ca: undefined })).toMatchObject({
      code: 'not_asked',
      retryable: true,
      message: expect.stringContaining('no connection (DEPTH_ZERO_SELF_SIGNED_CERT)'),
    });
    expect(world.server.tokenRequests()).toBe(before);
  });
});
