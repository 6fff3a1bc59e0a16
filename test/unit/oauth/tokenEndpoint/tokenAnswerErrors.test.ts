import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSES, NEW, PAIR, readAnswer as read } from '../../../fakes/readAnswer.ts';

describe('what an error says', () => {
  it('never becomes a token, whatever the status, the words and the depth', () => {
    const text = fc.oneof(fc.string(), fc.constant(NEW), fc.constant('expired'), fc.constant('RT-01****'));
    const inside = fc.dictionary(fc.constantFrom('refresh_token', 'refreshToken', 'access_token', 'x'), text);
    const body = fc.record({
      error: fc.oneof(
        fc.constantFrom('invalid_grant', 'server_error', 'x'),
        fc.record({ code: text.filter(Boolean), refresh_token: text }),
        fc.constant(true),
      ),
      details: fc.oneof(inside, fc.array(inside, { maxLength: 2 })),
    });
    const status = fc.oneof(fc.constant(200), fc.integer({ min: 200, max: 599 }));
    fc.assert(
      fc.property(status, body, fc.constantFrom(...CLASSES), inside, (httpStatus, json, rotation, beside) => {
        expect(read(httpStatus, { ...beside, ...json }, { rotation }).kind).not.toBe('tokens');
        const failed = httpStatus < 300 ? 400 : httpStatus;
        expect(read(failed, { ...beside, details: json.details }, { rotation }).kind).not.toBe('tokens');
      }),
      { numRuns: 1000, seed: 20261129 },
    );
  });

  it('is doubted where it holds both tokens and no error that is known, and what came is kept', () => {
    for (const httpStatus of [302, 400, 403, 500, 503]) {
      const answer = read(httpStatus, PAIR);
      if (answer.kind !== 'ambiguous') throw new Error(answer.kind);
      expect(answer.evidence?.()).toContain(NEW);
    }
    expect(read(200, { ...PAIR, error: 'partial' })).toMatchObject({ kind: 'ambiguous' });
    const asksToComeBack = { ...PAIR, error: 'partial', error_description: 'Try again later.' };
    expect(read(400, asksToComeBack)).toMatchObject({ kind: 'ambiguous' });
  });
});

describe('a failure', () => {
  it.each([
    { error: 'Bad Gateway' },
    { error: 'gateway_timeout' },
    { error: 502 },
    { error_code: '504', message: 'upstream request timeout' },
    { error: { code: 503, status: 'UNAVAILABLE' } },
    { error: 'unknown_error' },
  ])('of a gateway is unknown under HTTP 200 too: %j', (body) => {
    expect(read(200, body)).toMatchObject({ kind: 'ambiguous' });
  });

  it('that nobody knows proves nothing beside a refresh token, with its access token or without', () => {
    for (const body of [
      { error: 'W-17', refresh_token: NEW },
      { error_code: 'W-17', data: { refresh_token: NEW } },
      { error: { text: 'x' }, refresh_token: NEW },
    ])
      expect(read(200, body)).toMatchObject({ kind: 'ambiguous', evidence: expect.any(Function) });
    expect(read(200, { error: 'W-17' }).kind).toBe('refused');
  });

  it.each([408, 425, 499, 500, 502, 503, 504, 520, 599])(
    'of HTTP %d without a word of OAuth is ambiguous',
    (status) => {
      const gateways = ['', '<html>upstream connect error</html>', '{"message":"Service Unavailable"}'];
      gateways.push(JSON.stringify({ timestamp: 1, status, error: 'Service Unavailable', path: '/token' }));
      gateways.push(
        JSON.stringify({ status, error: 'Too busy', message: 'too many requests, refresh token invalid' }),
      );
      for (const body of gateways) expect(read(status, body)).toMatchObject({ kind: 'ambiguous' });
      expect(read(status, '{"error":"temporarily_unavailable"}')).toMatchObject({ class: 'retry_later' });
      expect(read(status, '{"error":"invalid_grant"}')).toMatchObject({ class: 'dead' });
    },
  );

  it.each([301, 302, 307, 308, 400, 403, 404, 405, 409, 413, 414, 421, 431, 451])(
    'of HTTP %d is an answer, and the request is at fault',
    (status) => {
      for (const body of ['', '<html>blocked</html>', '{"error":"weird"}', '{"error":"server_error"}'])
        expect(read(status, body)).toMatchObject({ kind: 'refused', class: 'configuration' });
    },
  );

  it.each([
    ['refresh_token', 'invalid', 400, 'dead'],
    ['refresh_token', 'missing', 400, 'configuration'],
    ['client_id', 'invalid', 400, 'configuration'],
    ['client_secret', 'invalid', 401, 'client'],
  ])('is of the field that it names: %s %s', (field, code, status, expected) => {
    const errors = [{ resource: 'Token', field, code }];
    expect(read(status, { message: 'Bad Request', errors })).toMatchObject({ class: expected });
  });

  it.each([
    [
      'several fields',
      { errors: ['client_id', 'refresh_token'].map((field) => ({ field, code: 'invalid' })) },
    ],
    ['a field that is elsewhere', { code: 'invalid', errors: [{ field: 'refresh_token', code: 'ignored' }] }],
  ])('of %s does not judge the token', (_of, body) => {
    expect(read(400, body)).toMatchObject({ class: 'configuration' });
  });

  it('is put off by 429 whatever it says, unless it says more', () => {
    for (const body of ['', '<html>', '{"error":"weird"}'])
      expect(read(429, body, {}, { retryAfter: '7' })).toMatchObject({
        class: 'retry_later',
        retryAfterSeconds: 7,
      });
    expect(read(429, '{"error":"invalid_grant"}')).toMatchObject({ class: 'dead' });
  });
});

describe('a code that is a piece of the token that was sent', () => {
  it.each(['correct_horse', 'CORRECT_HORSE', 'battery'])(
    'is not printed, however it is written: %s',
    (code) => {
      const answer = read(400, { error: code }, {}, { sent: 'correcthorsebattery-staple' });
      expect(answer).toMatchObject({ kind: 'refused', oauthError: undefined });
    },
  );
});
