import type { CredentialKind } from '../../credentials/kinds.ts';
import { isSame, matchesName, partsOf } from './namePattern.ts';
import type { Said, Source } from './sources.ts';

/** Which credentials a rule is for: those for which all of it is true. */
export interface RuleMatch {
  /** Name of the vault as tables show it, or its address. */
  readonly vault?: string | undefined;
  readonly kind?: CredentialKind | undefined;
  /** Name of the object, `*` for any characters. */
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
}

/** A rule of the config for credentials whose tags somebody may not set. */
export interface ConfigRule extends Source {
  readonly match: RuleMatch;
}

/** Whether a rule names the credential whole, and so speaks of one alone (of each kind and vault). */
export const namesWhole = ({ name }: RuleMatch): boolean => name !== undefined && !name.includes('*');

/**
 * How exact a rule is; of two that match one credential the more exact decides. First what it says of the name
 * (whole, then by the characters beside `*`), then whether it names a vault, an owner, a kind.
 */
export const exactnessOf = (match: RuleMatch): number => {
  const { name = '', vault, owner, kind } = match;
  const ofName = namesWhole(match) ? LONGEST_NAME + 1 : name.replaceAll('*', '').length;
  return (
    ofName * 8 + (vault === undefined ? 0 : 4) + (owner === undefined ? 0 : 2) + (kind === undefined ? 0 : 1)
  );
};

const LONGEST_NAME = 127;

/** Most exact first; of equals, which say nothing different, the one that stands first. */
export const mostExactFirst = (rules: readonly ConfigRule[]): readonly ConfigRule[] =>
  rules.toSorted((one, other) => exactnessOf(other.match) - exactnessOf(one.match));

/**
 * What two equally exact rules say differently of one credential; `undefined` where they never meet or agree. What
 * silences adds up, and so contradicts nothing.
 */
export const contradictionOf = (one: ConfigRule, other: ConfigRule): keyof Said | undefined => {
  if (exactnessOf(one.match) !== exactnessOf(other.match) || !doMeet(one.match, other.match))
    return undefined;
  const members = Object.keys(one.says) as (keyof Said)[];
  return members.find((member) => {
    const [a, b] = [one.says[member], other.says[member]];
    return (
      !ADD_UP.has(member) && a !== undefined && b !== undefined && JSON.stringify(a) !== JSON.stringify(b)
    );
  });
};

const ADD_UP: ReadonlySet<keyof Said> = new Set(['snoozeUntilEpochMs', 'ignoreUntilEpochMs']);

/** Whether some credential may be matched by both: where nothing keeps them apart. */
const doMeet = (one: RuleMatch, other: RuleMatch): boolean =>
  (['vault', 'kind', 'owner'] as const).every((member) => {
    const [a, b] = [one[member], other[member]];
    return a === undefined || b === undefined || isSame(a, b);
  }) && doNamesMeet(one.name, other.name);

const doNamesMeet = (one = '*', other = '*'): boolean => {
  if (!one.includes('*')) return matchesName(partsOf(other), one.toLowerCase());
  if (!other.includes('*')) return matchesName(partsOf(one), other.toLowerCase());
  // Between their ends both take anything, so only the ends can keep them apart.
  const [a, b] = [one, other].map((pattern) => {
    const parts = partsOf(pattern);
    return { start: parts[0] ?? '', end: parts.at(-1) ?? '' };
  });
  if (a === undefined || b === undefined) return true;
  const doStartsMeet = a.start.startsWith(b.start) || b.start.startsWith(a.start);
  return doStartsMeet && (a.end.endsWith(b.end) || b.end.endsWith(a.end));
};
