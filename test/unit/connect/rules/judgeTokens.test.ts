import { describe, expect, it } from 'vitest';
import { judgeTokens } from '../../../../src/lib/connect/rules/judgeTokens.ts';

const ANSWER = { refreshToken: 'refresh-token', scope: undefined, account: 'anna' };
const WANTED = {
  provider: 'Contoso',
  authorization: { parameters: { access_type: 'offline' }, scopes: ['offline_access'] },
  scopes: ['api.read'],
  accountBefore: 'anna',
  isOtherAccountMeant: false,
};

describe('the tokens of a consent', () => {
  it.each([
    ['the account before', ANSWER, WANTED],
    ['an account where none is known', ANSWER, { ...WANTED, accountBefore: undefined }],
    ['nobody that can be told', { ...ANSWER, account: undefined }, WANTED],
    ['another account, as was meant', ANSWER, { ...WANTED, accountBefore: 'ben', isOtherAccountMeant: true }],
  ])('of %s are taken in', (_whose, answer, wanted) => {
    expect(judgeTokens(answer, wanted)).toEqual({
      ok: true,
      refreshToken: 'refresh-token',
      account: answer.account,
    });
  });

  it('of another account change nothing, and both are named', () => {
    expect(judgeTokens(ANSWER, { ...WANTED, accountBefore: 'ben' })).toMatchObject({
      code: 'other_account',
      message: expect.stringMatching(/anna.*ben/),
    });
  });

  it('of nobody that a provider should name change nothing where the account before is known', () => {
    const authorization = { accountIdentity: { from: 'id_token', at: '/sub' } } as const;
    const unnamed = { ...ANSWER, account: undefined };
    expect(judgeTokens(unnamed, { ...WANTED, authorization })).toMatchObject({ code: 'account_unknown' });
    const first = { ...WANTED, authorization, accountBefore: undefined };
    expect(judgeTokens(unnamed, first)).toMatchObject({ ok: true });
  });

  it('without a refresh token change nothing, and it is said what was asked for', () => {
    expect(judgeTokens({ ...ANSWER, refreshToken: undefined }, WANTED)).toMatchObject({
      code: 'no_refresh_token',
      action: expect.stringContaining('access_type=offline, offline_access'),
    });
  });

  it('with less than was asked for change nothing', () => {
    expect(judgeTokens({ ...ANSWER, scope: 'openid' }, WANTED)).toMatchObject({
      code: 'scope_missing',
      message: expect.stringContaining('api.read'),
    });
  });

  it('with less than was asked for are taken in where the code is exchanged for just that', () => {
    const scopes = ['https://one.example/read', 'https://two.example/read'];
    const [requested] = scopes;
    const answer = { ...ANSWER, scope: requested };
    expect(judgeTokens(answer, { ...WANTED, scopes, requested })).toMatchObject({ ok: true });
    expect(judgeTokens(answer, { ...WANTED, scopes })).toMatchObject({ code: 'scope_missing' });
  });
});
