import { type BoundNode, type Column, columnsOf, items, optionalPart, part } from './boundTree.ts';
import { identifier, type Scalar } from './sql.ts';
import { mvExpandSql } from './translateMvExpand.ts';
import { orderTerm, orderTerms } from './translateRowNumber.ts';
import { summarizeSql } from './translateSummarize.ts';
import { UnknownKql } from './unknownKql.ts';

/** An operator's place in the pipe: where its rows come from and which columns go in and out. */
export interface Step {
  readonly from: string;
  readonly input: readonly Column[];
  readonly output: readonly Column[];
  readonly scalar: Scalar;
}

const newName = (node: BoundNode): string => {
  if (node.kind === 'SimpleNamedExpression') return part(node, 'Name').symbol?.name ?? '';
  if (node.kind === 'NameReference') return node.symbol?.name ?? '';
  throw new UnknownKql('an expression without a name here', node);
};

const select = (columns: readonly string[], step: Step, rest = ''): string =>
  `SELECT ${columns.join(', ')} FROM ${step.from}${rest}`;

const extend = (node: BoundNode, step: Step): string => {
  const made = new Map(items(node, 'Expressions').map((item) => [newName(item), step.scalar(item)]));
  const columns = step.output.map(
    ({ name }) => `${made.get(name) ?? identifier(name)} AS ${identifier(name)}`,
  );
  return select(columns, step);
};

const project = (node: BoundNode, step: Step): string => {
  const expressions = items(node, 'Expressions');
  if (expressions.length !== step.output.length) throw new UnknownKql('the columns of this project', node);
  const columns = step.output.map(
    ({ name }, index) => `${step.scalar(expressions[index] ?? node)} AS ${identifier(name)}`,
  );
  return select(columns, step);
};

const rename = (node: BoundNode, step: Step): string => {
  const old = new Map(
    items(node, 'Expressions').map((item) => [newName(item), part(item, 'Expression').symbol?.name ?? '']),
  );
  const columns = step.output.map(
    ({ name }) => `${identifier(old.get(name) ?? name)} AS ${identifier(name)}`,
  );
  return select(columns, step);
};

/** project-away, project-keep, project-reorder: the binder has worked out what remains. */
const narrow = (_node: BoundNode, step: Step): string =>
  select(
    step.output.map(({ name }) => identifier(name)),
    step,
  );

const plain = (node: BoundNode): void => {
  if ((optionalPart(node, 'Parameters')?.children.length ?? 0) > 0)
    throw new UnknownKql(`a parameter of ${node.kind}`, node);
};

const all = ['*'];

/** The operators that need only their own input, by the binder's name. */
export const OPERATORS: Readonly<Record<string, (node: BoundNode, step: Step) => string>> = {
  FilterOperator: (node, step) => {
    plain(node);
    return select(all, step, ` WHERE ${step.scalar(part(node, 'Condition'))}`);
  },
  ExtendOperator: extend,
  ProjectOperator: project,
  ProjectRenameOperator: rename,
  ProjectAwayOperator: narrow,
  ProjectKeepOperator: narrow,
  ProjectReorderOperator: narrow,
  SummarizeOperator: summarizeSql,
  MvExpandOperator: mvExpandSql,
  DistinctOperator: (node, step) => {
    plain(node);
    const columns = items(node, 'Expressions').map((item) =>
      item.kind === 'StarExpression' ? '*' : `${step.scalar(item)} AS ${identifier(newName(item))}`,
    );
    return `SELECT DISTINCT ${columns.join(', ')} FROM ${step.from}`;
  },
  SortOperator: (node, step) => {
    plain(node);
    const terms = orderTerms(node, step.scalar).map(({ sql }) => sql);
    return select(all, step, ` ORDER BY ${terms.join(', ')}`);
  },
  TopOperator: (node, step) => {
    plain(node);
    const { sql } = orderTerm(part(node, 'ByExpression'), step.scalar);
    return select(all, step, ` ORDER BY ${sql} LIMIT ${step.scalar(part(node, 'Expression'))}`);
  },
  TakeOperator: (node, step) => {
    plain(node);
    return select(all, step, ` LIMIT ${step.scalar(part(node, 'Expression'))}`);
  },
  CountOperator: (node, step) => {
    plain(node);
    return `SELECT count(*) AS ${identifier(columnsOf(node)[0]?.name ?? 'Count')} FROM ${step.from}`;
  },
  // How a chart looks changes no row.
  RenderOperator: (_node, step) => select(all, step),
};
