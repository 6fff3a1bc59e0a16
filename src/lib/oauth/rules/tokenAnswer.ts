import type { ProviderProfile } from './providerProfile.ts';
import type { RefreshTokenText } from './refreshTokenText.ts';
import { type ErrorWords, type RefusalReading, readRefusal } from './refusal.ts';
import type { RefusalClass } from './refusalWords.ts';
import { canLoseToken } from './rotation.ts';

/** One member called `refresh_token`, wherever it stood, that does not only echo the token that was sent. */
export interface RefreshTokenClaim {
  readonly text: RefreshTokenText;
  /** In the same object as an access token, or as an ID token where there is none. */
  readonly isBesideOtherToken: boolean;
  /** In the object that the profile names, or at the root where it names none. */
  readonly isAtPath: boolean;
}

/** What was read of an answer of a token endpoint, before anybody decides what it means. */
export interface TokenAnswerFacts {
  /** 0: there was no status line. */
  readonly httpStatus: number;
  /** False when bytes or the end of the text are missing, or the text is broken: a member may be missing. */
  readonly isWhole: boolean;
  /** An error stands at the root, around the tokens, beside them, or where the profile says. */
  readonly saysError: boolean;
  /** The best first. */
  readonly claims: readonly RefreshTokenClaim[];
  /** An access token that can be meant (no word for "nothing", no mask), or an ID token. */
  readonly hasOtherToken: boolean;
  /** A refresh token is named where no member was read: in a text, or in a shape that is not known. */
  readonly namesUnreadToken: boolean;
  /** One of those stands at the profile's path. */
  readonly hasOtherTokenAtPath: boolean;
  readonly words: ErrorWords;
}

/** What an answer means for the token that was sent. The table in docs/refresh-protocol.md says it in words. */
export type TokenAnswerMeaning =
  /** A new refresh token: `claim` is its index. */
  | { readonly kind: 'issued'; readonly claim: number }
  /** A success without a new one: the old one stays good (RFC 6749 §6). `unread`: something else was there. */
  | { readonly kind: 'kept'; readonly unread: string | undefined }
  /** The token may be spent, and its successor lost. */
  | { readonly kind: 'ambiguous'; readonly why: string; readonly mayHoldToken: boolean }
  | { readonly kind: 'refused'; readonly class: RefusalClass; readonly code: string | undefined };

const isSuccessStatus = (httpStatus: number): boolean =>
  (httpStatus >= 200 && httpStatus < 300) || httpStatus === 0;

/**
 * The rules, once and for all:
 * a refresh token is believed only from a success, beside an access token or an ID token (which only a success that
 * was cut off may lack); what claims to be one and cannot be read is never "the old one stays", where that could be
 * wrong; a refusal needs a word that somebody knows, or a status that cannot come after the server committed.
 */
export const decideTokenAnswer = (facts: TokenAnswerFacts, profile: ProviderProfile): TokenAnswerMeaning => {
  if (!isSuccessStatus(facts.httpStatus) || facts.saysError) return failure(facts, profile);
  const claim = facts.claims.findIndex((one) => isBelieved(one, facts, profile));
  if (claim >= 0) return { kind: 'issued', claim };
  const [unread] = facts.claims.filter(({ text }) => text.kind !== 'absent');
  if (unread !== undefined) return unreadToken(saidOf(unread), facts, profile);
  if (!facts.hasOtherToken) return failure(facts, profile);
  if (facts.namesUnreadToken) return unreadToken('stands where it cannot be read', facts, profile);
  if (facts.isWhole) return { kind: 'kept', unread: undefined };
  const why = 'the answer is cut off before any refresh token';
  return { kind: 'ambiguous', why, mayHoldToken: true };
};

const isBelieved = (
  { text, isBesideOtherToken, isAtPath }: RefreshTokenClaim,
  { isWhole, hasOtherTokenAtPath }: TokenAnswerFacts,
  { tokenPath }: ProviderProfile,
): boolean => {
  if (text.kind !== 'token') return false;
  if (isAtPath) return isBesideOtherToken || !isWhole;
  // Where the object that the profile names is there, or is cut off, tokens elsewhere may be somebody else's.
  return isBesideOtherToken && !hasOtherTokenAtPath && (isWhole || tokenPath === '');
};

const saidOf = ({ text }: RefreshTokenClaim): string =>
  text.kind === 'unreadable' ? text.why : 'stands apart from the other tokens';

const unreadToken = (
  said: string,
  { hasOtherToken, isWhole }: TokenAnswerFacts,
  { rotation }: ProviderProfile,
): TokenAnswerMeaning => {
  const why = `its refresh token ${said}`;
  // The old token stays good at such a provider, whatever the new one is: nothing can be lost.
  if (hasOtherToken && isWhole && !canLoseToken(rotation)) return { kind: 'kept', unread: why };
  return { kind: 'ambiguous', why, mayHoldToken: true };
};

/** Nothing that an error says is ever a token; but where it says nothing that is known, tokens speak against it. */
const failure = (facts: TokenAnswerFacts, profile: ProviderProfile): TokenAnswerMeaning => {
  const { httpStatus, claims, words } = facts;
  const reading: RefusalReading = readRefusal(words, httpStatus, profile);
  const isSuccess = isSuccessStatus(httpStatus);
  const held = claims.filter(({ text }) => text.kind === 'token');
  const holdsPair = held.some(({ isBesideOtherToken }) => isBesideOtherToken);
  const isContradiction = reading.isKnown
    ? holdsPair && isSuccess
    : holdsPair || (isSuccess && held.length > 0);
  if (isContradiction)
    return { kind: 'ambiguous', why: 'it is a failure, and holds tokens', mayHoldToken: true };
  if (reading.means !== 'unclear') return { kind: 'refused', class: reading.means, code: reading.code };
  const why = facts.isWhole ? 'it holds no token and no error that is known' : 'the answer is cut off';
  return { kind: 'ambiguous', why, mayHoldToken: isSuccess || claims.length > 0 };
};
