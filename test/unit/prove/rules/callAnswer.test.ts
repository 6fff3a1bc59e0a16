import { describe, expect, it } from 'vitest';
import { canFailBy, claimsChallenge, readCallAnswer } from '../../../../src/lib/prove/rules/callAnswer.ts';

describe('the answer to a call with a credential', () => {
  type Row = [string, Parameters<typeof readCallAnswer>, object];
  it.each<Row>([
    ['200', [{ httpStatus: 200, contentType: 'application/json' }, undefined], { kind: 'expected' }],
    ['204 without content', [{ httpStatus: 204 }, undefined], { kind: 'expected' }],
    ['the status that is wanted', [{ httpStatus: 404 }, 404], { kind: 'expected' }],
    [
      'another success than wanted',
      [{ httpStatus: 202 }, 200],
      { outcome: 'call_failed', said: /where 200/ },
    ],
    ['401', [{ httpStatus: 401 }, undefined], { outcome: 'call_refused', said: /^401$/ }],
    [
      '401 with a challenge',
      [{ httpStatus: 401, wwwAuthenticate: 'Bearer realm="x", error="invalid_token"' }, undefined],
      { outcome: 'call_refused', said: /^401 \(invalid_token\)$/ },
    ],
    ['403', [{ httpStatus: 403 }, undefined], { outcome: 'call_forbidden' }],
    ...[400, 403].map(
      (httpStatus): Row => [
        `${httpStatus} with the challenge of a 401`,
        [{ httpStatus, wwwAuthenticate: 'Bearer error="invalid_token"' }, undefined],
        { outcome: 'call_refused', said: new RegExp(`^${httpStatus} \\(invalid_token\\)$`) },
      ],
    ),
    [
      '401 with the challenge of a 403',
      [{ httpStatus: 401, wwwAuthenticate: 'Bearer scope="read", error="insufficient_scope"' }, undefined],
      { outcome: 'call_forbidden', said: /^401 \(insufficient_scope\)$/ },
    ],
    [
      '500 with a challenge',
      [{ httpStatus: 500, wwwAuthenticate: 'Bearer error="invalid_token"' }, undefined],
      { outcome: 'call_failed' },
    ],
    ['403 for a while', [{ httpStatus: 403, retryAfterSeconds: 60 }, undefined], { outcome: 'throttled' }],
    ['403 of a spent rate', [{ httpStatus: 403, isRateSpent: true }, undefined], { outcome: 'throttled' }],
    ['429', [{ httpStatus: 429 }, undefined], { outcome: 'throttled' }],
    ['302 to a sign-in', [{ httpStatus: 302 }, undefined], { outcome: 'call_failed', said: /redirect/ }],
    [
      '200 with a page',
      [{ httpStatus: 200, contentType: 'text/html; charset=utf-8' }, undefined],
      { outcome: 'call_failed', said: /HTML/ },
    ],
    [
      '401 with a page',
      [{ httpStatus: 401, contentType: 'text/html' }, undefined],
      { outcome: 'call_refused' },
    ],
    [
      '403 with a page',
      [{ httpStatus: 403, contentType: 'text/html' }, undefined],
      { outcome: 'call_failed', said: /HTML/ },
    ],
    ['502', [{ httpStatus: 502 }, undefined], { outcome: 'call_failed' }],
  ])('%s says what it says', (_what, given, { said, ...expected }: { said?: RegExp }) => {
    const reading = readCallAnswer(...given);
    expect(reading).toMatchObject(expected);
    if (said !== undefined) expect(reading).toHaveProperty('said', expect.stringMatching(said));
  });

  it.each([
    'Bearer error="CANARY token=xyz", error_description="CANARY"',
    'Bearer error="CANARY-1234"',
    'Bearer error=CANARY.1234',
    `Bearer error="${'canary_'.repeat(20)}"`,
  ])('shows nothing of the challenge %s, which is no word', (wwwAuthenticate) => {
    expect(readCallAnswer({ httpStatus: 401, wwwAuthenticate }, undefined)).toHaveProperty('said', '401');
  });
});

describe('the answer to a call without a credential', () => {
  it.each<[number, number | undefined, boolean | undefined]>([
    ...[401, 403, 404, 400, 302].map((status) => [status, undefined, true] as [number, undefined, boolean]),
    [200, undefined, false],
    [404, 404, false],
    ...[429, 408, 500, 503].map((status) => [status, undefined, undefined] as [number, undefined, undefined]),
  ])('with %i where %s is expected says of its being able to fail: %s', (httpStatus, expected, canFail) => {
    expect(canFailBy({ httpStatus }, expected)).toBe(canFail);
  });

  it('that asks to wait says nothing of it', () => {
    expect(canFailBy({ httpStatus: 403, retryAfterSeconds: 60 }, undefined)).toBeUndefined();
  });
});

describe('a claims challenge', () => {
  const claims = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}';
  const header = (encoded: string, error = 'insufficient_claims') =>
    `Bearer realm="", authorization_uri="https://login.example", error="${error}", claims="${encoded}"`;

  it('is what the next token is asked for with', () => {
    expect(claimsChallenge(header(Buffer.from(claims).toString('base64')))).toBe(claims);
  });

  it.each<[string, string | undefined]>([
    ['no header', undefined],
    ['another error', header(Buffer.from(claims).toString('base64'), 'invalid_token')],
    ['no claims', 'Bearer error="insufficient_claims"'],
    ['claims that are no JSON', header('AAAA')],
    ['claims that are a list', header(Buffer.from('[1]').toString('base64'))],
    [
      'claims of 5,000 characters',
      header(Buffer.from(JSON.stringify({ a: 'x'.repeat(5000) })).toString('base64')),
    ],
  ])('is none where there is %s', (_what, given) => {
    expect(claimsChallenge(given)).toBeUndefined();
  });
});
