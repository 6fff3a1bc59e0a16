import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { whoami } from '../../../src/functions/whoami.ts';
import { CALLER_REFUSALS, type CallerRefusal } from '../../../src/lib/credentials/callerRefusals.ts';
import { bearer, startCallers } from '../../fakes/startCallers.ts';
import {
  CLIENT_ID,
  FIRST_PUBLIC_KEY,
  PERSON,
  PROGRAM,
  TENANT_ID,
  type TokenWish,
} from '../../fakes/startIdentityProvider.ts';

const NOW_SECONDS = (nowEpochMs: number) => Math.floor(nowEpochMs / 1000);
const encoded = (members: object): string => Buffer.from(JSON.stringify(members)).toString('base64url');
const decoded = (part = ''): object => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('a bearer token of the tenant', () => {
  it('of a program lets it in as itself', async () => {
    const { idp, call, refusals } = await startCallers();
    const answer = await call(whoami, bearer(await idp.tokenOf({ claims: { roles: ['Keywatch.Read'] } })));
    expect(answer.jsonBody).toEqual({
      ...{ kind: 'app', tenantId: TENANT_ID, objectId: PROGRAM.oid, clientId: PROGRAM.azp },
      ...{ roles: ['Keywatch.Read'], via: 'bearer' },
    });
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(refusals()).toEqual([]);
  });

  it('of a person lets them in by what the app was allowed in their name', async () => {
    const { idp, call } = await startCallers();
    const claims = { ...PERSON, idtyp: undefined, scp: 'user_impersonation', roles: undefined };
    const answer = await call(whoami, bearer(await idp.tokenOf({ claims })));
    expect(answer.jsonBody).toMatchObject({ kind: 'user', objectId: PERSON.oid, roles: [] });
  });

  it('holds for a minute past its end and before its start, by clocks that differ', async () => {
    const { idp, call, clock } = await startCallers();
    const now = NOW_SECONDS(clock.nowEpochMs());
    const statusOf = async (claims: Record<string, unknown>) =>
      (await call(whoami, bearer(await idp.tokenOf({ claims })))).status;
    expect(await statusOf({ exp: now - 59 })).toBeUndefined();
    expect(await statusOf({ exp: now - 60 })).toBe(401);
    expect(await statusOf({ nbf: now + 60 })).toBeUndefined();
    expect(await statusOf({ nbf: now + 61 })).toBe(401);
  });
});

describe('a bearer token is refused', () => {
  const claims = (changed: Record<string, unknown>): TokenWish => ({ claims: changed });
  const header = (changed: Record<string, unknown>): TokenWish => ({ header: changed });

  it.each<[string, TokenWish, CallerRefusal]>([
    ['of another issuer', claims({ iss: 'https://login.microsoftonline.com/common/v2.0' }), 'issuer_wrong'],
    ['of version 1.0', claims({ iss: `https://sts.windows.net/${TENANT_ID}/`, ver: '1.0' }), 'issuer_wrong'],
    ['without an issuer', claims({ iss: undefined }), 'issuer_wrong'],
    ['for another audience', claims({ aud: PROGRAM.azp }), 'audience_wrong'],
    ['for the App ID URI', claims({ aud: `api://${CLIENT_ID}` }), 'audience_wrong'],
    ['for several audiences', claims({ aud: [CLIENT_ID, PROGRAM.azp] }), 'audience_wrong'],
    ['of another tenant', claims({ tid: PROGRAM.oid }), 'tenant_wrong'],
    ['of no tenant', claims({ tid: undefined }), 'tenant_wrong'],
    ['that has ended', claims({ exp: 1 }), 'expired'],
    ['without an end', claims({ exp: undefined }), 'end_missing'],
    ['whose end is no number', claims({ exp: '9999999999' }), 'claims_malformed'],
    ['that holds only later', claims({ nbf: 99_999_999_999 }), 'not_yet_valid'],
    ['of another key under a known name', { key: 'stranger', header: { kid: 'first' } }, 'signature_wrong'],
    ['of a key that the tenant does not have', { key: 'stranger' }, 'key_unknown'],
    ['that names no key', header({ kid: undefined }), 'key_unnamed'],
    ['that brings its key by address', header({ jku: 'https://evil.example/keys' }), 'header_refused'],
    ['that brings its key', header({ jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }), 'header_refused'],
    ['that brings its certificate by address', header({ x5u: 'https://evil.example/c' }), 'header_refused'],
    [
      'that is the ID token of a sign-in',
      claims({ azp: undefined, nonce: 'n', idtyp: undefined }),
      'no_access_token',
    ],
    ['that is an ID token which names a client', claims({ nonce: 'n' }), 'no_access_token'],
    ['of nobody says who', claims({ idtyp: undefined }), 'kind_unknown'],
    ['of a program in the name of a person', claims({ scp: 'user_impersonation' }), 'kind_unknown'],
    ['of a device', claims({ idtyp: 'device', scp: 'x' }), 'kind_unknown'],
    ['without an object id', claims({ oid: undefined, sub: PERSON.oid }), 'identity_missing'],
    ['whose roles are no list', claims({ roles: 'Keywatch.Read' }), 'claims_malformed'],
  ])('%s', async (_, wish, reason) => {
    const { idp, call, telemetry } = await startCallers();
    const answer = await call(whoami, bearer(await idp.tokenOf(wish)));
    expect(answer.jsonBody).toMatchObject({ error: 'invalid_token', reason });
    expect(answer).toMatchObject({
      status: 401,
      headers: {
        'www-authenticate': `Bearer realm="keywatch", error="invalid_token", error_description="${CALLER_REFUSALS[reason].meaning}"`,
      },
    });
    // Until it is sure who calls nothing of the token is believed, and nothing of it is told.
    expect(telemetry.eventsNamed('keywatch.caller.refused')).toEqual([
      expect.objectContaining({ reason, tenantId: undefined, objectId: undefined, clientId: undefined }),
    ]);
  });

  it('with a critical extension, also one that jose knows', async () => {
    const { idp, call, refusals } = await startCallers();
    const [, payload = '', signature = ''] = (await idp.tokenOf()).split('.');
    const head = encoded({ alg: 'RS256', kid: 'first', crit: ['b64'], b64: true });
    expect((await call(whoami, bearer(`${head}.${payload}.${signature}`))).status).toBe(401);
    expect(refusals()).toEqual(['header_refused']);
  });

  it('that is signed by nobody, or with the public key as a password', async () => {
    const { idp, call, refusals } = await startCallers();
    const [, payload = ''] = (await idp.tokenOf()).split('.');
    const none = `${encoded({ alg: 'none', kid: 'first' })}.${payload}.`;
    const unsigned = `${encoded({ alg: 'none', kid: 'first' })}.${payload}.AA`;
    const signed = `${encoded({ alg: 'HS256', kid: 'first' })}.${payload}`;
    const pem = FIRST_PUBLIC_KEY.export({ type: 'spki', format: 'pem' });
    const forged = `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
    for (const token of [none, unsigned, forged])
      expect((await call(whoami, bearer(token))).status).toBe(401);
    expect(refusals()).toEqual(['token_malformed', 'algorithm_refused', 'algorithm_refused']);
    expect(idp.requests()).toBe(0);
  });

  it('whose claims were changed after it was signed', async () => {
    const { idp, call, refusals } = await startCallers();
    const [head, payload, signature] = (await idp.tokenOf()).split('.');
    const changed = encoded({ ...decoded(payload), roles: ['Keywatch.Read'] });
    await call(whoami, bearer(`${head}.${changed}.${signature}`));
    expect(refusals()).toEqual(['signature_wrong']);
  });

  it.each<[string, string, CallerRefusal]>([
    ['two of them', 'Bearer a.b.c, Bearer a.b.c', 'token_malformed'],
    ['the word alone', 'Bearer', 'token_malformed'],
    ['another scheme', 'Basic YTpi', 'token_malformed'],
    ['an empty header', '', 'token_malformed'],
    ['five parts, as of a sealed token', 'Bearer a.b.c.d.e', 'token_malformed'],
    ['a head that is no JSON', 'Bearer bm8.bm8.bm8', 'token_malformed'],
    ['9 kB', `Bearer ${'a'.repeat(9_000)}.b.c`, 'token_too_long'],
  ])('where the header has %s', async (_, authorization, reason) => {
    const { idp, call, refusals } = await startCallers();
    expect((await call(whoami, { authorization })).status).toBe(401);
    expect(refusals()).toEqual([reason]);
    expect(idp.requests()).toBe(0);
  });
});

describe('whoever sends no token', () => {
  it('is told what is wanted, and no error', async () => {
    const { call, refusals } = await startCallers();
    const answer = await call(whoami);
    expect(answer).toMatchObject({ status: 401, jsonBody: { error: 'unauthorized', reason: 'nobody' } });
    expect(answer.headers).toMatchObject({ 'www-authenticate': 'Bearer realm="keywatch"' });
    expect(refusals()).toEqual(['nobody']);
  });

  it('is nobody, whatever a header claims that a gateway may have set', async () => {
    const { call, refusals } = await startCallers();
    const principal = { auth_typ: 'aad', claims: [{ typ: 'roles', val: 'Keywatch.Read' }] };
    const forged = {
      'x-ms-client-principal': Buffer.from(JSON.stringify(principal)).toString('base64'),
      'x-ms-client-principal-id': PERSON.oid,
      'x-ms-client-principal-idp': 'aad',
      'x-ms-token-aad-access-token': 'a.b.c',
      'x-forwarded-user': 'anna',
      'x-forwarded-host': 'evil.example',
    };
    expect((await call(whoami, forged)).status).toBe(401);
    expect(refusals()).toEqual(['nobody']);
  });

  it('and whoever has a good one is refused where the config names no callers', async () => {
    const { idp, call, refusals } = await startCallers({ callers: null });
    expect((await call(whoami)).status).toBe(401);
    expect((await call(whoami, bearer(await idp.tokenOf()))).status).toBe(401);
    expect(refusals()).toEqual(['not_configured', 'not_configured']);
    expect(idp.requests()).toBe(0);
  });
});
