import { describe, expect, it } from 'vitest';
import { outcomeOfAnswer, type RefusingAnswer } from '../../../../src/lib/prove/rules/oauthAnswer.ts';

const REFUSED: RefusingAnswer = {
  httpStatus: 400,
  error: undefined,
  isJson: true,
  method: 'client_secret_post',
};
const outcome = (change: Partial<RefusingAnswer>) => outcomeOfAnswer({ ...REFUSED, ...change });

describe('an answer without a token', () => {
  it.each([
    ['invalid_client', 'credential_wrong'],
    ['invalid_request', 'resource_wrong'],
    ['invalid_scope', 'resource_wrong'],
    ['invalid_target', 'resource_wrong'],
    ['unsupported_grant_type', 'resource_wrong'],
    ['deleted_client', 'app_gone'],
    ['disabled_client', 'app_disabled'],
    ['temporarily_unavailable', 'throttled'],
    ['too_many_requests', 'throttled'],
    ['server_error', 'unavailable'],
  ])('with the error %s is %s, whatever 4xx it comes with', (error, expected) => {
    for (const httpStatus of [200, 400, 401, 403])
      expect(outcome({ error, httpStatus }), `${httpStatus}`).toBe(expected);
  });

  it.each(['unauthorized_client', 'access_denied', 'invalid_grant'])(
    'with %s says what the client may not, and in 401 that its secret is refused',
    (error) => {
      expect([400, 401, 403].map((httpStatus) => outcome({ error, httpStatus }))).toEqual([
        'not_permitted',
        'credential_wrong',
        'not_permitted',
      ]);
    },
  );

  it.each([
    ['client_secret_basic', 'credential_wrong'],
    ['client_secret_post', 'credential_wrong'],
    ['private_key_jwt', 'assertion_refused'],
  ])('refuses what a client by %s proves itself with as %s', (method, expected) => {
    expect(outcome({ method, error: 'invalid_client' })).toBe(expected);
    expect(outcome({ method, httpStatus: 401 })).toBe(expected);
  });

  it.each([
    [200, 'unavailable'],
    [204, 'unavailable'],
    [400, 'unavailable'],
    [401, 'credential_wrong'],
    [403, 'not_permitted'],
    [301, 'resource_wrong'],
    [307, 'resource_wrong'],
    [404, 'resource_wrong'],
    [405, 'resource_wrong'],
    [408, 'unavailable'],
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('without an error in %i is %s', (httpStatus, expected) => {
    expect(outcome({ httpStatus })).toBe(expected);
  });

  it('takes a 403 that is no JSON for a firewall', () => {
    expect(outcome({ httpStatus: 403, isJson: false })).toBe('unavailable');
  });

  it('tells of the request where the error is one that nobody knows', () => {
    expect(outcome({ error: 'no_such_word' })).toBe('resource_wrong');
    expect(outcome({ error: 'no_such_word', httpStatus: 401 })).toBe('credential_wrong');
  });

  it.each([302, 307, 499, 500, 502])('is believed no word about the client in %i', (httpStatus) => {
    for (const error of ['invalid_client', 'invalid_grant', 'unauthorized_client'])
      expect(outcome({ httpStatus, error })).toBe(httpStatus < 400 ? 'resource_wrong' : 'unavailable');
  });

  it('backs off in 429 whatever else it says', () => {
    expect(outcome({ httpStatus: 429, error: 'invalid_client' })).toBe('throttled');
    expect(outcome({ httpStatus: 503, error: 'temporarily_unavailable' })).toBe('throttled');
  });
});
