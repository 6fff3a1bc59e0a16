import type { BoundNode, Column } from './boundTree.ts';
import { items, optionalPart, part, walk } from './boundTree.ts';
import { identifier, missing, type Scalar } from './sql.ts';
import { aggregateSql } from './translateAggregates.ts';
import type { Step } from './translateTabular.ts';
import { UnknownKql } from './unknownKql.ts';

const bare = (node: BoundNode): BoundNode =>
  node.kind === 'SimpleNamedExpression' || node.kind === 'CompoundNamedExpression'
    ? part(node, 'Expression')
    : node;

const isAggregate = (node: BoundNode): boolean =>
  node.kind === 'FunctionCallExpression' && node.symbol?.kind === 'FunctionSymbol';

/** An aggregate, or arithmetic and functions over aggregates, e.g. `round(avg(x), 1)`. */
const outputOf = (node: BoundNode, scalar: Scalar, wanted: readonly string[]): readonly string[] => {
  const expression = bare(node);
  if (!isAggregate(expression)) throw new UnknownKql('an aggregate inside an expression', node);
  return aggregateSql(expression, scalar, wanted);
};

const starColumns = (step: Step, by: readonly BoundNode[], aggregate: BoundNode): readonly string[] => {
  const grouped = new Set(by.map((node) => bare(node).symbol?.name));
  const ranked = items(part(bare(aggregate), 'ArgumentList'), 'Expressions')[0]?.symbol?.name;
  return step.input
    .filter((column) => !grouped.has(column.name) && column.name !== ranked)
    .map((column) => identifier(column.name));
};

const hasStar = (node: BoundNode): boolean =>
  [...walk(node)].some((child) => child.kind === 'StarExpression');

/** Names the SQL expressions by the columns that the binder says come out, in order. */
const named = (sql: readonly string[], columns: readonly Column[], node: BoundNode): string => {
  if (sql.length !== columns.length) throw new UnknownKql('the columns of this summarize', node);
  return columns
    .map((column, index) => `${sql[index] ?? missing(column.type)} AS ${identifier(column.name)}`)
    .join(', ');
};

/** `summarize … by …`. Without `by`, one row even for empty input; with it, a row per group only. */
export const summarizeSql = (node: BoundNode, step: Step): string => {
  const { scalar } = step;
  if (items(node, 'Parameters').length > 0) throw new UnknownKql('a summarize hint', node);
  const byClause = optionalPart(node, 'ByClause');
  const by = byClause === undefined ? [] : items(byClause, 'Expressions');
  const keys = by.map((key) => scalar(bare(key)));
  const values = items(node, 'Aggregates').flatMap((aggregate) =>
    outputOf(aggregate, scalar, hasStar(aggregate) ? starColumns(step, by, aggregate) : []),
  );
  const group = by.length === 0 ? '' : ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}`;
  return `SELECT ${named([...keys, ...values], step.output, node)} FROM ${step.from}${group}`;
};
