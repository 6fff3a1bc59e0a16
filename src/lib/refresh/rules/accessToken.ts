import type { TokenTrouble } from '../../credentials/tokenTroubles.ts';
import { clockAheadAsAbsent, isoSeconds } from '../../kernel/instant.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/time.ts';
import { statedLifeMs } from '../../oauth/rules/lifetime.ts';
import { isAccessTokenText, isTokenText } from '../../oauth/rules/refreshTokenText.ts';
import type { ControlRecord, KeptAccessToken } from './controlRecord.ts';
import { coolDownEnd, isCoolingOfClient } from './refreshFailure.ts';

/** What a consumer wants of an access token. */
export interface AccessTokenWish {
  /** How long it has to live at least; no token is asked for more than half of its own life. Absent: five minutes. */
  readonly minimumSeconds?: number | undefined;
  /** Digest of a token that was answered 401; absent: none was. */
  readonly refused?: string | undefined;
}

/** Whether the token on record serves a wish, with the reason in words for people. */
export type AccessTokenDecision =
  | { readonly kind: 'serves'; readonly reason: string }
  /** None is there, or it does not live long enough, or it was refused. */
  | { readonly kind: 'refresh'; readonly reason: string }
  /** A new one is wanted, and is not asked for yet: a failure cools down, or the last refresh brought none. */
  | {
      readonly kind: 'later';
      readonly untilEpochMs: number;
      readonly reason: string;
      readonly trouble: TokenTrouble;
      /** The client was refused: a worker that finds another credential of it need not wait. */
      readonly isOfClient: boolean;
    }
  /** It was refused, and so were those before it: the next one would be, too. */
  | { readonly kind: 'refused_again'; readonly untilEpochMs: number; readonly reason: string };

const DEFAULT_MINIMUM_SECONDS = 300;
/** Of a token whose answer does not say how long it lives. */
export const UNKNOWN_LIFE_MS = 10 * MINUTE_MS;
/** No token is kept for longer, whatever its answer says. */
export const LONGEST_KEPT_MS = DAY_MS;
/** One that ends sooner would be replaced with every other call; its lifetime is in another unit, rather. */
export const SHORTEST_KEPT_MS = 30_000;
/** After a refresh that brought no token that can be handed on. */
export const NONE_CAME_PAUSE_MS = 5 * MINUTE_MS;
/** After one that brought once more the token that ends now. */
const SAME_CAME_PAUSE_MS = 10_000;
const FIRST_REFUSED_PAUSE_MS = MINUTE_MS;
const LONGEST_REFUSED_PAUSE_MS = HOUR_MS;

/**
 * The `token_type`s of tokens that only their own holder may use, or that are none for an API. Any other is a bearer
 * token, whatever its server calls it (`bot` at Slack, `User Access Token` at eBay, `BearerToken` at Apigee): a
 * request that proves no key gets none that is bound to one.
 * @see RFC 9449 §5, RFC 8693 §2.2.1
 */
const BOUND = /^(dpop|pop|mac|n_a)$/i;

interface AnsweredAccessToken {
  readonly accessToken: string | undefined;
  readonly tokenType?: string | undefined;
  readonly accessTokenExpiresInSeconds: number | undefined;
}

/**
 * How long the access token of an answer is kept; `undefined`: there is none that can be handed on. The record that
 * holds it guards the refresh token, so that no answer may make it large.
 */
export const keptForMs = (
  { accessToken, tokenType = '', accessTokenExpiresInSeconds: seconds = 0 }: AnsweredAccessToken,
  nowEpochMs: number,
): number | undefined => {
  if (accessToken === undefined || BOUND.test(tokenType)) return undefined;
  if (!isTokenText(accessToken) || !isAccessTokenText(accessToken)) return undefined;
  const lifeMs = seconds > 0 ? statedLifeMs(seconds, nowEpochMs) : UNKNOWN_LIFE_MS;
  return lifeMs < SHORTEST_KEPT_MS ? undefined : Math.min(lifeMs, LONGEST_KEPT_MS);
};

/**
 * When a refresh that brought no token to hand on counts as having been made: the pause goes from there. Some servers
 * give the same token until it ends, and only then another one.
 * @param sameEndsEpochMs of the token on record, where the answer had it once more
 */
export const noneCameAtEpochMs = (madeAtEpochMs: number, sameEndsEpochMs: number | undefined): number => {
  if (sameEndsEpochMs === undefined) return madeAtEpochMs;
  const fromEpochMs = Math.max(sameEndsEpochMs, madeAtEpochMs + SAME_CAME_PAUSE_MS);
  return Math.min(madeAtEpochMs, fromEpochMs - NONE_CAME_PAUSE_MS);
};

/** A token that still lives; one from ahead was written by a wrong clock. */
export const livingToken = (
  token: KeptAccessToken | undefined,
  nowEpochMs: number,
): KeptAccessToken | undefined =>
  token !== undefined &&
  clockAheadAsAbsent(token.obtainedAtEpochMs, nowEpochMs) !== undefined &&
  nowEpochMs < token.expiresAtEpochMs
    ? token
    : undefined;

/** How long a new token is not replaced though a consumer reports it refused, after so many that were. */
const refusedPauseMs = (refusals: number): number =>
  Math.min(FIRST_REFUSED_PAUSE_MS * 2 ** Math.min(refusals - 1, 10), LONGEST_REFUSED_PAUSE_MS);

type Known = Pick<ControlRecord, 'accessToken' | 'noAccessTokenAtEpochMs' | 'failures'>;

/**
 * Whether the token on record serves a consumer, and whether another one may be asked for. The answer is the same
 * for all who ask the same, so that a thousand that saw one token refused have it replaced once: the next one has
 * another digest. Neither the schedule of the refresh token nor the full hour count here; failures do.
 */
export const decideAccessToken = (
  record: Known,
  { minimumSeconds = DEFAULT_MINIMUM_SECONDS, refused }: AccessTokenWish,
  nowEpochMs: number,
): AccessTokenDecision => {
  const token = livingToken(record.accessToken, nowEpochMs);
  if (token === undefined)
    return unlessTooSoon(record, 'no access token that lives is on record', nowEpochMs);
  const { obtainedAtEpochMs, expiresAtEpochMs, digest, refusals } = token;
  const ends = `its access token ends at ${isoSeconds(expiresAtEpochMs)}`;
  const wantedMs = Math.min(minimumSeconds * 1000, (expiresAtEpochMs - obtainedAtEpochMs) / 2);
  if (expiresAtEpochMs - nowEpochMs < wantedMs) return unlessTooSoon(record, ends, nowEpochMs);
  if (refused !== digest) return { kind: 'serves', reason: ends };
  const untilEpochMs = obtainedAtEpochMs + refusedPauseMs(refusals);
  // The store's clock has whole seconds where it is read alone, and may be behind the moment of a new token.
  if (refusals === 0 || nowEpochMs >= untilEpochMs)
    return unlessTooSoon(record, 'a consumer saw its access token refused', nowEpochMs);
  const reason = `${refusals} access tokens in a row were refused: another is asked for from ${isoSeconds(untilEpochMs)} on`;
  return { kind: 'refused_again', untilEpochMs, reason };
};

const unlessTooSoon = (record: Known, reason: string, nowEpochMs: number): AccessTokenDecision => {
  const { notBeforeEpochMs, waitedForFromEpochMs = notBeforeEpochMs } = record.failures;
  const coolDownEpochMs = coolDownEnd({ notBeforeEpochMs: waitedForFromEpochMs }, nowEpochMs);
  // A provider that gives none to hand on must not be asked for one with each call.
  const noneCameEpochMs = clockAheadAsAbsent(record.noAccessTokenAtEpochMs, nowEpochMs) ?? 0;
  const untilEpochMs = Math.max(coolDownEpochMs, noneCameEpochMs + NONE_CAME_PAUSE_MS);
  if (nowEpochMs >= untilEpochMs) return { kind: 'refresh', reason };
  const [trouble, why] =
    coolDownEpochMs === untilEpochMs
      ? (['refresh_failing', 'a failure cools down'] as const)
      : (['none_usable', 'the last refresh brought none that can be handed on'] as const);
  return {
    kind: 'later',
    untilEpochMs,
    reason: `${reason}, but ${why} until ${isoSeconds(untilEpochMs)}`,
    trouble,
    isOfClient: isCoolingOfClient(record.failures, nowEpochMs),
  };
};
