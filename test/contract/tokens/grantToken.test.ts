import { describe, expect, it } from 'vitest';
import { grantToken } from '../../../src/functions/grantToken.ts';
import { SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { accessTokenDigest } from '../../../src/lib/refresh/protocol/keepAccessToken.ts';
import { askFunction } from '../../fakes/askFunction.ts';
import { PUBLIC_URL } from '../../fakes/composeCallers.ts';
import { PARTNER, REFRESH_SETTINGS } from '../../fakes/config.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { ACCESS_CANARY, handingOut } from '../../fakes/refresh/handingOut.ts';
import { refreshWorld, START_EPOCH_MS } from '../../fakes/refresh/refreshWorld.ts';
import { portsAtOnce } from '../../fakes/refresh/worldEvents.ts';
import { bearer, startCallers } from '../../fakes/startCallers.ts';
import { PROGRAM, TENANT_ID } from '../../fakes/startIdentityProvider.ts';

const GRANT = {
  id: 'crm',
  provider: PARTNER.id,
  vault: 'https://kv-contoso.vault.azure.net',
  secretName: 'crm-token',
  clientId: 'client',
  clientSecret: { secretName: 'crm-client-secret' },
  reconnectUrl: 'https://crm.example/consent',
};
const ROLE = { claims: { roles: ['Keywatch.Token.crm'] } };
const JSON_TYPE = { 'content-type': 'application/json' };

/** The function over the fakes of a refresh: `crm` hands out its tokens, to the listed program too; `silent` none. */
const scene = async (listed: readonly string[] = []) => {
  const world = handingOut(refreshWorld({ kind: 'strict' }));
  const refresh = portsAtOnce(world, manualClock(START_EPOCH_MS));
  const started = await startCallers({
    file: {
      providers: [PARTNER],
      grants: [
        { ...GRANT, accessTokens: { callers: listed } },
        { ...GRANT, id: 'silent', secretName: 'silent-token' },
      ],
    },
    settings: REFRESH_SETTINGS,
    connections: { refresh },
  });
  const post = (headers: Readonly<Record<string, string>>, body: string | Buffer = '', id = 'crm') =>
    askFunction(grantToken, `${PUBLIC_URL}/api/grants/${id}/token`, {
      ...{ method: 'POST', headers, params: { id }, body },
    });
  return { ...started, world, post, withRole: bearer(await started.idp.tokenOf(ROLE)) };
};

describe('an access token over HTTP', () => {
  it('goes to a program with the role of that grant, in the form of RFC 6749', async () => {
    const { post, withRole } = await scene();
    expect(await post(withRole)).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store', 'keywatch-sequence': expect.stringMatching(/^\d+$/) },
      jsonBody: { access_token: `${ACCESS_CANARY}-1`, token_type: 'Bearer', expires_in: expect.any(Number) },
    });
  });

  it('goes to a program that the config lists, without any role', async () => {
    const { post, idp } = await scene([PROGRAM.oid]);
    expect(await post(bearer(await idp.tokenOf()))).toMatchObject({ status: 200 });
  });

  it('is another one for whoever reports it refused', async () => {
    const { post, withRole } = await scene();
    await post(withRole);
    const body = JSON.stringify({ refused: accessTokenDigest(`${ACCESS_CANARY}-1`) });
    expect(await post({ ...withRole, ...JSON_TYPE }, body)).toMatchObject({
      jsonBody: { access_token: `${ACCESS_CANARY}-2` },
    });
  });

  it.each(['utf8', 'utf16le'] as const)(
    'serves a wish that begins with a byte order mark: %s',
    async (encoding) => {
      const { post, withRole } = await scene();
      const body = Buffer.from('\uFEFF{"minimumSeconds":0}', encoding);
      expect(await post({ ...withRole, ...JSON_TYPE }, body)).toMatchObject({ status: 200 });
    },
  );

  it('never comes with a refresh token', async () => {
    const { post, withRole, world } = await scene();
    const { jsonBody } = await post(withRole);
    for (const token of world.server.state.issued) expect(JSON.stringify(jsonBody)).not.toContain(token);
    expect(Object.keys(jsonBody).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
  });

  it('leaves a trace of who got it, and none of what', async () => {
    const { post, withRole, telemetry, world } = await scene();
    await post(withRole);
    expect(telemetry.eventsNamed('keywatch.token.handed_out')).toMatchObject([
      { credentialId: 'grant/crm', objectId: PROGRAM.oid, clientId: PROGRAM.azp, source: 'refreshed' },
    ]);
    const { events, failures } = telemetry;
    expect(JSON.stringify([events, failures, world.telemetry.events])).not.toContain('CANARY');
  });
});

describe('who may not have one', () => {
  it.each([
    ['a grant that nobody knows', 'nothing', ['Keywatch.Token.nothing']],
    ['a grant that hands none out', 'silent', ['Keywatch.Token.silent']],
    ['the grant of somebody else', 'crm', ['Keywatch.Token.other', 'Keywatch.Read']],
    ['another grant than the role is for', 'silent', ['Keywatch.Token.crm']],
    ['a grant whose id begins like that of the role', 'crm2', ['Keywatch.Token.crm', 'Keywatch.Token.']],
    ['a grant whose id the role only begins like', 'crm', ['Keywatch.Token.crm2', 'Keywatch.Token.*']],
    ['the grant in other letters', 'CRM', ['Keywatch.Token.crm']],
    ['the grant for a role in other letters', 'crm', ['keywatch.token.crm', 'Keywatch.Token.CRM']],
    ['the grant with a blank', 'crm ', ['Keywatch.Token.crm']],
    ['no grant', '', ['Keywatch.Token.crm']],
  ])('is told the same of %s', async (_what, id, roles) => {
    const { post, idp, world } = await scene();
    const answer = await post(bearer(await idp.tokenOf({ claims: { roles } })), '', id);
    expect(answer).toEqual({
      status: 404,
      headers: { 'cache-control': 'no-store' },
      jsonBody: { error: 'not_found', error_description: expect.any(String) },
    });
    expect(world.server.state.requests).toBe(0);
  });

  it('is a browser, whatever roles its session has and whichever page sends the form', async () => {
    const { post, sessions, world } = await scene([PROGRAM.oid]);
    const who = { tenantId: TENANT_ID, objectId: PROGRAM.oid, roles: ['Keywatch.Token.crm'] };
    const begun = await sessions.begin(who);
    const cookie = `${SESSION_COOKIE}=${begun.ok ? begun.handle : ''}`;
    const own = { cookie, origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' };
    expect(await post(own)).toMatchObject({ status: 404, jsonBody: { error: 'not_found' } });
    expect(await post({ cookie })).toMatchObject({ status: 403 });
    expect(world.server.state.requests).toBe(0);
  });

  it('is nobody whose own token is not sure', async () => {
    const { post, idp, world } = await scene();
    expect(await post({})).toMatchObject({ status: 401 });
    const stranger = await idp.tokenOf({ ...ROLE, key: 'stranger' });
    expect(await post(bearer(stranger))).toMatchObject({ status: 401 });
    expect(world.server.state.requests).toBe(0);
  });
});

describe('a body that is no use', () => {
  it.each([
    ['{"force":true}', JSON_TYPE, 400],
    ['{}', { 'content-type': 'text/plain' }, 415],
    [`{"refused":"${'x'.repeat(5_000)}"}`, JSON_TYPE, 413],
    ['x'.repeat(1_000_000), JSON_TYPE, 413],
    ['{}', { ...JSON_TYPE, 'content-length': '10000000' }, 413],
  ])('%.20s is refused before anything is looked at', async (body, headers, status) => {
    const { post, withRole, world } = await scene();
    expect(await post({ ...withRole, ...headers }, body)).toMatchObject({ status });
    expect(world.control.body).toBeUndefined();
  });
});
