import type { ProviderProfile } from '../rules/providerProfile.ts';
import { isAccessTokenText, type RefreshTokenText, readRefreshTokenText } from '../rules/refreshTokenText.ts';
import type { ErrorWords } from '../rules/refusal.ts';
import { plainWord } from '../rules/refusalWords.ts';
import type { RefreshTokenClaim } from '../rules/tokenAnswer.ts';
import { isAccountMember } from './answeredIdentity.ts';
import type { JsonMember } from './tolerantJson.ts';

/** In the order in which they decide. */
const ERROR_NAMES = ['error', 'errorcode', 'errortype'];
/** Of a failure alone: a success lists its warnings so. */
const ERROR_LIST = 'errors';
// Members that say more about an error when there is one, and say anything when there is none.
const REMARK_NAMES = [
  'code',
  'status',
  'suberror',
  'errorsubtype',
  'reason',
  'message',
  'msg',
  'detail',
  'title',
  'description',
  'errordescription',
  'errormessage',
  'errorsummary',
  'faultstring',
];
/** Of which parameter an error is, beside its code. @see https://github.com/dreeveapp/dreeve/issues/1449 (Strava) */
const FIELD_NAME = 'field';
const SCOPE = 'scope';
/** How long the access token lives, else when it ends. @see https://developer.squareup.com/reference/square/objects/ObtainTokenResponse */
const LIFETIME_NAMES = ['expiresin', 'expiresat'];
const TOKEN_NAMES = ['refreshtoken', 'accesstoken', 'idtoken', 'tokentype', ...LIFETIME_NAMES, SCOPE];
const NAMES = new Set([...ERROR_NAMES, ...REMARK_NAMES, FIELD_NAME, ...TOKEN_NAMES]);
/** What a success writes where others write an error. */
const NO_ERROR = new Set(['', '0', 'false', 'null', 'none', 'ok', 'success', 'noerror']);

/** A claim with what is needed to hand it on. */
export interface FoundClaim extends RefreshTokenClaim {
  readonly text: RefreshTokenText;
  readonly member: JsonMember;
  /** In the same object. */
  readonly accessToken: string | undefined;
}

/** The members of an answer by what they are for, wherever they stood. */
export interface AnswerMembers {
  readonly claims: readonly FoundClaim[];
  readonly accessToken: string | undefined;
  /** False also where its text can be none. */
  readonly hasOtherToken: boolean;
  readonly hasOtherTokenAtPath: boolean;
  readonly saysError: boolean;
  readonly errorWords: (httpStatus: number) => ErrorWords;
  readonly tokenType: string | undefined;
  readonly expiresIn: JsonMember | undefined;
  readonly refreshExpiresIn: JsonMember | undefined;
  readonly scope: string | undefined;
}

/** Whether a member is looked at, whatever the shape and the depth. Of lists only errors, what is said of them, and scopes. */
export const isWantedMember = (key: string, isItem: boolean, profile: ProviderProfile): boolean => {
  const name = plainWord(key);
  if (isItem)
    return [ERROR_LIST, SCOPE].includes(name) || ERROR_NAMES.includes(name) || REMARK_NAMES.includes(name);
  return (
    NAMES.has(name) ||
    profile.refreshTokenExpiryFields.some((field) => plainWord(field) === name) ||
    isAccountMember(key, profile) ||
    key === profile.errorIn200?.path.split('/').at(-1)
  );
};

export const textValue = ({ value }: JsonMember): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;

export const parentOf = ({ pointer }: JsonMember): string => pointer.slice(0, pointer.lastIndexOf('/'));

const isText = (text: string | undefined): text is string => text !== undefined;

/** Members by their name as one plain word, each in the order of the answer. */
type MembersByName = ReadonlyMap<string, readonly JsonMember[]>;

/** All of one name, the best first: at the profile's path, at the root, anywhere else. */
const ranked = (byName: MembersByName, name: string, tokenPath: string): JsonMember[] => {
  const rank = (member: JsonMember): number => {
    const parent = parentOf(member);
    if (parent === tokenPath) return 0;
    return parent === '' ? 1 : 2;
  };
  const isExact = ({ key }: JsonMember): number => Number(key.toLowerCase() !== key || !key.includes('_'));
  // Of two members of one name the later wins, as in JSON.parse; sort is stable.
  return (byName.get(name) ?? []).toReversed().sort((a, b) => rank(a) - rank(b) || isExact(a) - isExact(b));
};

const withText = (byName: MembersByName, name: string, tokenPath: string): JsonMember[] =>
  ranked(byName, name, tokenPath).filter((member) => textValue(member) !== undefined);

/** In the form of RFC 6749 §3.3, also where it is a list (Twitch). */
const scopeOf = (byName: MembersByName, tokenPath: string): string | undefined => {
  const found = ranked(byName, SCOPE, tokenPath);
  const itemsOf = ({ pointer }: JsonMember) => found.filter((one) => parentOf(one) === pointer).toReversed();
  return found
    .filter((member) => !found.some(({ pointer }) => pointer === parentOf(member)))
    .map((member) => textValue(member) ?? itemsOf(member).map(textValue).filter(isText).join(' '))
    .find((scope) => scope !== '');
};

/** Signed or encrypted. @see RFC 7515 §7.1, RFC 7516 §7.1 */
const ID_TOKEN = /^[\w-]+(?:\.[\w-]*){2,4}$/;

const idTokens = (byName: MembersByName, tokenPath: string): JsonMember[] =>
  withText(byName, 'idtoken', tokenPath).filter((member) => ID_TOKEN.test(textValue(member) ?? ''));

const findClaims = (byName: MembersByName, tokenPath: string, sent: string): FoundClaim[] => {
  const accessTokens = withText(byName, 'accesstoken', tokenPath);
  const others = [...accessTokens, ...idTokens(byName, tokenPath)];
  return ranked(byName, 'refreshtoken', tokenPath).flatMap((member): FoundClaim[] => {
    const parent = parentOf(member);
    const isBeside = (other: JsonMember): boolean => parentOf(other) === parent;
    const access = accessTokens.find(isBeside);
    const isBesideOtherToken = others.some(isBeside);
    const { value } = member;
    // The request's own token, echoed: it says nothing about a new one. In its place it says that there is none.
    if (value === sent && !isBesideOtherToken) return [];
    return [
      {
        text: readRefreshTokenText(typeof value === 'string' || value === null ? value : undefined, sent),
        member,
        accessToken: access && textValue(access),
        isBesideOtherToken,
        isAtPath: parent === tokenPath,
      },
    ];
  });
};

// As a name in whatever quotes, escapes and encodings: in front of a colon, an equals sign or the end of a tag.
const NAMED_TOKEN = /(?:refresh[ _-]?token|["']refresh)(?:["'\\]|%22|&quot;){0,4}\s{0,8}(?:[:=>]|%3[ad])/gi;

/** Whether a text names a refresh token more often than members of that name were read from it. */
export const namesUnreadToken = (text: string, members: readonly JsonMember[]): boolean =>
  (text.match(NAMED_TOKEN)?.length ?? 0) >
  members.filter(({ key }) => plainWord(key) === 'refreshtoken').length;

const isError = ({ value }: JsonMember): boolean =>
  value === undefined || (value !== null && !NO_ERROR.has(plainWord(String(value))));

const isAround = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

/** An error at the root, around the tokens, beside them, or where the profile says: not one far inside something else. */
const findError = (
  members: readonly JsonMember[],
  profile: ProviderProfile,
  tokens: readonly JsonMember[],
): boolean =>
  members.some((member) => {
    if (member.pointer === profile.errorIn200?.path)
      return profile.errorIn200.deadValues.includes(textValue(member) ?? '');
    if (!ERROR_NAMES.includes(plainWord(member.key)) || !isError(member)) return false;
    const parent = parentOf(member);
    return parent === '' || tokens.some((token) => isAround(parent, parentOf(token)));
  });

/** Where an error is of one parameter alone: which one, and what is wrong with it. Of several the token is not judged. */
const errorOfField = (byName: MembersByName): string[] => {
  const [field, ...others] = withText(byName, FIELD_NAME, '');
  if (field === undefined || others.length > 0) return [];
  const codes = withText(byName, 'code', '').filter((code) => parentOf(code) === parentOf(field));
  return [[field, ...codes].map(textValue).join(' ')];
};

const wordsOf = (
  configured: readonly JsonMember[],
  byName: MembersByName,
  httpStatus: number,
): ErrorWords => {
  const errors = ERROR_NAMES.flatMap((name) => withText(byName, name, '')).filter(isError);
  const remarks = REMARK_NAMES.flatMap((name) => withText(byName, name, ''));
  const isFailure = httpStatus >= 300;
  const nested = remarks.filter((member) => isFailure || parentOf(member) === '/error');
  const listed = isFailure ? withText(byName, ERROR_LIST, '') : [];
  return {
    errors: [...configured, ...errors, ...listed, ...nested].map(textValue).filter(isText),
    remarks: [...remarks.map(textValue).filter(isText), ...(isFailure ? errorOfField(byName) : [])],
  };
};

/** Sorts what was read by what it is for. Pure. */
export const answerMembers = (
  members: readonly JsonMember[],
  profile: ProviderProfile,
  sentRefreshToken: string,
): AnswerMembers => {
  const { tokenPath, refreshTokenExpiryFields, errorIn200 } = profile;
  const byName = Map.groupBy(members, ({ key }) => plainWord(key));
  const first = (name: string): JsonMember | undefined => withText(byName, name, tokenPath)[0];
  const claims = findClaims(byName, tokenPath, sentRefreshToken);
  const configured = members.filter(({ pointer }) => pointer === errorIn200?.path);
  const access = first('accesstoken');
  // Azure AD B2C gives no access token where none was asked for: https://github.com/panva/openid-client/issues/717
  const others = [access, idTokens(byName, tokenPath)[0]].filter((member) => member !== undefined);
  const tokens = [...others, ...claims.map(({ member }) => member)].slice(0, 1);
  const type = first('tokentype');
  return {
    claims,
    accessToken: access && textValue(access),
    hasOtherToken: others.some((member) => isAccessTokenText(textValue(member) ?? '')),
    hasOtherTokenAtPath: others.some((member) => parentOf(member) === tokenPath),
    saysError: findError(members, profile, tokens),
    errorWords: (httpStatus) => wordsOf(configured, byName, httpStatus),
    tokenType: type && textValue(type),
    expiresIn: LIFETIME_NAMES.map(first).find((member) => member !== undefined),
    refreshExpiresIn: refreshTokenExpiryFields.flatMap((field) => {
      const [member] = withText(byName, plainWord(field), tokenPath);
      return member === undefined ? [] : [member];
    })[0],
    scope: scopeOf(byName, tokenPath),
  };
};
