import { type BoundNode, type Column, items, optionalPart, part, walk } from './boundTree.ts';
import { asNamed, fromSql } from './rows.ts';
import { identifier, type Scalar } from './sql.ts';
import { type AggregateSql, aggregateSql } from './translateAggregates.ts';
import type { Step } from './translateTabular.ts';
import { UnknownKql } from './unknownKql.ts';

const bare = (node: BoundNode): BoundNode =>
  node.kind === 'SimpleNamedExpression' || node.kind === 'CompoundNamedExpression'
    ? part(node, 'Expression')
    : node;

const isAggregate = (node: BoundNode): boolean =>
  node.kind === 'FunctionCallExpression' && node.symbol?.kind === 'FunctionSymbol';

/** An aggregate, or arithmetic and functions over aggregates, e.g. `round(avg(x), 1)`. */
const outputOf = (node: BoundNode, scalar: Scalar, wanted: readonly string[]): AggregateSql => {
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

/** `summarize … by …`. Without `by`, one row even for empty input; with it, a row per group only. */
export const summarizeSql = (node: BoundNode, step: Step): string => {
  const { scalar, output } = step;
  if (items(node, 'Parameters').length > 0) throw new UnknownKql('a summarize hint', node);
  const byClause = optionalPart(node, 'ByClause');
  const by = byClause === undefined ? [] : items(byClause, 'Expressions');
  const keys = by.map((key) => scalar(bare(key)));
  const values = items(node, 'Aggregates').flatMap((aggregate) =>
    outputOf(aggregate, scalar, hasStar(aggregate) ? starColumns(step, by, aggregate) : []),
  );
  const made = [...keys, ...values];
  if (made.length !== output.length) throw new UnknownKql('the columns of this summarize', node);
  // The binder says how they are called, in order.
  const columns = made.flatMap((sql, at) => {
    const { name } = output[at] as Column;
    return at < keys.length || step.wanted.has(name) ? [asNamed(sql, name)] : [];
  });
  const group = by.length === 0 ? '' : ` GROUP BY ${keys.map((_, index) => index + 1).join(', ')}`;
  return `SELECT ${columns.join(', ')} ${fromSql(step.rows)}${group}`;
};
