import { isAccessTokenText } from '../../oauth/rules/refreshTokenText.ts';

/** What the body of a token endpoint holds. Outside text is as it came: `error` is not for people yet. */
export interface TokenMembers {
  /** Absent: there is none that can be meant. */
  readonly accessToken: string | undefined;
  /** Absent: there is none, or no name of one. */
  readonly tokenType: string | undefined;
  /** At most a year; absent: none, or none that can be meant. */
  readonly expiresInSeconds: number | undefined;
  readonly scope: string | undefined;
  /** Not empty. */
  readonly error: string | undefined;
  /** AADSTS numbers, the first first. */
  readonly numbers: readonly number[];
}

/** VSCHAR without the blank: what can stand in an `authorization` header. @see RFC 6749 appendix A.12 */
const LEGAL_TOKEN = /^[\x21-\x7e]+$/;
const LONGEST_SECONDS = 366 * 86_400;
const LONGEST_SCOPE = 8_192;
const MOST_NUMBERS = 5;
const LONGEST_NUMBER = 99_999_999;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** A list of them is against RFC 6749 §3.3, and in use. Half of them would read as fewer. */
const scopeOf = (value: unknown): string | undefined => {
  const scope =
    Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(' ') : value;
  return typeof scope === 'string' && scope.length > LONGEST_SCOPE ? undefined : textOf(scope);
};

const secondsOf = (value: unknown): number | undefined => {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  const isMeant = typeof seconds === 'number' && seconds >= 0 && seconds <= LONGEST_SECONDS;
  return isMeant ? Math.floor(seconds) : undefined;
};

const numbersOf = (codes: unknown, description: unknown): readonly number[] => {
  const said = Array.isArray(codes)
    ? codes
    : [...(textOf(description) ?? '').slice(0, 200).matchAll(/AADSTS(\d{4,8})\b/g)].map(([, digits]) =>
        Number(digits),
      );
  const isNumber = (one: unknown): one is number =>
    Number.isInteger(one) && Number(one) > 0 && Number(one) <= LONGEST_NUMBER;
  return said.filter(isNumber).slice(0, MOST_NUMBERS);
};

export const tokenMembersOf = (body: Readonly<Record<string, unknown>>): TokenMembers => {
  const token = textOf(body['access_token']);
  return {
    accessToken:
      token !== undefined && LEGAL_TOKEN.test(token) && isAccessTokenText(token) ? token : undefined,
    tokenType: /^[A-Za-z]{1,20}$/.exec(textOf(body['token_type']) ?? '')?.[0],
    expiresInSeconds: secondsOf(body['expires_in']),
    scope: scopeOf(body['scope']),
    error: textOf(body['error']),
    numbers: numbersOf(body['error_codes'], body['error_description']),
  };
};
