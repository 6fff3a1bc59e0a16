import type { ProofOutcome } from '../../credentials/proofOutcomes.ts';
import { jsonObjectOf } from '../../kernel/json.ts';
import { isPlainCode } from '../../oauth/rules/refusal.ts';
import { isJudgement } from './oauthAnswer.ts';

/** What a resource answered to a call; its body is never looked at. */
interface AnsweredCall {
  readonly httpStatus: number;
  readonly wwwAuthenticate?: string | undefined;
  readonly contentType?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly isRateSpent?: boolean | undefined;
}

export type CallReading =
  | { readonly kind: 'expected' }
  | {
      readonly kind: 'refused';
      readonly outcome: Extract<
        ProofOutcome,
        'call_refused' | 'call_forbidden' | 'call_failed' | 'throttled'
      >;
      /** What was answered, as the end of a sentence. */
      readonly said: string;
    };

const refused = (
  outcome: Extract<CallReading, { kind: 'refused' }>['outcome'],
  said: string,
): CallReading => ({ kind: 'refused', outcome, said });

/**
 * Servers take another status than the one that belongs to their challenge.
 * @see RFC 6750 §3.1, https://github.com/bshaffer/oauth2-server-php/issues/254
 */
const OUTCOMES_OF_CHALLENGE = new Map<string | undefined, 'call_refused' | 'call_forbidden'>([
  ['invalid_token', 'call_refused'],
  ['insufficient_scope', 'call_forbidden'],
]);

/**
 * What the answer to a call says of the credential, by its challenge, else by its status: 401 that it is not
 * accepted, 403 that it is and may not. A page for people is no answer of an API, whatever its status.
 * @see RFC 9110 §15.5.2, §15.5.4
 */
export const readCallAnswer = (answer: AnsweredCall, expectedStatus: number | undefined): CallReading => {
  const { httpStatus, contentType = '', retryAfterSeconds, isRateSpent = false } = answer;
  const isExpected =
    expectedStatus === undefined ? httpStatus >= 200 && httpStatus < 300 : httpStatus === expectedStatus;
  const isPage = /^\s*(?:text\/html|application\/xhtml)/i.test(contentType);
  if (isExpected && !isPage) return { kind: 'expected' };
  // Nobody gets a right by waiting: GitHub says 403 for its rate limits.
  if (httpStatus === 403 && (retryAfterSeconds !== undefined || isRateSpent))
    return refused('throttled', '403, and asks to wait');
  const error = challengeError(answer);
  const challenged = isJudgement(httpStatus) ? OUTCOMES_OF_CHALLENGE.get(error) : undefined;
  const said = error === undefined ? `${httpStatus}` : `${httpStatus} (${error})`;
  if (challenged !== undefined) return refused(challenged, said);
  if (httpStatus === 401) return refused('call_refused', said);
  // That of a firewall, which blocks an address. @see https://github.com/planningcenter/developers/issues/1310
  if (httpStatus === 403 && !isPage) return refused('call_forbidden', said);
  if (httpStatus === 429) return refused('throttled', '429');
  if (isPage)
    return refused('call_failed', `${httpStatus} with a page for people (HTML), as of a sign-in or a proxy`);
  if (httpStatus >= 300 && httpStatus < 400)
    return refused('call_failed', `${httpStatus}, a redirect, which is not followed`);
  return refused('call_failed', `${httpStatus}, where ${expectedStatus ?? '2xx'} is expected`);
};

/**
 * Whether the call can fail, by what it is answered without a credential: absent where whoever answers fails itself,
 * or wants to be left alone.
 * @see https://github.com/tashfeenahmed/freellmapi/pull/637, https://github.com/nottelabs/notte-cli/pull/99
 */
export const canFailBy = (answer: AnsweredCall, expectedStatus: number | undefined): boolean | undefined => {
  const { httpStatus } = answer;
  const reading = readCallAnswer(answer, expectedStatus);
  if (reading.kind === 'expected') return false;
  if (reading.outcome === 'throttled') return undefined;
  return isJudgement(httpStatus) || (httpStatus >= 300 && httpStatus < 400) ? true : undefined;
};

/** `error` of the challenge where it is a word, as those of RFC 6750 §3.1 are: never the beginning of something else. */
const challengeError = ({ wwwAuthenticate = '' }: AnsweredCall): string | undefined => {
  const [, quoted, bare] = /\berror=(?:"([^"]{1,120})"|([^\s",]{1,120}))/i.exec(wwwAuthenticate) ?? [];
  const error = quoted ?? bare;
  return error !== undefined && isPlainCode(error) ? error : undefined;
};

const LONGEST_CLAIMS = 4_096;

/**
 * The claims that a resource wants the next token to be asked for with; absent: it wants none.
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export const claimsChallenge = (wwwAuthenticate: string | undefined): string | undefined => {
  if (wwwAuthenticate === undefined || !/\berror="insufficient_claims"/.test(wwwAuthenticate))
    return undefined;
  const [, encoded] = /\bclaims="([\w+/=-]{1,8192})"/.exec(wwwAuthenticate) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.length <= LONGEST_CLAIMS && jsonObjectOf(text) !== undefined ? text : undefined;
};
