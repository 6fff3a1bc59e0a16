import { describe, expect, it } from 'vitest';
import type { AccountIdentity } from '../../../../src/lib/oauth/rules/authorizationFacts.ts';
import { answeredIdentity } from '../../../../src/lib/oauth/tokenEndpoint/answeredIdentity.ts';
import { readTolerantJson } from '../../../../src/lib/oauth/tokenEndpoint/tolerantJson.ts';

const accountOf = (answer: string, accountIdentity: AccountIdentity): string | undefined =>
  answeredIdentity(readTolerantJson(answer, () => true).members, {
    authorization: { endpoint: 'https://login.example/authorize', accountIdentity },
  }).account;

describe('the account that an answer names', () => {
  it.each([
    ['a text', '"acme"', 'acme'],
    ['a number', '9007199254740991', '9007199254740991'],
    ['a number that was rounded to that of another account', '9007199254740993', undefined],
    ['a fraction', '1.5', undefined],
    ['nothing', '""', undefined],
    ['longer than any id', `"${'x'.repeat(201)}"`, undefined],
  ])('may be %s', (_what, id, account) => {
    const idToken = ['e30', Buffer.from(`{"sub":${id}}`).toString('base64url'), ''].join('.');
    expect(accountOf(`{"team":{"id":${id}}}`, { from: 'answer', at: '/team/id' })).toBe(account);
    expect(accountOf(`{"id_token":"${idToken}"}`, { from: 'id_token', at: '/sub' })).toBe(account);
  });
});
