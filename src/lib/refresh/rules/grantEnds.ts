import { DAY_MS } from '../../kernel/time.ts';
import type { AnswerDeviation } from '../../oauth/rules/answerDeviation.ts';
import { readLifetime } from '../../oauth/rules/lifetime.ts';
import { absoluteEnd, grantDeadline, type TokenLife } from './deadline.ts';

/** What a record says of the ends of its grant, as far as the next refresh needs it. */
export interface KnownEnds {
  readonly consentedAtEpochMs: number | undefined;
  readonly issuedAtEpochMs?: number | undefined;
  readonly refreshedAtEpochMs: number | undefined;
  readonly deadlineEpochMs: number | undefined;
  readonly consentEndsAtEpochMs?: number | undefined;
}

/** The ends of a grant after a refresh that succeeded. */
export interface GrantEnds {
  /** When the grant dies if nobody refreshes it again; absent: not known. */
  readonly deadlineEpochMs: number | undefined;
  /** The end that no refresh moves: a person has to consent again by then; absent: none is known. */
  readonly consentEndsAtEpochMs: number | undefined;
  /** When the token that is now stored was issued; absent: not known. */
  readonly issuedAtEpochMs: number | undefined;
  /** What was stated about the ends and cannot be true, in words. */
  readonly deviations: readonly AnswerDeviation[];
}

/**
 * The ends of a grant after a refresh that succeeded.
 *
 * Two things tell an end that only a person can move: the profile (an absolute limit from the consent),
 * and a server that states the same instant again after time has passed. A refresh that succeeds more
 * than a day after such an end refutes it: the limit of the profile is not this server's.
 */
export const endsAfterRefresh = (
  known: KnownEnds,
  answer: {
    readonly profile: TokenLife['profile'];
    readonly usedAtEpochMs: number;
    readonly rotated: boolean;
    readonly expiresInSeconds: number | undefined;
  },
): GrantEnds => {
  const { profile, usedAtEpochMs, rotated } = answer;
  const issuedAtEpochMs = rotated ? usedAtEpochMs : (known.issuedAtEpochMs ?? known.consentedAtEpochMs);
  const lifetime = readLifetime(answer.expiresInSeconds, usedAtEpochMs);
  const life: TokenLife = {
    profile,
    usedAtEpochMs,
    issuedAtEpochMs,
    consentedAtEpochMs: known.consentedAtEpochMs,
    expiresInSeconds: lifetime.seconds,
  };
  const consentEnd = rotated && profile.absoluteFrom === 'issue' ? undefined : absoluteEnd(life);
  const isRefuted = consentEnd !== undefined && usedAtEpochMs > consentEnd + DAY_MS;
  const held = isRefuted ? { ...life, profile: { ...profile, absoluteDays: undefined } } : life;
  const statedEpochMs = grantDeadline(held);
  const unmovedEpochMs = unmovedEnd(known, usedAtEpochMs, statedEpochMs);
  const limits = [isRefuted ? undefined : consentEnd, unmovedEpochMs];
  const ends = limits.filter((limit) => limit !== undefined);
  return {
    deadlineEpochMs: unmovedEpochMs ?? statedEpochMs,
    consentEndsAtEpochMs: ends.length === 0 ? undefined : Math.min(...ends),
    issuedAtEpochMs,
    deviations: [lifetime.deviation, isRefuted ? refuted(profile) : undefined].filter(
      (deviation) => deviation !== undefined,
    ),
  };
};

const refuted = ({ absoluteDays }: TokenLife['profile']): AnswerDeviation => ({
  code: 'absolute_limit_refuted',
  text: `it works after the ${absoluteDays} days of its provider settings: set absoluteDays`,
});

/** Below this nobody can tell whether an end moved along: answers count in whole seconds. */
const SHORTEST_COMPARED_MS = 60_000;

/**
 * The deadline, where it is the instant that it was before although time has passed since then: as it was noted before,
 * where only the seconds of two answers differ. An end that is told as another one each time would be another alert.
 */
const unmovedEnd = (
  known: KnownEnds,
  usedAtEpochMs: number,
  deadlineEpochMs: number | undefined,
): number | undefined => {
  if (deadlineEpochMs === undefined || known.refreshedAtEpochMs === undefined) return undefined;
  const elapsedMs = usedAtEpochMs - known.refreshedAtEpochMs;
  const isSooner = elapsedMs < SHORTEST_COMPARED_MS;
  const before = isSooner ? known.consentEndsAtEpochMs : known.deadlineEpochMs;
  const slackMs = Math.max(elapsedMs, SHORTEST_COMPARED_MS) / 20;
  if (before === undefined) return undefined;
  const movedMs = Math.abs(deadlineEpochMs - before);
  if (movedMs > slackMs) return undefined;
  return movedMs < SHORTEST_COMPARED_MS ? before : deadlineEpochMs;
};
