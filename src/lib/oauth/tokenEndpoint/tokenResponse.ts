import { textOf } from '../../kernel/bodyText.ts';
import type { TokenAnswer } from '../ports.ts';
import type { AnswerDeviation } from '../rules/answerDeviation.ts';
import type { ProviderProfile } from '../rules/providerProfile.ts';
import { type ErrorWords, isKnownError, printableCode } from '../rules/refusal.ts';
import { plainWord } from '../rules/refusalWords.ts';
import { decideTokenAnswer, type TokenAnswerMeaning } from '../rules/tokenAnswer.ts';
import { answeredIdentity } from './answeredIdentity.ts';
import {
  type AnswerMembers,
  answerMembers,
  isWantedMember,
  namesUnreadToken,
  parentOf,
} from './answerMembers.ts';
import { readLifetimes } from './tokenLifetimes.ts';
import { readTokenMembers, type TokenMembers } from './tokenMembers.ts';

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
  /** Nothing but the end of the connection said where the body ends. */
  readonly isEndedByClose?: boolean | undefined;
}

const retryAfterSecondsOf = ({ retryAfter, date }: RawTokenResponse): number | undefined => {
  if (retryAfter === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(retryAfter)) return Number(retryAfter);
  const atEpochMs = Date.parse(retryAfter);
  const nowEpochMs = Date.parse(date ?? '');
  // A date is only comparable with the server's own clock: ours may be an hour off.
  if (!Number.isFinite(atEpochMs) || !Number.isFinite(nowEpochMs)) return undefined;
  return Math.max(0, Math.ceil((atEpochMs - nowEpochMs) / 1000));
};

/** The most of an answer that is worth keeping for a person; a token has 25 KB at most. */
const LONGEST_EVIDENCE_BYTES = 64 * 1024;

/** What came, for a person to look at: a function, so that nothing that prints an answer prints it. */
const evidenceOf = ({ httpStatus, contentType, body }: RawTokenResponse): (() => string) | undefined => {
  if (body.length === 0) return undefined;
  // Latin-1 loses no byte, and leaves a token readable in every encoding that has one.
  const bodyLatin1 = Buffer.from(body.subarray(0, LONGEST_EVIDENCE_BYTES)).toString('latin1');
  return () => JSON.stringify({ httpStatus, contentType, bodyBytes: body.length, bodyLatin1 });
};

interface Reading {
  readonly raw: RawTokenResponse;
  readonly profile: ProviderProfile;
  readonly read: TokenMembers;
  readonly found: AnswerMembers;
  readonly sentRefreshToken: string;
}

const ambiguous = (
  { raw }: Reading,
  { why, mayHoldToken }: Extract<TokenAnswerMeaning, { kind: 'ambiguous' }>,
): TokenAnswer => ({
  kind: 'ambiguous',
  reason: raw.httpStatus === 0 ? (raw.cutOff ?? why) : `HTTP ${raw.httpStatus}: ${raw.cutOff ?? why}`,
  httpStatus: raw.httpStatus,
  retryAfterSeconds: retryAfterSecondsOf(raw),
  evidence: mayHoldToken ? evidenceOf(raw) : undefined,
});

const refused = (
  { raw, profile, sentRefreshToken }: Reading,
  { class: kind, code }: Extract<TokenAnswerMeaning, { kind: 'refused' }>,
): TokenAnswer => ({
  kind: 'refused',
  oauthError:
    code !== undefined && plainWord(sentRefreshToken).includes(plainWord(code))
      ? undefined
      : printableCode(code, profile),
  httpStatus: raw.httpStatus,
  class: kind,
  retryAfterSeconds: retryAfterSecondsOf(raw),
});

const shapeDeviations = ({ raw, profile, read, found }: Reading): AnswerDeviation[] => {
  const deviations: AnswerDeviation[] = [];
  const deviation = (code: AnswerDeviation['code'], text: string) => deviations.push({ code, text });
  if (raw.httpStatus !== 200) deviation('status_not_200', `HTTP status ${raw.httpStatus} instead of 200`);
  if (raw.cutOff !== undefined) deviation('cut_off', raw.cutOff);
  if (read.shape === 'form' && !profile.accept.includes('form'))
    deviation('form_not_json', 'the body is a form, not JSON');
  if (read.shape === 'fragment' || (read.shape === 'json' && !read.complete))
    deviation('broken_json', 'the JSON is broken');
  if (read.shape === 'json' && raw.contentType !== undefined && !/json/i.test(raw.contentType))
    deviation('content_type_not_json', 'the content type is not JSON');
  if (found.tokenType === undefined) deviation('no_token_type', 'no token_type');
  else if (!/^bearer$/i.test(found.tokenType))
    deviation('token_type_not_bearer', 'token_type is not "Bearer"');
  return deviations;
};

const tokens = (
  reading: Reading,
  meaning: Extract<TokenAnswerMeaning, { kind: 'issued' | 'kept' }>,
): TokenAnswer => {
  const { raw, profile, found } = reading;
  const issued = meaning.kind === 'issued' ? found.claims[meaning.claim] : undefined;
  const lifetimes = readLifetimes(found, profile);
  // A form knows nothing but texts.
  const ofLifetimes = lifetimes.deviations.filter(
    ({ code }) => code !== 'lifetime_a_string' || reading.read.shape !== 'form',
  );
  const deviations = [...shapeDeviations(reading), ...ofLifetimes];
  if (issued !== undefined && parentOf(issued.member) !== profile.tokenPath)
    deviations.push({
      code: 'refresh_token_elsewhere',
      text: `the refresh token is not at ${profile.tokenPath || 'the root'}`,
    });
  if (meaning.kind === 'kept' && meaning.unread !== undefined)
    deviations.push({
      code: 'refresh_token_unread',
      text: `${meaning.unread}: the one that was sent is kept`,
    });
  const dateEpochMs = Date.parse(raw.date ?? '');
  return {
    kind: 'tokens',
    refreshToken: issued?.text.kind === 'token' ? issued.text.refreshToken : undefined,
    accessToken: issued?.accessToken ?? found.accessToken,
    accessTokenExpiresInSeconds: lifetimes.accessTokenSeconds,
    refreshTokenExpiresInSeconds: lifetimes.refreshTokenSeconds,
    scope: found.scope,
    tokenType: found.tokenType,
    ...answeredIdentity(reading.read.members, profile),
    httpStatus: raw.httpStatus,
    serverDateEpochMs: Number.isFinite(dateEpochMs) ? dateEpochMs : undefined,
    deviations,
  };
};

/** A body that is nothing but one word which is an error of somebody's. */
const bareError = (text: string, profile: ProviderProfile): string[] => {
  const word = text
    .slice(0, 200)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  return text.length <= 200 && isKnownError(word, profile) ? [word] : [];
};

/**
 * What an answer of the token endpoint holds, whatever its shape. Pure; what it means is decided by
 * `decideTokenAnswer`, and of the body nothing remains but the tokens and, where one may be in it all the
 * same, the evidence.
 *
 * `sentRefreshToken` is what tells a new token from the request's own, echoed.
 */
export const readTokenAnswer = (
  raw: RawTokenResponse,
  profile: ProviderProfile,
  sentRefreshToken: string,
): TokenAnswer => {
  const text = textOf(raw.body);
  const read = readTokenMembers(text, {
    isEndKnown: raw.cutOff === undefined && raw.isEndedByClose !== true,
    wants: (key, isItem) => isWantedMember(key, isItem, profile),
  });
  const found = answerMembers(read.members, profile, sentRefreshToken);
  const reading: Reading = { raw, profile, read, found, sentRefreshToken };
  const words: ErrorWords = found.errorWords(raw.httpStatus);
  const meaning = decideTokenAnswer(
    {
      httpStatus: raw.httpStatus,
      isWhole: raw.cutOff === undefined && read.complete,
      saysError: found.saysError,
      claims: found.claims,
      hasOtherToken: found.hasOtherToken,
      namesUnreadToken: namesUnreadToken(text, read.members),
      hasOtherTokenAtPath: found.hasOtherTokenAtPath,
      words: read.shape === 'none' ? { errors: bareError(text, profile), remarks: [] } : words,
    },
    profile,
  );
  switch (meaning.kind) {
    case 'ambiguous':
      return ambiguous(reading, meaning);
    case 'refused':
      return refused(reading, meaning);
    default:
      return tokens(reading, meaning);
  }
};
