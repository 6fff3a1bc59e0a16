import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRefreshTokenText } from '../../../../src/lib/oauth/rules/refreshTokenText.ts';
import {
  GRACE,
  KEEPS_OLD,
  NEW,
  PAIR,
  readAnswer as read,
  SENT,
  STATIC,
  STRICT,
} from '../../../fakes/readAnswer.ts';

describe('a success', () => {
  const unreadable = [
    { token: NEW },
    [NEW],
    {},
    [],
    12,
    1e30,
    true,
    false,
    '',
    'two words',
    'tökén',
    '*****',
    'REDACTED',
    '0',
    'false',
    'N/A',
    'unchanged',
    'refresh_token',
    '<refresh_token>',
    '{{refreshToken}}',
    '$'.concat('{REFRESH_TOKEN}'),
    '{"token":"RT-fedcba9876543210"}',
    'RT-fe***10',
  ];
  it.each(unreadable.map((value) => [value]))(
    'with %j for a refresh token is ambiguous where the old one may be spent, and what came is kept',
    (value) => {
      for (const rotation of [STRICT, GRACE]) {
        const answer = read(200, { ...PAIR, refresh_token: value }, { rotation });
        expect(answer).toMatchObject({ kind: 'ambiguous', evidence: expect.any(Function) });
      }
      for (const rotation of [KEEPS_OLD, STATIC]) {
        const answer = read(200, { ...PAIR, refresh_token: value }, { rotation });
        expect(answer).toMatchObject({ kind: 'tokens', refreshToken: undefined });
        expect(answer.kind === 'tokens' && answer.deviations.map(({ code }) => code)).toContain(
          'refresh_token_unread',
        );
      }
    },
  );

  it('is never "kept" at strict while something in it calls itself a refresh token and was not taken', () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.string());
    const name = fc.constantFrom('refresh_token', 'refreshToken', 'Refresh-Token');
    const path = fc.array(fc.constantFrom('data', 'result', 'user'), { maxLength: 2 });
    fc.assert(
      fc.property(name, value, path, (key, claimed, parents) => {
        const nested = parents.reduceRight<object>((inner, parent) => ({ [parent]: inner }), {
          [key]: claimed,
        });
        const answer = read(200, { access_token: 'AT-1', ...nested });
        const isAbsent =
          claimed === null ||
          readRefreshTokenText(typeof claimed === 'string' ? claimed : undefined, SENT).kind === 'absent';
        if (answer.kind === 'tokens' && !isAbsent && claimed !== SENT)
          expect(answer.refreshToken).toBe(claimed);
        else expect(answer.kind).toBe(isAbsent || claimed === SENT ? 'tokens' : 'ambiguous');
      }),
      { numRuns: 1000, seed: 20261129 },
    );
  });

  it.each([
    ['pairs apart by semicolons', `access_token=AT-1;refresh_token=${NEW};expires_in=3600`],
    ['pairs apart by lines', `access_token=AT-1\nrefresh_token=${NEW}\n`],
    ['pairs apart by commas', `access_token=AT-1, refresh_token=${NEW}`],
    ['a form that was escaped for HTML', `access_token=AT-1&amp;refresh_token=${NEW}`],
    ['a form inside a form', `access_token=AT-1&session=refresh_token%3D${NEW}`],
    [
      'JSON in a text',
      JSON.stringify({ access_token: 'AT-1', data: JSON.stringify({ refresh_token: NEW }) }),
    ],
    [
      'JSON that was escaped for HTML',
      `{"access_token":"AT-1","x":"{&quot;refresh_token&quot;:&quot;${NEW}"}`,
    ],
    ['a longer name', JSON.stringify({ access_token: 'AT-1', new_refresh_token: NEW })],
    ['a shorter name', JSON.stringify({ access_token: 'AT-1', refresh: NEW })],
  ])('is not "kept" at strict or grace where it names a refresh token in %s', (_, body) => {
    for (const rotation of [STRICT, GRACE])
      expect(read(200, body, { rotation })).toMatchObject({
        kind: 'ambiguous',
        evidence: expect.any(Function),
      });
    for (const rotation of [KEEPS_OLD, STATIC])
      expect(read(200, body, { rotation })).toMatchObject({
        kind: 'tokens',
        refreshToken: undefined,
        deviations: expect.arrayContaining([expect.objectContaining({ code: 'refresh_token_unread' })]),
      });
  });

  it.each([
    { refresh_token_expires_in: 3600, refresh_expires_in: 60 },
    { scope: 'api refresh_token offline_access' },
    { message: 'The refresh token was not rotated' },
  ])('has kept the old one where it only speaks of it: %j', (beside) => {
    expect(read(200, { access_token: 'AT-1', ...beside })).toMatchObject({
      kind: 'tokens',
      refreshToken: undefined,
    });
  });

  it.each(['null', 'undefined', '***', 0, false, '{{access_token}}', '', 'error: token is expired'])(
    'is none with the access token %j and no refresh token',
    (accessToken) => {
      expect(read(200, { access_token: accessToken, token_type: 'Bearer' }).kind).toBe('ambiguous');
    },
  );

  it('without an access token beside it is believed only where it was cut off', () => {
    expect(read(200, { refresh_token: NEW })).toMatchObject({ kind: 'ambiguous' });
    const cut = `{"refresh_token":"${NEW}","access_tok`;
    expect(read(200, cut, {}, { cutOff: 'cut' })).toMatchObject({ kind: 'tokens', refreshToken: NEW });
    const nested = `{"details":{"refresh_token":"unknown"},"err`;
    expect(read(200, nested, {}, { cutOff: 'cut' })).toMatchObject({ kind: 'ambiguous' });
    expect(read(400, cut, {}, { cutOff: 'cut' }).kind).not.toBe('tokens');
  });

  it('takes no token from another object than the one that the profile names, where that one is there', () => {
    const user = { access_token: 'AT-user', token_type: 'user' };
    const answer = read(200, { ...PAIR, authed_user: user }, { tokenPath: '/authed_user' });
    expect(answer).toMatchObject({ kind: 'ambiguous' });
    const cut = JSON.stringify({ ...PAIR, authed_user: user }).slice(0, -12);
    expect(read(200, cut, { tokenPath: '/authed_user' }, { cutOff: 'cut' })).toMatchObject({
      kind: 'ambiguous',
    });
  });

  it('ends the last value of a form only where something but the connection says so', () => {
    const half = 'access_token=AT-1&token_type=bearer&refresh_token=RT-fedc';
    expect(read(200, half, {}, { isEndedByClose: true })).toMatchObject({ kind: 'ambiguous' });
    const whole = `access_token=AT-1&refresh_token=${NEW}&token_type=bearer`;
    expect(read(200, whole, {}, { isEndedByClose: true })).toMatchObject({
      kind: 'tokens',
      refreshToken: NEW,
    });
    const without = 'access_token=AT-1&token_type=bearer';
    expect(read(200, without, {}, { isEndedByClose: true })).toMatchObject({ kind: 'ambiguous' });
    expect(read(200, half)).toMatchObject({ kind: 'tokens', refreshToken: 'RT-fedc' });
  });

  it('that echoes the token it was sent has kept it', () => {
    const inPlace = read(200, { ...PAIR, refresh_token: SENT });
    expect(inPlace).toMatchObject({ kind: 'tokens', refreshToken: SENT });
    const elsewhere = read(200, { access_token: 'AT-1', request: { refresh_token: SENT } });
    expect(elsewhere).toMatchObject({ kind: 'tokens', refreshToken: undefined });
  });
});

describe('a text that calls itself a refresh token', () => {
  it.each([
    ['null', 'absent'],
    ['undefined', 'absent'],
    ['(null)', 'absent'],
    ['', 'unreadable'],
    ['RT-0123****', 'unreadable'],
    ['RT-0...cdef', 'unreadable'],
    ['[FILTERED]', 'unreadable'],
    ['xxxxxxxx', 'unreadable'],
    ['x'.repeat(25_601), 'unreadable'],
    ['a\nb', 'unreadable'],
    ['RT-f##########10', 'unreadable'],
    ['no', 'unreadable'],
    ['tok', 'token'],
    ['short1', 'token'],
    ['M.C507_BL2.0.U.-Cg**!aB', 'token'],
    [NEW, 'token'],
  ])('%j is %s', (text, kind) => {
    expect(readRefreshTokenText(text, SENT).kind).toBe(kind);
  });
});

it.each(['a-token-of-somebody-xxxxxxxx', 'token****0123456789abcdef', '<refresh_token>'])(
  'the token that was sent is one when it comes back, whatever it looks like: %s',
  (sent) => {
    expect(readRefreshTokenText(sent, sent)).toEqual({ kind: 'token', refreshToken: sent });
  },
);
