import { describe, expect, it } from 'vitest';
import { endedCookie, hostCookie, readCookie } from '../../../src/lib/web/cookies.ts';

const NAME = '__Host-keywatch-session';

describe('a cookie of this host', () => {
  it('is of this host, secure, hidden from scripts and sent along a link that leads here', () => {
    expect(hostCookie(NAME, 'aB3-_', 3600)).toEqual({
      name: NAME,
      value: 'aB3-_',
      path: '/',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      maxAge: 3600,
    });
  });

  it('refuses a value that could carry an attribute along', () => {
    expect(() => hostCookie(NAME, 'a; Domain=evil.example')).toThrow(NAME);
  });

  it('is taken back at once', () => {
    expect(endedCookie(NAME)).toMatchObject({ value: '', maxAge: 0 });
  });

  it('is read among others', () => {
    expect(readCookie(`a=b; ${NAME}=xyz;c=d`, NAME)).toBe('xyz');
  });

  it.each([
    ['absent', 'a=b'],
    ['empty', ''],
    ['of a longer name', `${NAME}-2=x`],
    ['of other letters', `${NAME.toLowerCase()}=x`],
    ['there twice', `${NAME}=x; ${NAME}=y`],
  ])('is not read where it is %s', (_, header) => {
    expect(readCookie(header, NAME)).toBeUndefined();
  });

  it.each(['\u00a0', '\u2000', '\ufeff', '\u3000', '\v', '\f', '\u2028', '\u0085', '=', '"'])(
    'is not read where %j stands before its name, which other hosts of the domain may set',
    (before) => {
      expect(readCookie(`${before}${NAME}=planted`, NAME)).toBeUndefined();
      expect(readCookie(`a=b; ${before}${NAME}=planted; ${NAME}=ours`, NAME)).toBe('ours');
    },
  );

  it('is not read where there is no header', () => {
    expect(readCookie(null, NAME)).toBeUndefined();
  });
});
