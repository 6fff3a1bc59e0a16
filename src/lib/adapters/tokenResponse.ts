import type { ProviderProfile } from '../domain/providerProfile.ts';
import { classifyRefusal, decisiveCode, printableCode } from '../domain/refusal.ts';
import type { TokenAnswer } from '../ports/authorizationServer.ts';
import { plainName, readTokenMembers, type TokenMembers, textOf } from './tokenMembers.ts';
import type { JsonScalar } from './tolerantJson.ts';

/** An HTTP answer as its bytes arrived, whole or not. */
export interface RawTokenResponse {
  /** 0 when the status line could not be read. */
  readonly httpStatus: number;
  readonly contentType: string | undefined;
  readonly date: string | undefined;
  readonly retryAfter: string | undefined;
  /** Decompressed. */
  readonly body: Uint8Array;
  /** Why bytes are missing, in words; absent: the answer ended where it said it would. */
  readonly cutOff: string | undefined;
}

const ERROR_NAMES = ['error', 'errorcode'];
// Members that say more about an error when there is one, and say anything when there is none.
const REMARK_NAMES = ['code', 'status', 'suberror', 'errorsubtype', 'reason', 'message', 'errordescription'];
const NAMES = new Set([
  ...ERROR_NAMES,
  ...REMARK_NAMES,
  'refreshtoken',
  'accesstoken',
  'tokentype',
  'expiresin',
  'scope',
]);

const wantsFor = (profile: ProviderProfile): ((key: string) => boolean) => {
  const extra = new Set(profile.refreshTokenExpiryFields);
  const errorKey = profile.errorIn200?.path.split('/').at(-1);
  return (key) => NAMES.has(plainName(key)) || extra.has(key) || key === errorKey;
};

const textValue = ({ value }: JsonScalar): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) || undefined : undefined;

const parentOf = ({ pointer }: JsonScalar): string => pointer.slice(0, pointer.lastIndexOf('/'));

/** Candidates for one member, the best first: at the profile's path, at the root, anywhere else. */
const candidates = (members: readonly JsonScalar[], name: string, tokenPath: string): JsonScalar[] => {
  const named = members.filter((member) => plainName(member.key) === name && textValue(member) !== undefined);
  const rank = (member: JsonScalar): number => {
    const parent = parentOf(member);
    if (parent === tokenPath) return 0;
    return parent === '' ? 1 : 2;
  };
  // Of two members of one name the later wins, as in JSON.parse; sort is stable.
  return named.toReversed().sort((a, b) => rank(a) - rank(b));
};

const secondsOf = (
  member: JsonScalar | undefined,
  unit: ProviderProfile['expiryUnit'],
): { seconds: number | undefined; fault: string | undefined } => {
  if (member === undefined || member.value === null) return { seconds: undefined, fault: undefined };
  const given = typeof member.value === 'string' ? member.value.trim() : member.value;
  const number = given === '' || typeof given === 'boolean' ? Number.NaN : Number(given);
  if (!Number.isFinite(number)) return { seconds: undefined, fault: `${member.key} is not a number` };
  if (number < 0) return { seconds: undefined, fault: `${member.key} is negative` };
  const seconds = Math.floor(unit === 'ms' ? number / 1000 : number);
  return { seconds, fault: typeof given === 'string' ? `${member.key} is a string` : undefined };
};

const retryAfterSecondsOf = ({ retryAfter, date }: RawTokenResponse): number | undefined => {
  if (retryAfter === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(retryAfter)) return Number(retryAfter);
  const atEpochMs = Date.parse(retryAfter);
  const nowEpochMs = Date.parse(date ?? '');
  // A date is only comparable with the server's own clock: ours may be an hour off.
  if (!Number.isFinite(atEpochMs) || !Number.isFinite(nowEpochMs)) return undefined;
  return Math.max(0, Math.ceil((atEpochMs - nowEpochMs) / 1000));
};

const textsOf = (members: readonly JsonScalar[]): string[] =>
  members.map(textValue).filter((text) => text !== undefined);

const codesOf = (members: readonly JsonScalar[], profile: ProviderProfile, httpStatus: number) => {
  const configured = members.filter(({ pointer }) => pointer === profile.errorIn200?.path);
  const errors = ERROR_NAMES.flatMap((name) => candidates(members, name, ''));
  const remarks = REMARK_NAMES.flatMap((name) => candidates(members, name, ''));
  const nested = remarks.filter((member) => httpStatus >= 300 || parentOf(member) === '/error');
  return { errors: textsOf([...configured, ...errors, ...nested]), remarks: textsOf(remarks) };
};

interface Reading {
  readonly raw: RawTokenResponse;
  readonly profile: ProviderProfile;
  readonly read: TokenMembers;
  readonly sentRefreshToken: string;
}

const refusal = ({ raw, profile, read, sentRefreshToken }: Reading): TokenAnswer => {
  const code = decisiveCode(codesOf(read.members, profile, raw.httpStatus), profile);
  const kind = classifyRefusal(code, raw.httpStatus, profile);
  const retryAfterSeconds = retryAfterSecondsOf(raw);
  const { httpStatus } = raw;
  if (kind === 'unclear') {
    const what =
      raw.cutOff ?? (read.shape === 'none' ? 'no token could be read from it' : 'it holds no token');
    return { kind: 'ambiguous', reason: `HTTP ${httpStatus}: ${what}`, httpStatus, retryAfterSeconds };
  }
  return {
    kind: 'refused',
    oauthError:
      code !== undefined && sentRefreshToken.includes(code) ? undefined : printableCode(code, profile),
    httpStatus,
    class: kind,
    retryAfterSeconds,
  };
};

const shapeFaults = ({ raw, profile, read }: Reading): string[] => {
  const faults: string[] = [];
  if (raw.httpStatus !== 200) faults.push(`HTTP status ${raw.httpStatus} instead of 200`);
  if (raw.cutOff !== undefined) faults.push(raw.cutOff);
  if (read.shape === 'form' && !profile.accept.includes('form')) faults.push('the body is a form, not JSON');
  if (read.shape === 'fragment' || (read.shape === 'json' && !read.complete))
    faults.push('the JSON is broken');
  if (read.shape === 'json' && raw.contentType !== undefined && !/json/i.test(raw.contentType))
    faults.push('the content type is not JSON');
  const [type] = candidates(read.members, 'tokentype', profile.tokenPath);
  if (type === undefined) faults.push('no token_type');
  else if (!/^bearer$/i.test(String(type.value))) faults.push('token_type is not "Bearer"');
  if (candidates(read.members, 'error', '').length > 0) faults.push('an error beside the token');
  return faults;
};

/**
 * What an answer of the token endpoint holds, whatever its shape: a token that is in it is found,
 * and only then is anything else looked at. Pure; holds nothing of the body but the tokens.
 *
 * `sentRefreshToken` is what tells a new token from the request's own, echoed in an error.
 */
export const readTokenAnswer = (
  raw: RawTokenResponse,
  profile: ProviderProfile,
  sentRefreshToken: string,
): TokenAnswer => {
  const read = readTokenMembers(textOf(raw.body), {
    bytesComplete: raw.cutOff === undefined,
    wants: wantsFor(profile),
  });
  const reading: Reading = { raw, profile, read, sentRefreshToken };
  const failed = raw.httpStatus >= 300 || candidates(read.members, 'error', '').length > 0;
  const [found] = candidates(read.members, 'refreshtoken', profile.tokenPath).filter(
    (member) => textValue(member) !== sentRefreshToken || (!failed && parentOf(member) === profile.tokenPath),
  );
  const [access] = candidates(read.members, 'accesstoken', profile.tokenPath);
  if (found === undefined && (access === undefined || failed)) return refusal(reading);
  // The token may have stood in the part that is missing.
  if (found === undefined && (raw.cutOff !== undefined || !read.complete))
    return {
      kind: 'ambiguous',
      reason: 'the answer is cut off before any refresh token',
      httpStatus: raw.httpStatus,
    };

  const accessExpiry = secondsOf(
    candidates(read.members, 'expiresin', profile.tokenPath)[0],
    profile.expiryUnit,
  );
  const expiryMember = profile.refreshTokenExpiryFields
    .flatMap((field) => candidates(read.members, plainName(field), profile.tokenPath))
    .at(0);
  const refreshExpiry = secondsOf(expiryMember, profile.expiryUnit);
  const faults = [...shapeFaults(reading), accessExpiry.fault, refreshExpiry.fault];
  if (found !== undefined && parentOf(found) !== profile.tokenPath)
    faults.push(`the refresh token is not at ${profile.tokenPath || 'the root'}`);
  const dateEpochMs = Date.parse(raw.date ?? '');
  const [scope] = candidates(read.members, 'scope', profile.tokenPath);
  return {
    kind: 'tokens',
    refreshToken: found && textValue(found),
    accessToken: access && textValue(access),
    accessTokenExpiresInSeconds: accessExpiry.seconds,
    // Keycloak says 0 of an offline token that has no end.
    refreshTokenExpiresInSeconds: refreshExpiry.seconds || undefined,
    scope: scope && textValue(scope),
    httpStatus: raw.httpStatus,
    serverDateEpochMs: Number.isFinite(dateEpochMs) ? dateEpochMs : undefined,
    faults: faults.filter((fault) => fault !== undefined),
  };
};
