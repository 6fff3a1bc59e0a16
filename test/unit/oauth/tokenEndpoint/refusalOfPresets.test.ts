import { describe, expect, it } from 'vitest';
import type { ProviderProfile } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { presetOf, readAnswer } from '../../../fakes/readAnswer.ts';

const read = (httpStatus: number, body: unknown, profile?: ProviderProfile) =>
  readAnswer(httpStatus, body, profile, { contentType: undefined });

describe('what a success lists as errors', () => {
  it('takes nothing from its tokens', () => {
    const body = {
      access_token: 'at',
      refresh_token: 'RT-new',
      errors: ['invalid_grant - for another scope'],
    };
    expect(read(200, body)).toMatchObject({ kind: 'tokens', refreshToken: 'RT-new' });
  });
});

describe('a preset', () => {
  it.each<[string, string, number, unknown, string]>([
    [
      'hubspot calls a token of an account that is gone dead',
      'hubspot',
      400,
      { status: 'BAD_HUB', error: 'access_denied', message: 'hub is gone' },
      'dead',
    ],
    [
      'entra waits when it asked too often',
      'entra',
      400,
      { error: 'invalid_grant', error_description: 'AADSTS50196: The server terminated an operation' },
      'retry_later',
    ],
    [
      'slack waits while a workspace moves',
      'slack',
      200,
      { ok: false, error: 'team_added_to_org' },
      'retry_later',
    ],
    [
      'slack calls a token of a deleted account dead',
      'slack',
      200,
      { ok: false, error: 'account_inactive' },
      'dead',
    ],
  ])('of %s', (_, id, httpStatus, body, expected) => {
    expect(read(httpStatus, body, presetOf(id))).toMatchObject({ kind: 'refused', class: expected });
  });
});
