import { describe, expect, it } from 'vitest';
import { type TokenReply, tokenResponse } from '../../../../src/lib/tokens/rules/tokenReply.ts';

const TOKEN: TokenReply = {
  kind: 'token',
  accessToken: 'the-token',
  expiresInSeconds: 1799,
  scope: 'orders.read',
  seq: 7,
  source: 'hit',
};
const wait = (retryAfterSeconds: number, kind: 'unavailable' | 'too_many' = 'unavailable'): TokenReply => ({
  kind,
  trouble: 'refresh_failing',
  retryAfterSeconds,
  reason: 'a failure cools down',
});

describe('an answer of the token endpoint', () => {
  it('is that of RFC 6749 §5.1, and nothing may store it', () => {
    expect(tokenResponse(TOKEN)).toEqual({
      status: 200,
      headers: { 'cache-control': 'no-store', 'keywatch-sequence': '7' },
      jsonBody: { access_token: 'the-token', token_type: 'Bearer', expires_in: 1799, scope: 'orders.read' },
    });
  });

  it.each([
    [{ kind: 'unknown' }, 404, 'not_found'],
    [{ kind: 'dead', reconnectUrl: 'https://keywatch.example/r' }, 424, 'grant_dead'],
    [wait(20), 503, 'temporarily_unavailable'],
    [wait(20, 'too_many'), 429, 'slow_down'],
    [{ kind: 'faulty', status: 413, message: 'too long' }, 413, 'invalid_request'],
  ] as const)('says by status and code why there is none: %j', (reply, status, error) => {
    const response = tokenResponse(reply);
    expect(response).toMatchObject({ status, jsonBody: { error, error_description: expect.any(String) } });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.jsonBody).not.toHaveProperty('access_token');
  });

  it('says where a person consents again', () => {
    const { jsonBody } = tokenResponse({ kind: 'dead', reconnectUrl: 'https://keywatch.example/r' });
    expect(jsonBody).toMatchObject({ reconnect_url: 'https://keywatch.example/r' });
  });

  it.each([
    [0, '1'],
    [19.2, '20'],
    [86_400, '3600'],
    [Number.NEGATIVE_INFINITY, '1'],
  ])('asks to come back after %d s as %s', (seconds, header) => {
    expect(tokenResponse(wait(seconds)).headers['retry-after']).toBe(header);
  });
});
