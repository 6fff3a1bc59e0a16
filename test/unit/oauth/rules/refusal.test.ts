import { describe, expect, it } from 'vitest';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { REFUSAL_WORDS } from '../../../../src/lib/oauth/rules/refusalWords.ts';
import { strictProfile } from '../../../fakes/profiles.ts';
import { presetOf, readAnswer } from '../../../fakes/readAnswer.ts';

const read = (httpStatus: number, body: unknown, profile?: ProviderProfile) =>
  readAnswer(httpStatus, body, profile, { contentType: undefined });

describe('a refusal is classed by what it says, before where it says it', () => {
  it.each(REFUSAL_WORDS.flatMap(({ means, codes }) => codes.map((code): [string, string] => [code, means])))(
    '%s is %s, in any spelling and status',
    (code, means) => {
      const spellings = [code, code.toUpperCase(), code.replaceAll('_', ' '), code.replaceAll('_', '')];
      for (const error of spellings) {
        const expected = means === 'unclear' ? { kind: 'ambiguous' } : { kind: 'refused', class: means };
        expect(read(500, { error })).toMatchObject(expected);
        if (means === 'unclear') continue;
        for (const status of [200, 302, 400, 401, 403, 429])
          expect(read(status, { error }), `${error} in ${status}`).toMatchObject({
            class: means,
            oauthError: error,
          });
      }
    },
  );

  it.each<[string, number, unknown, string]>([
    [
      'Fitbit, in a list',
      400,
      { errors: [{ errorType: 'invalid_grant', message: 'x' }], success: false },
      'dead',
    ],
    ['OpenAI, in an object', 401, { error: { message: 'x', type: 'y', code: 'token_expired' } }, 'dead'],
    ['Apigee, with a prefix', 401, { ErrorCode: 'invalid_request', Error: 'Refresh Token expired' }, 'dead'],
    [
      'DeviantArt',
      400,
      { error: 'invalid_request', error_description: 'The refresh_token is invalid.' },
      'dead',
    ],
    [
      'X',
      400,
      { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
      'dead',
    ],
    ['Obot', 400, { error: 'invalid_request: Obot: refresh_token is invalid' }, 'dead'],
    ['a list of sentences', 400, { errors: ['invalid_grant - The grant is gone'] }, 'dead'],
    ['a list under the name of one', 400, { error: ['invalid_client'] }, 'client'],
    ['a code before a dash', 401, { message: 'invalid_grant - revoked' }, 'dead'],
    ['a code before a colon', 400, 'invalid_scope: none of these', 'configuration'],
    ['a code before a parenthesis', 400, { detail: 'invalid_token (gone)' }, 'dead'],
    ['a problem of RFC 9457', 400, { type: 'about:blank', title: 'invalid_grant', status: 400 }, 'dead'],
    [
      'Exact Online',
      401,
      { error: 'unauthorized_client', error_description: 'Old refresh token used.' },
      'dead',
    ],
    ['better-auth', 400, { error: 'invalid_request', error_description: 'session not found' }, 'dead'],
    ['Metabase', 400, { error: 'invalid_request', error_description: 'Refresh token was rotated' }, 'dead'],
    ['Salesforce', 400, { error: 'invalid_grant', error_description: 'login rate exceeded' }, 'retry_later'],
    [
      'fosite',
      400,
      {
        error: 'invalid_request',
        error_description:
          'The request is otherwise malformed. Failed to refresh token because of multiple concurrent requests using the same token which is not allowed.',
      },
      'retry_later',
    ],
    ['Zoho, for a client', 400, { error: 'invalid_client_secret' }, 'client'],
    ['Google, for a client', 400, { error: 'deleted_client' }, 'client'],
    ['a word that only begins like a code', 400, { error: 'invalid_grantor: x' }, 'configuration'],
    ['a sentence alone', 401, { message: 'Invalid or expired refresh token' }, 'dead'],
    ['a bare word', 400, 'invalid_grant', 'dead'],
    ['a bare word in quotes', 401, '"invalid_token"\n', 'dead'],
    [
      'Exact Online',
      400,
      { error: 'access_denied', error_description: 'Rate limit exceeded: wait' },
      'retry_later',
    ],
    [
      'a limit called a dead token',
      400,
      { error: 'invalid_grant', message: 'Too many requests' },
      'retry_later',
    ],
    [
      'Metabase',
      400,
      { error: 'invalid_request', error_description: 'The token request is invalid.' },
      'configuration',
    ],
    [
      'a missing parameter',
      400,
      { error: 'invalid_request', message: 'refresh_token parameter is invalid' },
      'configuration',
    ],
    [
      'another client',
      400,
      { error: 'unauthorized_client', message: 'refresh token is invalid for client' },
      'client',
    ],
    ['a word that nobody knows', 401, { error: 'weird' }, 'client'],
    ['a word that nobody knows, without 401', 400, { error: 'weird' }, 'configuration'],
    ['a failure inside 401', 401, { error: 'server_error' }, 'client'],
  ])('as %s says it', (_, httpStatus, body, expected) => {
    expect(read(httpStatus, body)).toMatchObject({ kind: 'refused', class: expected });
  });
});

describe("a provider's own words", () => {
  it('come before those that everybody knows, for every class, and those that wait before those that kill', () => {
    const said = { error: 'invalid_grant', error_description: 'E77: busy, come back' };
    const words: [Partial<ProviderProfile>, string][] = [
      [{ retryErrors: ['E77'], deadErrors: ['E77'] }, 'retry_later'],
      [{ clientErrors: ['e77: BUSY'] }, 'client'],
      [{ configurationErrors: ['come back'] }, 'configuration'],
      [{ retryErrors: ['invalid_grant'] }, 'retry_later'],
    ];
    for (const [profile, expected] of words)
      expect(read(400, said, strictProfile(profile))).toMatchObject({ class: expected });
    expect(
      read(
        400,
        { error: 'temporarily_unavailable' },
        strictProfile({ deadErrors: ['temporarily_unavailable'] }),
      ),
    ).toMatchObject({ class: 'dead' });
  });

  it('are whole codes, and stand by themselves in a description', () => {
    const profile = strictProfile({ retryErrors: ['busy', ''] });
    for (const word of ['busy', 'server is BUSY.', 'busy: wait'])
      expect(read(400, { error: word }, profile)).toMatchObject({ class: 'retry_later', oauthError: 'busy' });
    for (const word of ['busybody', 'not_busy', 'überbusy'])
      expect(read(400, { error: word }, profile)).toMatchObject({ class: 'configuration' });
  });

  it('decide in a body of one word, and in a 5xx', () => {
    const profile = strictProfile({ deadErrors: ['GONE-1'], retryErrors: ['maintenance window'] });
    expect(read(400, 'gone-1', profile)).toMatchObject({ class: 'dead' });
    expect(read(503, { message: 'Maintenance window until 4' }, profile)).toMatchObject({
      class: 'retry_later',
    });
  });
});

describe('a preset', () => {
  it.each<[string, number, unknown, string]>([
    [
      'salesforce',
      400,
      { error: 'invalid_grant', error_description: 'token request is already being processed' },
      'retry_later',
    ],
    [
      'salesforce_rtr',
      400,
      { error: 'invalid_grant', error_description: 'expired authorization code' },
      'retry_later',
    ],
    [
      'salesforce',
      400,
      { error: 'invalid_grant', error_description: 'expired access/refresh token' },
      'dead',
    ],
    [
      'atlassian',
      403,
      { error: 'unauthorized_client', error_description: 'refresh_token is invalid' },
      'dead',
    ],
    [
      'atlassian',
      403,
      { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
      'dead',
    ],
    ['atlassian', 401, { error: 'unauthorized_client', error_description: 'Unauthorized' }, 'client'],
    ['servicenow', 401, { error: 'server_error', error_description: 'access_denied' }, 'dead'],
    ['servicenow', 401, { error: 'invalid_client' }, 'client'],
    ['zoho', 200, { error: 'Access Denied', status: 'failure' }, 'retry_later'],
    ['zoho', 200, { error: 'invalid_code' }, 'dead'],
    ['entra', 400, { error: 'interaction_required', error_description: 'AADSTS50076: x' }, 'dead'],
    [
      'entra',
      400,
      { error: 'invalid_grant', error_description: 'AADSTS90033: A transient error' },
      'retry_later',
    ],
    ['hubspot', 400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown refresh token' }, 'dead'],
    ['zoom', 401, { reason: 'Invalid Token!', error: 'invalid_request' }, 'dead'],
    ['slack', 200, { ok: false, error: 'ratelimited' }, 'retry_later'],
    ['github_app', 200, 'error=bad_refresh_token&error_description=x', 'dead'],
  ])('%s reads HTTP %d %j as %s', (id, httpStatus, body, expected) => {
    expect(read(httpStatus, body, presetOf(id))).toMatchObject({ kind: 'refused', class: expected });
  });
});
