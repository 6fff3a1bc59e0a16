import { createServer } from 'node:http';
import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, it, onTestFinished } from 'vitest';
import { openIdCodes } from '../../../src/lib/callers/openId/openIdCodes.ts';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';
import { listen, stop } from '../../../src/local/listen.ts';
import { recordingTelemetry } from '../../fakes/recordingTelemetry.ts';
import { rsaPair } from '../../fakes/rsaPair.ts';

const TENANT = '22222222-2222-4222-8222-222222222222';
const CLIENT = '33333333-3333-4333-8333-333333333333';
const ANA = '44444444-4444-4444-8444-444444444444';
const [state, nonce, verifier] = ['a state', 'a nonce', 'v'.repeat(43)];
const { privateKey } = rsaPair();
const nowSeconds = () => Math.floor(systemClock.nowEpochMs() / 1000);

type Claims = Readonly<Record<string, unknown>>;
const claimsOf = (issuer: string, change: Claims): Claims => ({
  ...{ iss: issuer, aud: CLIENT, sub: 'of this client', tid: TENANT, oid: ANA, nonce },
  ...{ iat: nowSeconds(), nbf: nowSeconds(), exp: nowSeconds() + 3600, roles: ['Keywatch.Read'] },
  ...change,
});
const signed = (claims: Claims) =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'any' }).sign(privateKey);

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly claims?: Claims;
  readonly body?: (idToken: string, claims: Claims) => unknown;
  readonly aheadMs?: number;
  /** Of the way back. */
  readonly code?: string;
  readonly clientAssertion?: () => Promise<string>;
}

const redeem = async ({ status = 200, headers, claims = {}, body, ...options }: Answer) => {
  const forms: URLSearchParams[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    forms.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    const given = claimsOf(issuer, claims);
    const idToken = await signed(given);
    const standard = { access_token: 'canary-access', token_type: 'Bearer', id_token: idToken };
    const answer = body === undefined ? standard : body(idToken, given);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  const issuer = await listen(server, 0);
  onTestFinished(() => stop(server));
  const { aheadMs = 0, clientAssertion = async () => 'canary-assertion', code = 'canary-code' } = options;
  const codes = openIdCodes({
    provider: {
      ...{ issuer, tenantId: TENANT, jwksUri: '', authorizationEndpoint: '' },
      ...{ tokenEndpoint: `${issuer}/token`, clientAssertion },
    },
    clientId: CLIENT,
    clock: { nowEpochMs: () => systemClock.nowEpochMs() + aheadMs },
    telemetry: recordingTelemetry(),
    allowLoopback: true,
  });
  const query = new URLSearchParams({ code, state });
  const redirectUri = 'https://keywatch.example/api/sign-in/callback';
  return { forms, answer: await codes.redeem({ query, state, nonce, verifier, redirectUri }) };
};

it('sends the code once, with the verifier and a proof of the app that is no secret', async () => {
  const { forms, answer } = await redeem({});
  expect(answer).toEqual({ ok: true, tenantId: TENANT, objectId: ANA, roles: ['Keywatch.Read'] });
  expect(forms.map((form) => Object.fromEntries(form))).toEqual([
    {
      grant_type: 'authorization_code',
      code: 'canary-code',
      redirect_uri: 'https://keywatch.example/api/sign-in/callback',
      code_verifier: verifier,
      client_id: CLIENT,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: 'canary-assertion',
    },
  ]);
});

it.each(['', '\n', 'bøard', 'x\u0000', 'x'.repeat(4097)])(
  'asks nobody about a code that is none, and reports nothing, as a stranger may send it (%#)',
  async (code) => {
    const { forms, answer } = await redeem({ code });
    expect(answer).toMatchObject({ code: 'sign_in_malformed', isReported: false });
    expect(forms).toEqual([]);
  },
);

it.each([
  ['no roles where the token names none', { roles: undefined }, []],
  ['no roles where they are no list', { roles: 'Keywatch.Read' }, []],
  ['only roles that are text', { roles: ['Keywatch.Read', 7, null] }, ['Keywatch.Read']],
])('reads %s', async (_, claims, roles) => {
  expect((await redeem({ claims })).answer).toMatchObject({ ok: true, roles });
});

it.each<[string, Claims]>([
  ['of another issuer', { iss: 'https://login.microsoftonline.com/common/v2.0' }],
  ['for another client', { aud: TENANT }],
  ['for others too, given to one of them', { aud: [CLIENT, TENANT], azp: TENANT }],
  ['of another tenant', { tid: CLIENT }],
  ['of no tenant', { tid: undefined }],
  ['of nobody', { oid: undefined }],
  ['of somebody who is no object of the tenant', { oid: 'ana@contoso.example' }],
  ['for another sign-in', { nonce: 'another' }],
  ['for no sign-in', { nonce: undefined }],
  ['that has ended', { exp: nowSeconds() - 120 }],
  ['that never ends', { exp: undefined }],
  ['that has not begun', { nbf: nowSeconds() + 600 }],
  ['without a subject', { sub: undefined }],
])('takes no identity %s', async (_, claims) => {
  expect((await redeem({ claims })).answer).toMatchObject({
    code: 'sign_in_token_refused',
    isReported: true,
  });
});

it('judges times by the clock that it is given, and not by that of the machine', async () => {
  const dayMs = 86_400_000;
  expect((await redeem({ aheadMs: dayMs })).answer).toMatchObject({ code: 'sign_in_token_refused' });
  const claims = { exp: nowSeconds() + 86_400 + 600 };
  expect((await redeem({ aheadMs: dayMs, claims })).answer).toMatchObject({ ok: true });
});

it.each<[string, Answer, object]>([
  [
    'without an ID token',
    { body: () => ({ access_token: 'canary-access', token_type: 'Bearer' }) },
    { code: 'sign_in_token_refused' },
  ],
  [
    'whose ID token nobody signed',
    {
      body: (_, claims) => ({
        ...{ access_token: 'canary-access', token_type: 'Bearer' },
        id_token: new UnsecuredJWT({ ...claims }).encode(),
      }),
    },
    { code: 'sign_in_token_refused' },
  ],
  [
    'that refuses the app',
    { status: 401, body: () => ({ error: 'invalid_client', error_description: 'AADSTS700213 canary' }) },
    { code: 'sign_in_client_refused', isReported: true },
  ],
  [
    'that challenges the app',
    { status: 401, headers: { 'www-authenticate': 'Basic realm="canary"' }, body: () => ({}) },
    { code: 'sign_in_client_refused', httpStatus: 502 },
  ],
  [
    'that does not know the code',
    { status: 400, body: () => ({ error: 'invalid_grant', error_description: 'canary' }) },
    { code: 'sign_in_code_refused', isReported: false },
  ],
  [
    'that refuses in words of its own',
    { status: 400, body: () => ({ error: 'canary' }) },
    { code: 'sign_in_refused', message: expect.stringContaining('a reason that is not known') },
  ],
  ['of a gateway', { status: 502, body: () => '<html>canary</html>' }, { code: 'sign_in_unavailable' }],
  [
    'that leads elsewhere',
    { status: 307, headers: { location: 'https://elsewhere.example/token' }, body: () => 'canary' },
    { code: 'sign_in_unavailable', retryable: true },
  ],
  [
    'that fails in the form of OAuth',
    { status: 500, body: () => ({ error: 'invalid_client' }) },
    { code: 'sign_in_unavailable', message: expect.stringContaining('HTTP 500') },
  ],
])('says what an answer means %s, and repeats nothing of it', async (_, answer, expected) => {
  const { answer: refusal } = await redeem(answer);
  expect(refusal).toMatchObject({ ok: false, ...expected });
  expect(refusal).not.toHaveProperty('cause');
  expect(JSON.stringify(refusal)).not.toContain('canary');
});

it('sends nothing where the app cannot prove itself', async () => {
  const clientAssertion = () => Promise.reject(new Error('canary'));
  const { forms, answer } = await redeem({ clientAssertion });
  expect(forms).toEqual([]);
  expect(answer).toMatchObject({ code: 'sign_in_unproven', retryable: true });
  expect(JSON.stringify(answer)).not.toContain('canary');
});
