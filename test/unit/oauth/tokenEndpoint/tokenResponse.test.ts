import { describe, expect, it } from 'vitest';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { type AnswerChange, readAnswer, SENT } from '../../../fakes/readAnswer.ts';

const NEW = 'rt-new-9a2e';
const GOOD = { access_token: 'at-1', token_type: 'Bearer', expires_in: 3600, refresh_token: NEW };

const answer = (body: unknown, raw: AnswerChange = {}, profile: Partial<ProviderProfile> = {}) =>
  readAnswer(200, body, profile, raw);

const json = JSON.stringify(GOOD);
const form = 'access_token=at-1&expires_in=28800&refresh_token=rt-new-9a2e&token_type=bearer';
const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from(json, 'utf16le')]);
const signed = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.';
const slack = { ok: true, access_token: 'xoxe.bot', token_type: 'bot', refresh_token: 'rt-bot' };

const kept: [string, string | Uint8Array, AnswerChange?, Partial<ProviderProfile>?][] = [
  ['a plain answer', json],
  ['an answer of HTTP 201', json, { httpStatus: 201 }],
  ['a token_type of its own', JSON.stringify({ ...GOOD, token_type: 'bot' })],
  ['no token_type', JSON.stringify({ access_token: 'a', refresh_token: NEW })],
  ['a form under a form content type', form, { contentType: 'application/x-www-form-urlencoded' }],
  ['a form that claims to be JSON', form],
  ['a byte order mark', `\uFEFF${json}`],
  ['UTF-16', utf16],
  ['JSON that claims to be HTML', json, { contentType: 'text/html' }],
  ['JSON without its closing brace', json.slice(0, -1)],
  ['a form cut off after the token', `refresh_token=${NEW}&access_to`, { cutOff: 'cut' }],
  ['expires_in as a string', JSON.stringify({ ...GOOD, expires_in: '28800' })],
  ['a negative expires_in', JSON.stringify({ ...GOOD, expires_in: -5 })],
  ['no expires_in', JSON.stringify({ ...GOOD, expires_in: undefined })],
  ['an expires_in of words', JSON.stringify({ ...GOOD, expires_in: 'soon' })],
  [
    'a token at the configured path',
    JSON.stringify({ ...slack, authed_user: GOOD }),
    {},
    { tokenPath: '/authed_user' },
  ],
  ['a token elsewhere than at the configured path', json, {}, { tokenPath: '/authed_user' }],
  ['a camel-case name', JSON.stringify({ accessToken: 'a', refreshToken: NEW })],
  ['JSON inside a JSON string', JSON.stringify(json)],
  ['a page of warnings before the JSON', `<br />\n<b>Warning</b>: Undefined "x in {closure}\n${json}`],
  ['an XSSI guard before the JSON', `)]}',\n${json}`],
  ['trailing commas', `{"access_token":"a","refresh_token":"${NEW}",}`],
  ['an error that says that there is none', JSON.stringify({ ...GOOD, error: null, errorCode: 0 })],
  ['an error far inside something else', JSON.stringify({ ...GOOD, log: [{ error: 'x' }] })],
  ['a raw line break in another string', `{"note":"a\nb","access_token":"a","refresh_token":"${NEW}"}`],
  ['escaped characters', json.replace(NEW, 'rt\\u002dnew\\u002d9a2e')],
  [
    'two members of the same name',
    `{"access_token":"a","refresh_token":"rt-first","refresh_token":"${NEW}"}`,
  ],
  ['UTF-16 without a byte order mark', utf16.subarray(2)],
  // Azure AD B2C, where no API was asked for: panva/openid-client#717.
  [
    'an ID token where there is no access token',
    JSON.stringify({ id_token: signed, token_type: 'Bearer', refresh_token: NEW }),
  ],
  ['an unknown charset', json, { contentType: 'application/json; charset=x-none' }],
  ['a missing status line', json, { httpStatus: 0 }],
];

describe('an answer that holds a refresh token', () => {
  it.each(kept)('is never lost by %s', (_shape, body, raw, profile) => {
    expect(answer(body, raw, profile)).toMatchObject({ kind: 'tokens', refreshToken: NEW });
  });

  it('has no deviations when it conforms', () => {
    expect(answer(json)).toEqual({
      kind: 'tokens',
      refreshToken: NEW,
      accessToken: 'at-1',
      accessTokenExpiresInSeconds: 3600,
      refreshTokenExpiresInSeconds: undefined,
      scope: undefined,
      tokenType: 'Bearer',
      httpStatus: 200,
      serverDateEpochMs: undefined,
      deviations: [],
    });
  });

  it.each([
    ['a text', { ...GOOD, scope: 'chat:read chat:edit' }],
    ['a list', { ...GOOD, scope: ['chat:read', 'chat:edit'] }],
    [
      'a list beside the tokens, and not that of somebody else',
      { bot: { scope: ['all'] }, data: { ...GOOD, scope: ['chat:read', 'chat:edit'] } },
    ],
  ])('says what it grants where that is %s', (_shape, body) => {
    const profile = 'data' in body ? { tokenPath: '/data' } : {};
    expect(answer(body, {}, profile)).toMatchObject({ refreshToken: NEW, scope: 'chat:read chat:edit' });
  });

  it('says nothing of what it grants where that is an empty list', () => {
    expect(answer({ ...GOOD, scope: [] })).toMatchObject({ scope: undefined });
  });

  it('keeps the token first and reports every deviation afterwards', () => {
    const odd = JSON.stringify({
      ok: true,
      data: { access_token: 'a', refresh_token: NEW, expires_in: '-1' },
    });
    const read = answer(odd, { httpStatus: 201, contentType: 'text/plain' });
    expect(read).toMatchObject({ refreshToken: NEW, accessTokenExpiresInSeconds: undefined });
    expect(read.kind === 'tokens' ? read.deviations.map(({ code }) => code) : read).toEqual([
      'status_not_200',
      'content_type_not_json',
      'no_token_type',
      'lifetime_negative',
      'refresh_token_elsewhere',
    ]);
  });

  it('reads lifetimes in the unit of the profile, and 0 as no end', () => {
    const body = JSON.stringify({ ...GOOD, expires_in: 3_600_000, refresh_expires_in: 0 });
    expect(answer(body, {}, { expiryUnit: 'ms' })).toMatchObject({
      accessTokenExpiresInSeconds: 3600,
      refreshTokenExpiresInSeconds: undefined,
    });
    const listed = JSON.stringify({ ...GOOD, refresh_token_expires_in: '15811200' });
    expect(answer(listed)).toMatchObject({ refreshTokenExpiresInSeconds: 15_811_200 });
  });
});

describe('an answer without a refresh token', () => {
  it('leaves the old one good beside an ID token alone, as beside an access token', () => {
    expect(answer({ id_token: signed })).toMatchObject({ kind: 'tokens', refreshToken: undefined });
    expect(answer({ id_token: 'none' })).toMatchObject({ kind: 'ambiguous' });
  });

  it.each([undefined, null, 'null', 'undefined', 'None'])(
    'leaves the old one good when it is whole (%s)',
    (refresh_token) => {
      expect(answer({ ...GOOD, refresh_token })).toMatchObject({ kind: 'tokens', refreshToken: undefined });
    },
  );

  it.each([
    ['cut off by the connection', '{"access_token":"at-1"', { cutOff: 'the answer broke off' }],
    ['cut off by the server', '{"access_token":"at-1","token_ty', {}],
    ['cut off inside the token', '{"access_token":"at-1","refresh_token":"rt-ne', {}],
    ['a form cut off inside the token', 'access_token=at-1&refresh_token=rt-ne', { cutOff: 'cut' }],
    ['empty', '', {}],
    ['an empty object', '{}', {}],
    ['a page', '<html><body>Welcome</body></html>', {}],
    ['a page of a gateway that gave up', '<html>Bad gateway</html>', { httpStatus: 502 }],
    ['a server error of its own words', '{"error":"server_error"}', { httpStatus: 500 }],
    ['a success without tokens', '{"status":"success","message":"done"}', {}],
  ])('is ambiguous when it is %s', (_, body, raw) => {
    expect(answer(body, raw)).toMatchObject({ kind: 'ambiguous' });
  });

  it('takes the old token for no new one when an error echoes it', () => {
    const echo = JSON.stringify({ error: 'invalid_grant', request: { refresh_token: SENT } });
    expect(answer(echo, { httpStatus: 400 })).toMatchObject({ kind: 'refused', class: 'dead' });
  });
});

const dead = { class: 'dead' };
const slackErrors: Partial<ProviderProfile> = {
  errorIn200: { path: '/error', deadValues: ['invalid_refresh_token'] },
};
const refusals: [string, unknown, number, Partial<ProviderProfile>, object][] = [
  ['an error inside HTTP 200', { ok: false, error: 'invalid_refresh_token' }, 200, slackErrors, dead],
  ['401 without a word', '', 401, {}, { class: 'client', oauthError: undefined }],
  ['another code in HTTP 200', { error: 'not_allowed' }, 200, slackErrors, { class: 'configuration' }],
];

describe('a refusal', () => {
  it.each(refusals)('is understood from %s', (_, body, httpStatus, profile, expected) => {
    expect(answer(body, { httpStatus }, profile)).toMatchObject({ kind: 'refused', httpStatus, ...expected });
  });

  it('waits as long as the server says, by its own clock', () => {
    expect(answer('', { httpStatus: 429, retryAfter: '30' })).toMatchObject({ retryAfterSeconds: 30 });
    const date = 'Sun, 22 Nov 2026 12:00:00 GMT';
    const retryAfter = 'Sun, 22 Nov 2026 12:02:00 GMT';
    expect(answer('', { httpStatus: 503, retryAfter, date })).toMatchObject({ retryAfterSeconds: 120 });
    expect(answer('', { httpStatus: 503, retryAfter })).toMatchObject({ retryAfterSeconds: undefined });
  });

  it.each([SENT, 'constructor9', 'Ab3xQ9_kd', `Token ${SENT} is invalid`])(
    'never repeats %s, which may be a secret, as its code',
    (code) => {
      const refused = answer(JSON.stringify({ error: code }), { httpStatus: 400 });
      expect(refused).toMatchObject({ kind: 'refused', oauthError: undefined });
    },
  );
});
