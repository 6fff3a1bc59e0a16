import { createHash, randomBytes } from 'node:crypto';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLocalClock } from '../../../src/local/clock.ts';
import { startIdentityServer } from '../../../src/local/identityProvider/identityServer.ts';
import { KEYWATCH_CLIENT_ID, people, programs } from '../../../src/local/seed/people.ts';
import { consentingBrowser } from '../../fakes/consentingBrowser.ts';

const TENANT = '22222222-2222-4222-8222-222222222222';
const CALLBACK = 'http://127.0.0.1:7071/api/sign-in/callback';
const [onCall, auditor] = people;
const [orderSync, newsletter] = programs;
if (!onCall || !auditor || !orderSync || !newsletter) throw new Error('the company is empty');

const start = async (days = 0) => {
  const clock = createLocalClock();
  const server = await startIdentityServer({ tenantId: TENANT, nowEpochMs: clock.nowEpochMs });
  onTestFinished(() => server.close());
  clock.moveForward(days * 86_400_000);
  const keys = createRemoteJWKSet(new URL(server.jwksUri));
  const verified = async (token: string) => {
    const currentDate = new Date(clock.nowEpochMs());
    const { issuer } = server;
    const { payload } = await jwtVerify(token, keys, {
      ...{ issuer, audience: KEYWATCH_CLIENT_ID, currentDate, algorithms: ['RS256'], clockTolerance: 2 },
    });
    return { payload, header: decodeProtectedHeader(token) };
  };
  const post = async (form: Record<string, string>) => {
    const answer = await fetch(server.tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const programToken = (clientId: string, clientSecret: string) =>
    post({
      grant_type: 'client_credentials',
      ...{ client_id: clientId, client_secret: clientSecret, scope: `${KEYWATCH_CLIENT_ID}/.default` },
    });
  const signIn = async (
    login: string,
    more: Record<string, string> = {},
    browser = consentingBrowser({ login }),
  ) => {
    const verifier = randomBytes(32).toString('base64url');
    const request = new URL(server.authorizationEndpoint);
    const parameters = {
      ...{ client_id: KEYWATCH_CLIENT_ID, response_type: 'code', redirect_uri: CALLBACK },
      ...{ scope: 'openid profile', state: 's', nonce: 'n', code_challenge_method: 'S256' },
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      ...more,
    };
    for (const [name, value] of Object.entries(parameters)) request.searchParams.set(name, value);
    const { url } = await browser.open(request.href, (to) => to.startsWith(CALLBACK));
    const code = new URL(url).searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: verifier };
    return { url, form };
  };
  const proof = async () => ({
    client_id: KEYWATCH_CLIENT_ID,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await server.clientAssertion(),
  });
  return { server, verified, post, programToken, signIn, proof };
};

describe('a token of a program', () => {
  it.each([0, 400])('has the claims that Entra ID gives, %i days ahead', async (days) => {
    const { server, verified, programToken } = await start(days);
    const { clientId, id, roles } = orderSync;
    const { body } = await programToken(clientId, server.clientSecrets.get(clientId) ?? '');
    const { payload, header } = await verified(body['access_token'] ?? '');
    expect(header).toMatchObject({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    expect(payload).toMatchObject({
      ...{ tid: TENANT, oid: id, azp: clientId, idtyp: 'app', ver: '2.0', roles },
      ...{ nbf: payload.iat, exp: (payload.iat ?? 0) + 3_600 },
    });
    expect(payload).not.toHaveProperty('nonce');
  });

  it('names no roles where none was assigned, and is refused to a wrong secret', async () => {
    const { server, verified, programToken } = await start();
    const { clientId } = newsletter;
    const { body } = await programToken(clientId, server.clientSecrets.get(clientId) ?? '');
    expect((await verified(body['access_token'] ?? '')).payload).not.toHaveProperty('roles');
    expect((await programToken(clientId, 'guessed')).status).toBe(401);
  });
});

describe('a person who signs in', () => {
  it.each([0, 400])('gives an ID token with object, tenant and roles, %i days ahead', async (days) => {
    const { verified, post, signIn, proof } = await start(days);
    const { form } = await signIn(onCall.id, { prompt: 'select_account' });
    const { body } = await post({ ...form, ...(await proof()) });
    const { payload } = await verified(body['id_token'] ?? '');
    const { id, roles } = onCall;
    expect(payload).toMatchObject({ tid: TENANT, oid: id, roles, nonce: 'n', ver: '2.0', nbf: payload.iat });
  });

  it('is asked who to be each time', async () => {
    const { verified, post, signIn, proof } = await start();
    const fields = { login: onCall.id };
    const browser = consentingBrowser(fields);
    await signIn(onCall.id, {}, browser);
    fields.login = auditor.id;
    const { form } = await signIn(auditor.id, {}, browser);
    const { body } = await post({ ...form, ...(await proof()) });
    expect((await verified(body['id_token'] ?? '')).payload).toMatchObject({ oid: auditor.id });
  });

  it('gives a code that only Keywatch can exchange', async () => {
    const { post, signIn } = await start();
    const { form } = await signIn(onCall.id);
    const { clientId } = orderSync;
    expect((await post({ ...form, client_id: KEYWATCH_CLIENT_ID })).status).toBe(401);
    expect((await post({ ...form, client_id: clientId, client_secret: 'x' })).status).toBe(401);
  });
});
