import { describe, expect, it } from 'vitest';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { REFUSAL_WORDS } from '../../../../src/lib/oauth/rules/refusalWords.ts';
import { NEW, PAIR, presetOf, readAnswer } from '../../../fakes/readAnswer.ts';

const read = (httpStatus: number, body: unknown, profile: Partial<ProviderProfile> = {}) =>
  readAnswer(httpStatus, body, profile, { contentType: undefined });

const FOSITE =
  'The request is otherwise malformed. Failed to refresh token because of multiple concurrent requests using the same token which is not allowed.';

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

  it.each<[string, number, string, string, string]>([
    ['Apigee', 401, 'invalid_request', 'Refresh Token expired', 'dead'],
    ['DeviantArt', 400, 'invalid_request', 'The refresh_token is invalid.', 'dead'],
    ['X', 400, 'invalid_request', 'Value passed for the token was invalid.', 'dead'],
    ['Exact Online', 401, 'unauthorized_client', 'Old refresh token used.', 'dead'],
    ['Exact Online', 400, 'access_denied', 'Rate limit exceeded: wait', 'retry_later'],
    ['Authlib', 400, 'invalid_request', 'Invalid "refresh_token" in request.', 'dead'],
    ['Tesla', 401, 'login_required', 'Login required', 'dead'],
    ['Auth0', 403, 'mfa_required', 'Multifactor authentication required', 'dead'],
    ['better-auth', 400, 'invalid_request', 'session not found', 'dead'],
    ['Metabase', 400, 'invalid_request', 'Refresh token was rotated', 'dead'],
    ['Metabase', 400, 'invalid_request', 'The token request is invalid.', 'configuration'],
    ['Salesforce', 400, 'invalid_grant', 'login rate exceeded', 'retry_later'],
    ['fosite', 400, 'invalid_request', FOSITE, 'retry_later'],
    ['a limit called a dead token', 400, 'invalid_grant', 'Too many requests', 'retry_later'],
    ['Salesforce', 400, 'unknown_error', 'retry your request', 'retry_later'],
    ['a server that is away', 403, 'weird', 'The service is temporarily unavailable.', 'retry_later'],
    ['a dead token that may be asked for anew', 400, 'invalid_grant', 'Sign in, and try again later', 'dead'],
    ['a missing parameter', 400, 'invalid_request', 'refresh_token parameter is invalid', 'configuration'],
    ['another client', 400, 'unauthorized_client', 'refresh token is invalid for client', 'client'],
  ])('as %s describes it with %d %s: %s', (_, httpStatus, error, description, expected) => {
    for (const body of [
      { error, error_description: description },
      { error, message: description },
    ])
      expect(read(httpStatus, body)).toMatchObject({ kind: 'refused', class: expected });
  });

  it.each<[string, number, unknown, string]>([
    ['Fitbit, in a list', 400, { errors: [{ errorType: 'invalid_grant', message: 'x' }] }, 'dead'],
    ['OpenAI, in an object', 401, { error: { message: 'x', type: 'y', code: 'token_expired' } }, 'dead'],
    ['an object inside a success', 200, { error: { code: 'invalid_grant' } }, 'dead'],
    ['Apigee, with a prefix', 401, { ErrorCode: 'invalid_request', Error: 'Refresh Token expired' }, 'dead'],
    ['Obot', 400, { error: 'invalid_request: Obot: refresh_token is invalid' }, 'dead'],
    ['a list of sentences', 400, { errors: ['invalid_grant - The grant is gone'] }, 'dead'],
    ['a list under the name of one', 400, { error: ['invalid_client'] }, 'client'],
    ['a code before a dash', 401, { message: 'invalid_grant - revoked' }, 'dead'],
    ['a code before a colon', 400, 'invalid_scope: none of these', 'configuration'],
    ['a code before a parenthesis', 400, { detail: 'invalid_token (gone)' }, 'dead'],
    ['a problem of RFC 9457', 400, { type: 'about:blank', title: 'invalid_grant', status: 400 }, 'dead'],
    ['Zoho, for a client', 400, { error: 'invalid_client_secret' }, 'client'],
    ['Google, for a client', 400, { error: 'deleted_client' }, 'client'],
    ['a word that only begins like a code', 400, { error: 'invalid_grantor: x' }, 'configuration'],
    ['a sentence alone', 401, { message: 'Invalid or expired refresh token' }, 'dead'],
    ['Somfy, behind a name', 400, { message: 'error.invalid.grant', data: [], uid: 'x' }, 'dead'],
    ['a client behind a name', 400, { error: 'oauth2:errors:invalid_client' }, 'client'],
    ['a name that nobody knows', 400, { error: 'error.invalid.color' }, 'configuration'],
    ['Supabase, as one code', 400, { error_code: 'refresh_token_not_found' }, 'dead'],
    ['a sentence in one word', 403, { error: { code: 'REFRESH_TOKEN_INVALID' } }, 'dead'],
    ['a sentence in camel case', 403, { errorCode: 'refreshTokenInactive' }, 'dead'],
    ['OpenAI, of the session', 400, { error: { code: 'app_session_expired' } }, 'dead'],
    ['a missing parameter in one word', 400, { error: 'invalid_or_missing_refresh_token' }, 'configuration'],
    ['a bare word', 400, 'invalid_grant', 'dead'],
    ['a bare word in quotes', 401, '"invalid_token"\n', 'dead'],
    ['a word that nobody knows', 401, { error: 'weird' }, 'client'],
    ['a word that nobody knows, without 401', 400, { error: 'weird' }, 'configuration'],
    ['a failure inside 401', 401, { error: 'server_error' }, 'client'],
  ])('as %s says it', (_, httpStatus, body, expected) => {
    expect(read(httpStatus, body)).toMatchObject({ kind: 'refused', class: expected });
  });
});

it('takes nothing from the tokens of a success that lists errors', () => {
  expect(read(200, { ...PAIR, errors: ['invalid_grant - for another scope'] })).toMatchObject({
    kind: 'tokens',
    refreshToken: NEW,
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
      expect(read(400, said, profile)).toMatchObject({ class: expected });
    expect(
      read(400, { error: 'temporarily_unavailable' }, { deadErrors: ['temporarily_unavailable'] }),
    ).toMatchObject({ class: 'dead' });
  });

  it('are whole codes, and stand by themselves in a description', () => {
    const profile = { retryErrors: ['busy', ''] };
    for (const word of ['busy', 'server is BUSY.', 'busy: wait'])
      expect(read(400, { error: word }, profile)).toMatchObject({ class: 'retry_later', oauthError: 'busy' });
    for (const word of ['busybody', 'not_busy', 'überbusy'])
      expect(read(400, { error: word }, profile)).toMatchObject({ class: 'configuration' });
  });

  it('decide in a body of one word, and in a 5xx', () => {
    const profile = { deadErrors: ['GONE-1'], retryErrors: ['maintenance window'] };
    expect(read(400, 'gone-1', profile)).toMatchObject({ class: 'dead' });
    expect(read(503, { message: 'Maintenance window until 4' }, profile)).toMatchObject({
      class: 'retry_later',
    });
  });
});

describe('a preset', () => {
  it.each<[string, number, string, string, string]>([
    ['salesforce', 400, 'invalid_grant', 'token request is already being processed', 'retry_later'],
    ['salesforce_rtr', 400, 'invalid_grant', 'expired authorization code', 'retry_later'],
    ['salesforce', 400, 'invalid_grant', 'expired access/refresh token', 'dead'],
    ['atlassian', 403, 'unauthorized_client', 'refresh_token is invalid', 'dead'],
    ['atlassian', 403, 'invalid_grant', 'Unknown or invalid refresh token.', 'dead'],
    ['atlassian', 401, 'unauthorized_client', 'Unauthorized', 'client'],
    ['servicenow', 401, 'server_error', 'access_denied', 'dead'],
    ['servicenow', 401, 'invalid_client', '', 'client'],
    ['zoho', 200, 'Access Denied', '', 'retry_later'],
    ['zoho', 200, 'invalid_code', '', 'dead'],
    ['entra', 400, 'interaction_required', 'AADSTS50076: x', 'dead'],
    ['entra', 400, 'invalid_grant', 'AADSTS90033: A transient error', 'retry_later'],
    ['entra', 400, 'invalid_grant', 'AADSTS50196: The server terminated an operation', 'retry_later'],
    ['slack', 200, 'ratelimited', '', 'retry_later'],
    ['slack', 200, 'team_added_to_org', '', 'retry_later'],
    ['slack', 200, 'account_inactive', '', 'dead'],
  ])('%s reads HTTP %d %s "%s" as %s', (id, httpStatus, error, description, expected) => {
    const body = { error, ...(description === '' ? {} : { error_description: description }) };
    expect(read(httpStatus, body, presetOf(id))).toMatchObject({ kind: 'refused', class: expected });
  });

  it.each<[string, number, unknown]>([
    ['hubspot', 400, { status: 'BAD_REFRESH_TOKEN', message: 'missing or unknown refresh token' }],
    ['hubspot', 400, { status: 'BAD_HUB', error: 'access_denied', message: 'hub is gone' }],
    ['zoom', 401, { reason: 'Invalid Token!', error: 'invalid_request' }],
    ['github_app', 200, 'error=bad_refresh_token&error_description=x'],
  ])('%s reads HTTP %d %j as the death of the token', (id, httpStatus, body) => {
    expect(read(httpStatus, body, presetOf(id))).toMatchObject({ kind: 'refused', class: 'dead' });
  });
});
