import { describe, expect, it } from 'vitest';
import { LONGEST_BODY, readTokenRequest } from '../../../../src/lib/tokens/rules/tokenRequest.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const DIGEST = '0123456789abcdef';

describe('what a consumer asks for', () => {
  it.each([
    ['nothing', '', {}],
    ['an empty object', '{}', {}],
    ['how long it has to live', '{"minimumSeconds":3600}', { minimumSeconds: 3600 }],
    ['any that lives', '{"minimumSeconds":0}', { minimumSeconds: 0 }],
    ['another one than', `{"refused":"${DIGEST}"}`, { refused: DIGEST }],
  ])('can be %s', (_what, body, wish) => {
    expect(readTokenRequest(body, JSON_TYPE)).toMatchObject({ ok: true, wish });
  });

  it('needs no content type where it has no body', () => {
    expect(readTokenRequest('', null)).toMatchObject({ ok: true });
  });
});

describe('a fault of the request names the member, what was given and what is allowed', () => {
  it.each([
    ['[]', 400, 'no JSON object'],
    ['{"minimumSeconds":', 400, 'no JSON object'],
    ['{"minimumSeconds":3601}', 400, 'minimumSeconds: given 3601; allowed: a whole number from 0 to 3600'],
    ['{"minimumSeconds":-1}', 400, 'given -1'],
    ['{"minimumSeconds":1.5}', 400, 'given 1.5'],
    ['{"minimumSeconds":null}', 400, 'given null'],
    ['{"minimumSeconds":"300"}', 400, 'given a text of 3 characters'],
    ['{"minimumSeconds":"x"}', 400, 'given a text of 1 character;'],
    ['{"force":true}', 400, 'force: not known; allowed: minimumSeconds, refused'],
    ['{"refused":"0123456789ABCDEF"}', 400, 'refused: given a text of 16 characters'],
    ['{"refused":1}', 400, 'refused: given 1; allowed: the first 16 hex digits'],
    [`{"refused":"${'x'.repeat(LONGEST_BODY)}"}`, 413, '4096 bytes'],
  ])('%.40s', (body, status, said) => {
    expect(readTokenRequest(body, JSON_TYPE)).toMatchObject({
      ok: false,
      status,
      message: expect.stringContaining(said),
    });
  });

  it.each([null, 'text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'Content-Type %s',
    (contentType) => {
      expect(readTokenRequest('{}', contentType)).toMatchObject({
        status: 415,
        message: expect.stringContaining('allowed: application/json'),
      });
    },
  );

  it('never says a token that somebody sent by mistake', () => {
    const reading = readTokenRequest('{"refused":"CANARY-token"}', JSON_TYPE);
    expect(JSON.stringify(reading)).not.toContain('CANARY');
  });
});
