import { argumentsOf, type BoundNode, items, optionalPart, part } from 'kql-on-duckdb/boundTree';
import type { BoundQuery } from 'kql-on-duckdb/language';

/** Each yields at most as many rows as it is given. */
const KEEPS_OR_DROPS = [
  'FilterOperator',
  'ExtendOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'SortOperator',
  'DistinctOperator',
];

/** The operators of a pipe, last first. */
const operatorsOf = (node: BoundNode | undefined): BoundNode[] =>
  node?.kind === 'PipeExpression'
    ? [part(node, 'Operator'), ...operatorsOf(part(node, 'Expression'))]
    : node?.kind === 'ParenthesizedExpression'
      ? operatorsOf(part(node, 'Expression'))
      : [];

/** A whole number, or the name of a `let` that is one. */
const numberOf = (node: BoundNode | undefined, statements: readonly BoundNode[]): number | undefined => {
  if (node?.kind === 'LiteralExpression' && /^\d+$/.test(node.text)) return Number(node.text);
  if (node?.symbol?.kind !== 'VariableSymbol') return undefined;
  const name = node.symbol.name;
  const lets = statements.filter((each) => each.kind === 'LetStatement' && part(each, 'Name').text === name);
  const value = lets.length === 1 && lets[0] !== undefined ? part(lets[0], 'Expression') : undefined;
  return value?.kind === 'LiteralExpression' ? numberOf(value, []) : undefined;
};

const isCallOf = (node: BoundNode | undefined, name: string): node is BoundNode =>
  node?.kind === 'FunctionCallExpression' && node.symbol?.name === name;

/** N of `extend Place = min_of(row_number(), N)`, which counts from 1 to N and stays there. */
const countedTo = (
  extend: BoundNode | undefined,
  column: string,
  statements: readonly BoundNode[],
): number | undefined => {
  if (extend?.kind !== 'ExtendOperator') return undefined;
  const made = items(extend, 'Expressions').filter((each) => optionalPart(each, 'Name')?.text === column);
  const value = made.length === 1 && made[0] !== undefined ? part(made[0], 'Expression') : undefined;
  if (!isCallOf(value, 'min_of')) return undefined;
  const [row, most, ...rest] = argumentsOf(value);
  const isCount = isCallOf(row, 'row_number') && argumentsOf(row).length === 0;
  return isCount && rest.length === 0 ? numberOf(most, statements) : undefined;
};

/**
 * How many rows a query can yield at most, whatever the tables hold, as far as its text proves it: it ends in
 * `extend Place = min_of(row_number(), N) | summarize … by Place`, or in `top N` or `take N`, and what follows makes no
 * row. Undefined where it proves nothing.
 */
export const mostRows = ({ root }: BoundQuery): number | undefined => {
  const statements = items(root, 'Statements');
  const last = statements.at(-1);
  const operators = operatorsOf(last === undefined ? undefined : optionalPart(last, 'Expression'));
  const at = operators.findIndex(({ kind }) => !KEEPS_OR_DROPS.includes(kind));
  const [operator, before] = [operators[at], operators[at + 1]];
  if (operator === undefined) return undefined;
  if (operator.kind === 'TopOperator' || operator.kind === 'TakeOperator')
    return numberOf(part(operator, 'Expression'), statements);
  if (operator.kind !== 'SummarizeOperator') return undefined;
  const by = optionalPart(operator, 'ByClause');
  const [only, ...others] = by === undefined ? [] : items(by, 'Expressions');
  if (by === undefined) return 1;
  if (only?.kind !== 'NameReference' || others.length > 0) return undefined;
  return countedTo(before, only.text, statements);
};
