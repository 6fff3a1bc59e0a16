import { argumentsOf, type BoundNode, items, optionalPart, part, scalarOf } from './boundTree.ts';
import { identifier, type Scalar } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

/** One term of `order by`: the column, where it is a bare one, and the term as SQL. */
export interface OrderTerm {
  readonly column: string | undefined;
  readonly sql: string;
}

/** The terms of an `order by`. Nulls come first ascending and last descending unless the query says otherwise. */
export const orderTerms = (sort: BoundNode, scalar: Scalar): OrderTerm[] =>
  items(sort, 'Expressions').map((term) => orderTerm(term, scalar));

export const orderTerm = (node: BoundNode, scalar: Scalar): OrderTerm => {
  const ordered = node.kind === 'OrderedExpression';
  const clause = ordered ? optionalPart(node, 'Ordering') : undefined;
  const direction =
    clause === undefined ? 'desc' : (optionalPart(clause, 'AscOrDescKeyword')?.text ?? 'desc');
  const nulls = clause === undefined ? undefined : optionalPart(clause, 'NullsClause');
  const place =
    nulls === undefined ? (direction === 'asc' ? 'first' : 'last') : part(nulls, 'FirstOrLastKeyword').text;
  const value = ordered ? part(node, 'Expression') : node;
  const column = value.symbol?.kind === 'ColumnSymbol' ? value.symbol.name : undefined;
  return { column, sql: `${scalar(value)} ${direction.toUpperCase()} NULLS ${place.toUpperCase()}` };
};

/** The last `order by` of a pipe after which only `extend` and `where` came. */
export const sortUnder = (source: BoundNode): BoundNode | undefined => {
  if (source.kind !== 'PipeExpression') return undefined;
  const operator = part(source, 'Operator');
  if (operator.kind === 'SortOperator') return operator;
  const keeps = operator.kind === 'FilterOperator' || operator.kind === 'ExtendOperator';
  return keeps ? sortUnder(part(source, 'Expression')) : undefined;
};

/**
 * The order in which the rows of a pipe stand: that of its last `order by`, if only `extend` and `where` came
 * after it, which keep it. Undefined where they have no order, so that nothing may count them.
 */
export const orderOf = (source: BoundNode, scalar: Scalar): readonly OrderTerm[] | undefined => {
  if (source.kind !== 'PipeExpression') return undefined;
  const operator = part(source, 'Operator');
  if (operator.kind === 'SortOperator') return orderTerms(operator, scalar);
  if (operator.kind !== 'FilterOperator' && operator.kind !== 'ExtendOperator') return undefined;
  const order = orderOf(part(source, 'Expression'), scalar);
  const made = operator.kind === 'ExtendOperator' ? items(operator, 'Expressions') : [];
  const names = made.map((expression) => optionalPart(expression, 'Name')?.text ?? '');
  const isLost = order?.some(({ column }) => column === undefined || names.includes(column)) ?? false;
  return isLost && names.length > 0 ? undefined : order;
};

/** The text column of `Column != prev(Column)`, which is true where a new run of equal values begins. */
const runOf = (restart: BoundNode): string => {
  const [left, right] = [optionalPart(restart, 'Left'), optionalPart(restart, 'Right')];
  const isRun =
    restart.symbol?.name === 'NotEqual' &&
    left?.symbol?.kind === 'ColumnSymbol' &&
    scalarOf(left) === 'string' &&
    right?.symbol?.name === 'prev' &&
    argumentsOf(right).length === 1 &&
    argumentsOf(right)[0]?.symbol?.name === left.symbol.name;
  if (!isRun) throw new UnknownKql('a restart of row_number other than Column != prev(Column)', restart);
  return left.symbol.name;
};

/**
 * `row_number()` over rows that were sorted, from 1; `row_number(1, Column != prev(Column))` begins anew with each
 * value of the column that they are sorted by first.
 */
export const rowNumberSql = (node: BoundNode, order: readonly OrderTerm[] | undefined): string => {
  if (order === undefined) throw new UnknownKql('row_number of rows that nothing has sorted', node);
  const [start, restart] = argumentsOf(node);
  if (start !== undefined && start.text !== '1') throw new UnknownKql('a row_number that starts there', node);
  const all = order.map(({ sql }) => sql).join(', ');
  if (restart === undefined) return `row_number() OVER (ORDER BY ${all})`;
  const run = runOf(restart);
  if (order[0]?.column !== run) throw new UnknownKql('runs of a column that is not sorted by first', node);
  return `row_number() OVER (PARTITION BY ${identifier(run)} ORDER BY ${all})`;
};
