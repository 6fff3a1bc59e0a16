import { type BoundNode, type Column, columnsOf, items, optionalPart, part } from './boundTree.ts';
import { asNamed, columnsNamed, fromSql, namesOf, plainSelect, type Rows, type Wanted } from './rows.ts';
import { identifier, type Scalar } from './sql.ts';
import { mvExpandSql } from './translateMvExpand.ts';
import { orderTerm, orderTerms } from './translateRowNumber.ts';
import { summarizeSql } from './translateSummarize.ts';
import { UnknownKql } from './unknownKql.ts';

/** An operator's place in the pipe: which columns go in and out, and which of those somebody reads. */
export interface Place {
  readonly input: readonly Column[];
  readonly output: readonly Column[];
  readonly wanted: Wanted;
}

/** And where its rows come from. */
export interface Step extends Place {
  readonly rows: Rows;
  readonly scalar: Scalar;
}

const newName = (node: BoundNode): string => {
  if (node.kind === 'SimpleNamedExpression') return part(node, 'Name').symbol?.name ?? '';
  if (node.kind === 'NameReference') return node.symbol?.name ?? '';
  throw new UnknownKql('an expression without a name here', node);
};

/** The wanted columns, each made by its SQL. */
const select = ({ output, wanted, rows }: Step, made: (name: string, index: number) => string): string => {
  const columns = output.flatMap(({ name }, index) =>
    wanted.has(name) ? [asNamed(made(name, index), name)] : [],
  );
  return `SELECT ${columns.join(', ')} ${fromSql(rows)}`;
};

const extend = (node: BoundNode, step: Step): string => {
  const made = new Map(items(node, 'Expressions').map((item) => [newName(item), step.scalar(item)]));
  return select(step, (name) => made.get(name) ?? identifier(name));
};

const project = (node: BoundNode, step: Step): string => {
  const expressions = items(node, 'Expressions');
  if (expressions.length !== step.output.length) throw new UnknownKql('the columns of this project', node);
  return select(step, (_, index) => step.scalar(expressions[index] ?? node));
};

const rename = (node: BoundNode, step: Step): string => {
  const old = new Map(
    items(node, 'Expressions').map((item) => [newName(item), part(item, 'Expression').symbol?.name ?? '']),
  );
  return select(step, (name) => identifier(old.get(name) ?? name));
};

/** project-away, project-keep, project-reorder: the binder has worked out what remains. */
const narrow = (_node: BoundNode, step: Step): string => select(step, identifier);

export const plain = (node: BoundNode): void => {
  if ((optionalPart(node, 'Parameters')?.children.length ?? 0) > 0)
    throw new UnknownKql(`a parameter of ${node.kind}`, node);
};

const rest = (step: Step, clause: string): string =>
  `${plainSelect(step.rows, step.output, step.wanted)}${clause}`;

/** What an operator reads of the rows that it is given. */
export const columnsRead = (node: BoundNode, { input, output, wanted }: Place): readonly string[] => {
  const expressions = () => items(node, 'Expressions');
  switch (node.kind) {
    case 'ProjectOperator':
      return expressions().flatMap((item, index) =>
        wanted.has(output[index]?.name ?? '') ? columnsNamed(item) : [],
      );
    case 'ExtendOperator':
      return [
        ...wanted,
        ...expressions().flatMap((item) => (wanted.has(newName(item)) ? columnsNamed(item) : [])),
      ];
    case 'DistinctOperator':
      return expressions().some(({ kind }) => kind === 'StarExpression')
        ? [...namesOf(input)]
        : columnsNamed(node);
    case 'CountOperator':
      return [];
    default:
      return [...wanted, ...columnsNamed(node)];
  }
};

/** The operators that need only their own input, by the binder's name. */
export const OPERATORS: Readonly<Record<string, (node: BoundNode, step: Step) => string>> = {
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
      item.kind === 'StarExpression' ? '*' : asNamed(step.scalar(item), newName(item)),
    );
    return `SELECT DISTINCT ${columns.join(', ')} ${fromSql(step.rows)}`;
  },
  SortOperator: (node, step) => {
    plain(node);
    const terms = orderTerms(node, step.scalar).map(({ sql }) => sql);
    return rest(step, ` ORDER BY ${terms.join(', ')}`);
  },
  TopOperator: (node, step) => {
    plain(node);
    const { sql } = orderTerm(part(node, 'ByExpression'), step.scalar);
    return rest(step, ` ORDER BY ${sql} LIMIT ${step.scalar(part(node, 'Expression'))}`);
  },
  TakeOperator: (node, step) => {
    plain(node);
    return rest(step, ` LIMIT ${step.scalar(part(node, 'Expression'))}`);
  },
  CountOperator: (node, step) => {
    plain(node);
    return `SELECT count(*) AS ${identifier(columnsOf(node)[0]?.name ?? 'Count')} ${fromSql(step.rows)}`;
  },
};
