import { describe, expect, it } from 'vitest';
import { judgeCallback } from '../../../../src/lib/connect/rules/callback.ts';
import type { AuthorizationFacts } from '../../../../src/lib/oauth/rules/authorizationFacts.ts';
import { strictProfile } from '../../../fakes/profiles.ts';

const ENDPOINT = 'https://login.example/authorize';
const TOKENS = 'https://login.example/token';
const judge = (query: string, facts: Partial<AuthorizationFacts> = {}, tokenEndpoint = TOKENS) =>
  judgeCallback(new URLSearchParams(query), {
    ...strictProfile({ tokenEndpoint }),
    authorization: { endpoint: ENDPOINT, ...facts },
  });

describe('a callback', () => {
  it.each([
    ['of letters', 'abc'],
    ['of all that a query has to encode', '4/0A+b=c&d%?#/~'],
    ['of a server that keeps nothing', `CfDJ8${'a'.repeat(6_000)}`],
  ])('gives its code %s', (_of, code) => {
    const query = new URLSearchParams({ code, state: 's' }).toString();
    expect(judge(query)).toMatchObject({ ok: true, code, fields: {} });
  });

  it.each([
    ['state=s', 'no_code'],
    ['code=&state=s', 'no_code'],
    ['code=a%0d%0aset-cookie:%20b', 'no_code'],
    ['code=a&code=b', 'callback_malformed'],
    ['code=a&iss=https://login.example&iss=https://evil.example', 'callback_malformed'],
  ])('without one code that can be meant gives none: %.40s', (query, code) => {
    expect(judge(query)).toMatchObject({ ok: false, code });
  });

  it.each([
    ['access_denied', 'access_denied', 'declined'],
    ['invalid_scope', 'authorization_refused', 'invalid_scope'],
  ])('with the error %s says so', (error, code, words) => {
    const judged = judge(`error=${error}&code=abc&error_description=%3Cscript%3E`);
    expect(judged).toMatchObject({ ok: false, code, message: expect.stringContaining(words) });
  });

  it.each(['<script>', 'eyJhbGciOi.x.y', 'a\r\nb'])('never repeats an error that is no code: %j', (error) => {
    const judged = judge(new URLSearchParams({ error }).toString());
    expect(JSON.stringify(judged)).not.toContain(JSON.stringify(error).slice(1, -1));
  });
});

describe('the server of a callback', () => {
  const ISSUER = 'https://login.example/tenant';

  it.each([
    ['is not its own', `iss=${ISSUER}/`, { issuer: ISSUER }],
    ['is not said where it has to be', 'code=a', { issuer: ISSUER, issParameter: 'required' as const }],
    ['is at another host than the page, where no issuer is known', 'iss=https://evil.example', {}],
    ['is no address', 'iss=login.example', {}],
    ['is not its own, whatever error it says', 'iss=https://evil.example&error=access_denied', {}],
  ])('that %s makes it useless', (_what, query, facts) => {
    expect(judge(`${query}&state=s`, facts)).toMatchObject({ ok: false, code: 'issuer_mismatch' });
  });

  it.each([
    ['the issuer', `iss=${ISSUER}`, { issuer: ISSUER }],
    ['the host of the page, where no issuer is known', 'iss=https://login.example/other', {}],
    ['nobody, where it need not', 'x=y', { issuer: ISSUER }],
  ])('may be %s', (_what, query, facts) => {
    expect(judge(`${query}&code=abc`, facts)).toMatchObject({ ok: true });
  });

  it('that names another token server than the config sends nothing there, and says which', () => {
    const zoho = { tokenServerField: 'accounts-server', callbackFields: ['location'] };
    const home = 'https://accounts.zoho.com/oauth/v2/token';
    expect(judge('code=a&accounts-server=https://accounts.zoho.eu', zoho, home)).toMatchObject({
      code: 'other_token_server',
      message: expect.stringContaining('https://accounts.zoho.eu'),
    });
    expect(judge('code=a&location=us&accounts-server=https://accounts.zoho.com', zoho, home)).toMatchObject({
      ok: true,
      fields: { location: 'us' },
    });
  });

  it('may name the account, and what consumers need, made safe to show', () => {
    const facts = {
      callbackFields: ['realmId'],
      accountIdentity: { from: 'callback', at: '/realmId' },
    } as const;
    expect(judge('code=a&realmId=91%1b[31m', facts)).toMatchObject({
      account: '91\u001b[31m',
      fields: { realmId: '91\\u{1b}[31m' },
    });
  });
});
