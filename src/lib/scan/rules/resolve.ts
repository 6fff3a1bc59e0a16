import type { CredentialKind } from '../../credentials/kinds.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { ConfigRule } from './configRule.ts';
import { firstSaying, type Said, type Source, TAG } from './sources.ts';
import { MAXIMUM_SNOOZE_DAYS } from './tags.ts';
import { isForOwner, type VaultRules } from './vaultRules.ts';

/**
 * What a rule silences it silences for so long at most, from the day on which it is asked: what is meant for longer
 * is renewed, with a reason, and not forgotten.
 */
export const MAXIMUM_RULE_DAYS = {
  snoozeUntilEpochMs: MAXIMUM_SNOOZE_DAYS,
  ignoreUntilEpochMs: 366,
} as const satisfies Partial<Record<keyof Said, number>>;

/** Whether an end lies further ahead than a rule may say. A date means the end of its day. */
export const isTooFar = (
  member: keyof typeof MAXIMUM_RULE_DAYS,
  untilEpochMs: number,
  nowEpochMs: number,
): boolean => untilEpochMs >= nowEpochMs + (MAXIMUM_RULE_DAYS[member] + 1) * DAY_MS;

/** Where each value came from; absent where nobody says it. */
export type Origins = { readonly [R in Resolvable]?: string | undefined };
export type Resolvable =
  | 'owner'
  | 'warning'
  | 'critical'
  | 'renews'
  | 'mustExpire'
  | 'runbook'
  | 'targets'
  | 'snooze'
  | 'ignore';

/** Everything that is said of one credential by anybody, and what of it holds. */
export interface Resolution {
  /** Those that speak of this credential, most exact first. */
  readonly sources: readonly Source[];
  readonly owner: string | undefined;
  readonly snoozeUntilEpochMs: number | undefined;
  /** Who silences it now. */
  readonly snoozedBy: Source | undefined;
  readonly ignoredBy: Source | undefined;
  /** The rules that match, whether anything of theirs holds or not. */
  readonly rules: readonly ConfigRule[];
}

interface Speakers {
  readonly tags: Source | undefined;
  readonly rules: VaultRules | undefined;
  readonly grant: Source | undefined;
  /** Its vault and the defaults of the config; the same list for every object of a vault. */
  readonly general: readonly Source[];
}

const NONE: readonly never[] = [];

/**
 * Decides who has the last word on one credential. Its own tags come first; then the rules that name it whole, the
 * grant that uses it, the other rules, the more exact before the less exact; then its vault, and what holds for all.
 * Pure.
 */
export const resolve = (
  object: { readonly kind: CredentialKind; readonly name: string },
  { tags, rules, grant, general }: Speakers,
  nowEpochMs: number,
): Resolution => {
  const meant = rules?.matching(object) ?? NONE;
  if (tags === undefined && grant === undefined && meant.length === 0) return ofVault(general);
  const sourcesOf = (matching: readonly ConfigRule[]): readonly Source[] => {
    const firstOther = matching.findIndex(({ scope }) => scope !== 'one');
    const whole = firstOther < 0 ? matching.length : firstOther;
    const own: readonly Source[] = tags === undefined ? NONE : [tags];
    const used: readonly Source[] = grant === undefined ? NONE : [grant];
    return own.concat(matching.slice(0, whole), used, matching.slice(whole), general);
  };
  // A rule for an owner names none, so whom a credential belongs to is known before such rules are asked.
  const isForAnyone = ({ match }: ConfigRule): boolean => match.owner === undefined;
  const areForAnyone = meant.every(isForAnyone);
  const sourcesOfAnyone = sourcesOf(areForAnyone ? meant : meant.filter(isForAnyone));
  const { owner } = firstSaying(sourcesOfAnyone, 'owner').says;
  const matching = areForAnyone ? meant : meant.filter((rule) => isForOwner(rule, owner));
  const sources = areForAnyone ? sourcesOfAnyone : sourcesOf(matching);
  const snooze = longest(sources, 'snoozeUntilEpochMs', nowEpochMs);
  const snoozeUntilEpochMs = snooze?.says.snoozeUntilEpochMs;
  const ignore = longest(sources, 'ignoreUntilEpochMs', nowEpochMs);
  const isNow = (untilEpochMs = Number.NEGATIVE_INFINITY): boolean => nowEpochMs <= untilEpochMs;
  return {
    sources,
    owner,
    snoozeUntilEpochMs,
    snoozedBy: isNow(snoozeUntilEpochMs) ? snooze : undefined,
    ignoredBy: isNow(ignore?.says.ignoreUntilEpochMs) ? ignore : undefined,
    rules: matching,
  };
};

const OF_VAULTS = new WeakMap<readonly Source[], Resolution>();

/** What holds of all objects of a vault of which nobody says anything, as most are: decided once. */
const ofVault = (general: readonly Source[]): Resolution => {
  const known = OF_VAULTS.get(general);
  if (known !== undefined) return known;
  const { owner } = firstSaying(general, 'owner').says;
  const none = { snoozeUntilEpochMs: undefined, snoozedBy: undefined, ignoredBy: undefined, rules: NONE };
  const resolution = { sources: general, owner, ...none };
  OF_VAULTS.set(general, resolution);
  return resolution;
};

/** Who silences for the longest. Tags have bounds of their own. */
const longest = (
  sources: readonly Source[],
  member: keyof typeof MAXIMUM_RULE_DAYS,
  nowEpochMs: number,
): Source | undefined => {
  let best: Source | undefined;
  for (const source of sources) {
    const untilEpochMs = source.says[member];
    if (untilEpochMs === undefined || untilEpochMs <= (best?.says[member] ?? Number.NEGATIVE_INFINITY))
      continue;
    if (source.origin === TAG || !isTooFar(member, untilEpochMs, nowEpochMs)) best = source;
  }
  return best;
};

/** What was decided of one credential, and by whom. */
export interface Judgement {
  readonly resolution: Resolution;
  /** Absent without an end. */
  readonly warningBy: Source | undefined;
  readonly criticalBy: Source | undefined;
}

/** Where each value came from, for people. */
export const originsOf = ({ resolution, warningBy, criticalBy }: Judgement): Origins => {
  const { sources, snoozedBy, ignoredBy } = resolution;
  const saying = (member: keyof Said): string | undefined => {
    const source = firstSaying(sources, member);
    return source.says[member] === undefined ? undefined : source.origin;
  };
  return {
    owner: saying('owner'),
    warning: warningBy?.origin,
    critical: criticalBy?.origin,
    renews: saying('renews'),
    mustExpire: saying('mustExpire'),
    runbook: saying('runbook'),
    targets: saying('targets'),
    snooze: snoozedBy && silencedBy(snoozedBy),
    ignore: ignoredBy && silencedBy(ignoredBy),
  };
};

const silencedBy = ({ origin, reason }: Source): string =>
  reason === undefined ? origin : `${origin} (${reason})`;
