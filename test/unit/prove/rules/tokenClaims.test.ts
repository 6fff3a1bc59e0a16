import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_READ_TOKEN, readJwt } from '../../../../src/lib/prove/rules/jwt.ts';
import {
  type ReceivedToken,
  readToken,
  type TokenExpectations,
} from '../../../../src/lib/prove/rules/tokenClaims.ts';
import { jwtOf } from '../../../fakes/prove.ts';

const part = (text: string): string => Buffer.from(text).toString('base64url');
const CLAIMS = { iss: 'https://login.example', iat: 1_000_000, exp: 1_003_600, roles: ['Orders.Read'] };
const EXPECTS: TokenExpectations = { roles: ['Orders.Read'], scopes: undefined, maxTokenMinutes: 1440 };

const read = (
  claims: object,
  expects: Partial<TokenExpectations> = {},
  answer: Partial<ReceivedToken> = {},
) =>
  readToken(
    { accessToken: jwtOf(JSON.stringify(claims)), expiresInSeconds: 3600, scope: undefined, ...answer },
    { ...EXPECTS, ...expects },
  );
const codes = (...given: Parameters<typeof read>) => read(...given).findings.map(({ code }) => code);

describe('the claims of an access token', () => {
  it('are as expected: nothing is found, and its roles and its life are shown', () => {
    expect(read(CLAIMS)).toEqual({
      shown: 'a JWT, roles Orders.Read, scopes none, lives 60 minutes',
      findings: [],
    });
  });

  it.each<[string, object, Partial<TokenExpectations>, string]>([
    ['lack a role that is needed', { ...CLAIMS, roles: [] }, {}, 'role_missing'],
    ['have no roles at all', { ...CLAIMS, roles: undefined }, {}, 'role_missing'],
    ['grant a role too many', { ...CLAIMS, roles: ['Orders.Read', 'Orders.Write'] }, {}, 'excess_scope'],
    ['grant a scope too many', { ...CLAIMS, scp: 'read write' }, { scopes: ['read'] }, 'excess_scope'],
    ['lack a scope', { ...CLAIMS, scope: ['read'] }, { scopes: ['read', 'write'] }, 'role_missing'],
    ['grant roles that nobody declared', CLAIMS, { roles: undefined }, 'scope_not_declared'],
    ['let it live too long', CLAIMS, { maxTokenMinutes: 59 }, 'long_lived_access_token'],
    ['hold a password', { ...CLAIMS, user_password: 'x' }, {}, 'sensitive_claim'],
    [
      'hold a date of birth inside another claim',
      { ...CLAIMS, user: { dateOfBirth: 'x' } },
      {},
      'sensitive_claim',
    ],
    ['hold an array of things with an IBAN', { ...CLAIMS, accounts: [{ iban: 'x' }] }, {}, 'sensitive_claim'],
  ])('that %s are a finding', (_what, claims, expects, code) => {
    expect(codes(claims, expects)).toEqual([code]);
  });

  it('have the roles where Keycloak writes them', () => {
    const { roles: _, ...claims } = CLAIMS;
    const ofRealm = { ...claims, realm_access: { roles: ['Orders.Read'] }, resource_access: 7 };
    const ofClient = { ...claims, resource_access: { orders: { roles: ['Orders.Read'] }, account: null } };
    expect([codes(ofRealm), codes(ofClient), codes(claims)]).toEqual([[], [], ['role_missing']]);
    expect(codes(ofRealm, { roles: undefined })).toEqual([]);
  });

  it.each<[string, object]>([
    ['roles of another type', { ...CLAIMS, roles: { 'Orders.Read': true } }],
    ['a list that holds more than text', { ...CLAIMS, roles: [['Orders.Read'], 7, null] }],
  ])('with %s grant nothing', (_what, claims) => {
    expect(codes(claims)).toEqual(['role_missing']);
  });

  it('name a sensitive claim by its place and never show its value', () => {
    const { findings } = read({ ...CLAIMS, user: { ssn: 'CANARY-078-05-1120' } });
    expect(findings.map(({ detail }) => detail).join()).toContain('user.ssn');
    expect(JSON.stringify(findings)).not.toContain('CANARY');
  });

  it.each<[string, (secret: string) => object, (secret: string) => string | undefined]>([
    ['as a role', (secret) => ({ ...CLAIMS, roles: [secret, 'Orders.Read'] }), () => undefined],
    ['within a scope', () => CLAIMS, (secret) => `read x:${secret}`],
    ['in part', () => CLAIMS, (secret) => secret.slice(0, 30)],
    ['as the name of a claim', (secret) => ({ ...CLAIMS, [`password${secret}`]: 1 }), () => undefined],
    ['signed, as an assertion', () => CLAIMS, (secret) => jwtOf(`{"a":"${secret}"}`)],
  ])('never show what the client sent, where the answer repeats it %s', (_what, claims, scope) => {
    const secret = 'C4n4ry~8Q~zVb7rPq1mXw9sKdTfGh2jLyN0uEoAi';
    const answer = { scope: scope(secret), sentSecrets: [secret] };
    const reading = read(claims(secret), { scopes: [] }, answer);
    expect(JSON.stringify(reading)).not.toMatch(/C4n4ry|eyJ/);
    expect(JSON.stringify(reading.findings)).toContain('(a secret)');
  });

  it('never show the token itself, where its scope repeats it', () => {
    const accessToken = `${'opaque.token-'.repeat(30)}`;
    const { shown } = readToken({ accessToken, expiresInSeconds: 1, scope: accessToken }, EXPECTS);
    expect(shown).not.toContain('opaque.token');
  });

  it('that merely sound alike are none', () => {
    expect(codes({ ...CLAIMS, email: 'x', appid: 'x', azp: 'x', sid: 'x', token_type: 'x' })).toEqual([]);
  });

  it('with a life that cannot be fall back to what the answer says', () => {
    expect(read({ ...CLAIMS, exp: -5 }).shown).toContain('lives 60 minutes');
    expect(read({ ...CLAIMS, exp: 'soon' }, {}, { expiresInSeconds: undefined }).shown).toContain(
      'unknown life',
    );
  });

  it('are bounded: ten thousand roles are neither shown nor kept', () => {
    const roles = Array.from({ length: 10_000 }, (_, index) => `R${index}`);
    const { shown, findings } = readToken(
      {
        accessToken: jwtOf(JSON.stringify({ roles: roles.slice(0, 3_000) })),
        expiresInSeconds: 1,
        scope: undefined,
      },
      EXPECTS,
    );
    expect(shown.length).toBeLessThan(200);
    expect(JSON.stringify(findings).length).toBeLessThan(600);
  });
});

describe('a token that is no sound JWT', () => {
  it.each<[string, string]>([
    ['opaque text', 'an-opaque-token-of-the-server'],
    ['a JWE of five parts', `${part('{"alg":"RSA-OAEP"}')}.a.b.c.d`],
    ['three parts that are no JSON', 'a.b.c'],
    ['a header whose algorithm is no text', jwtOf('{}', '{"alg":{"toString":1,"valueOf":1}}')],
    ['nothing', ''],
  ])('is opaque where it is %s, and is judged by its answer alone', (_what, accessToken) => {
    expect(readJwt(accessToken)).toEqual({ kind: 'opaque' });
    const answer = { accessToken, expiresInSeconds: 2 * 86_400, scope: 'read write' };
    const { findings } = readToken(answer, { ...EXPECTS, scopes: ['read'] });
    expect(findings.map(({ code }) => code)).toEqual(['excess_scope', 'long_lived_access_token']);
  });

  it.each<[string, string, RegExp]>([
    ['is not signed', jwtOf(JSON.stringify(CLAIMS), '{"alg":"none"}'), /not signed/],
    ['is not signed, in other letters', jwtOf(JSON.stringify(CLAIMS), '{"alg":"nOnE"}'), /not signed/],
    ['has an empty signature', `${part('{"alg":"RS256"}')}.${part('{}')}.`, /not signed/],
    ['names a claim twice', jwtOf('{"roles":["A"],"x":{"roles":1},"roles":["B"]}'), /twice/],
    ['names a claim twice, once escaped', jwtOf('{"roles":["A"],"\\u0072oles":["B"]}'), /twice/],
    ['has claims that are a list', jwtOf('[1]'), /no JSON object/],
    [
      'is of a megabyte',
      jwtOf(JSON.stringify({ ...CLAIMS, pad: 'x'.repeat(1 << 20) })),
      /more than the 65536/,
    ],
  ])('is unsafe where it %s, and its claims are not believed', (_what, accessToken, words) => {
    const { findings } = readToken({ accessToken, expiresInSeconds: 3600, scope: undefined }, EXPECTS);
    expect(findings).toEqual([{ code: 'unsafe_token', detail: expect.stringMatching(words) }]);
  });

  it('never throws, whatever the parts are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json().map(part)), { maxLength: 6 }), (parts) => {
        expect(['jwt', 'opaque', 'unsafe']).toContain(readJwt(parts.join('.')).kind);
      }),
    );
    expect(readJwt('.'.repeat(LONGEST_READ_TOKEN)).kind).toBe('opaque');
  });
});
