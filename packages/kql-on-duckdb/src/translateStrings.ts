import { type BoundNode, items, part, scalarOf } from './boundTree.ts';
import { type Scalar, text } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

const stringSides = (node: BoundNode, scalar: Scalar): [string, string] => {
  const left = part(node, 'Left');
  const right = part(node, 'Right');
  if (scalarOf(left) !== 'string' || scalarOf(right) !== 'string')
    throw new UnknownKql('a string operator over something that is no string', node);
  return [scalar(left), scalar(right)];
};

const lower = (sql: string) => `lower(${sql})`;

/**
 * `has` looks for whole terms: the needle must not touch an ASCII letter or digit on either side.
 * Only literal needles are known, because the edges depend on the needle's own first and last character.
 */
const hasTerm = (haystack: string, needle: BoundNode, caseSensitive: boolean): string => {
  const value = needle.stringValue;
  if (value === undefined || value === '') throw new UnknownKql("'has' with this needle", needle);
  const escaped = value.replace(
    /[^0-9A-Za-z]/g,
    (character) => `\\x{${character.codePointAt(0)?.toString(16)}}`,
  );
  const edge = (character: string, side: string) => (/[0-9A-Za-z]/.test(character) ? side : '');
  const before = edge(value.slice(0, 1), '(?:^|[^0-9A-Za-z])');
  const after = edge(value.slice(-1), '(?:$|[^0-9A-Za-z])');
  return `regexp_matches(${haystack}, ${text(`${caseSensitive ? '' : '(?i)'}${before}${escaped}${after}`)})`;
};

type Test = (a: string, b: string) => string;

// By the name the binder gives each operator. Without _cs, Kusto ignores case.
const TESTS: Readonly<Record<string, Test>> = {
  EqualTilde: (a, b) => `(${lower(a)} = ${lower(b)})`,
  Contains: (a, b) => `contains(${lower(a)}, ${lower(b)})`,
  ContainsCs: (a, b) => `contains(${a}, ${b})`,
  StartsWith: (a, b) => `starts_with(${lower(a)}, ${lower(b)})`,
  StartsWithCs: (a, b) => `starts_with(${a}, ${b})`,
  EndsWith: (a, b) => `ends_with(${lower(a)}, ${lower(b)})`,
  EndsWithCs: (a, b) => `ends_with(${a}, ${b})`,
  MatchRegex: (a, b) => `regexp_matches(${a}, ${b})`,
};

/** What is negated: the name that the binder gives `!contains` is NotContains. */
const positiveOf = (operator: string): string | undefined =>
  operator === 'BangTilde' ? 'EqualTilde' : /^Not(\w+)$/.exec(operator)?.[1];

/** A binary string operator as SQL, or undefined when `operator` is none. */
export const stringOperator = (node: BoundNode, operator: string, scalar: Scalar): string | undefined => {
  const positive = positiveOf(operator);
  const name = positive ?? operator;
  const not = positive === undefined ? '' : 'NOT ';
  if (name === 'Has' || name === 'HasCs') {
    const [haystack] = stringSides(node, scalar);
    return `(${not}${hasTerm(haystack, part(node, 'Right'), name === 'HasCs')})`;
  }
  const test = TESTS[name];
  if (test === undefined) return undefined;
  const [a, b] = stringSides(node, scalar);
  return `(${not}${test(a, b)})`;
};

/** `has_any (…)` and `has_all (…)` over literal needles. */
export const hasSeveral = (node: BoundNode, scalar: Scalar, joiner: 'OR' | 'AND'): string => {
  const left = part(node, 'Left');
  if (scalarOf(left) !== 'string') throw new UnknownKql('a string operator over no string', node);
  const needles = items(part(node, 'Right'), 'Expressions');
  return `(${needles.map((needle) => hasTerm(scalar(left), needle, false)).join(` ${joiner} `)})`;
};
