import { type BoundNode, type Column, items, optionalPart, part } from './boundTree.ts';
import { identifier, missing } from './sql.ts';
import type { Step } from './translateTabular.ts';
import { UnknownKql } from './unknownKql.ts';

const kindOf = (node: BoundNode): string => {
  const parameters = items(node, 'Parameters');
  const kind = parameters.find((parameter) => part(parameter, 'Name').text === 'kind');
  if (parameters.length > (kind === undefined ? 0 : 1)) throw new UnknownKql('a join hint', node);
  return kind === undefined ? 'innerunique' : part(kind, 'Expression').text;
};

const sided = (node: BoundNode): [string, string] => {
  const [side, column] = [part(node, 'Expression').text, part(node, 'Selector').text];
  const alias = side === '$left' ? 'l' : side === '$right' ? 'r' : undefined;
  if (node.kind !== 'PathExpression' || alias === undefined)
    throw new UnknownKql('this join condition', node);
  return [alias, `${alias}.${identifier(column)}`];
};

const equation = (condition: BoundNode): string => {
  if (condition.kind === 'NameReference') {
    const name = identifier(condition.symbol?.name ?? condition.text);
    return `l.${name} = r.${name}`;
  }
  if (condition.kind !== 'BinaryExpression' || condition.symbol?.name !== 'Equal')
    throw new UnknownKql('this join condition', condition);
  const [[a, left], [b, right]] = [sided(part(condition, 'Left')), sided(part(condition, 'Right'))];
  if (a === b) throw new UnknownKql('a join condition on one side', condition);
  return `${left} = ${right}`;
};

const select = (
  columns: readonly Column[],
  output: readonly Column[],
  alias: string,
  empty: boolean,
): string =>
  columns
    .map((column, index) => {
      const source = `${alias}.${identifier(column.name)}`;
      const value = empty && column.type === 'string' ? `coalesce(${source}, ${missing('string')})` : source;
      return `${value} AS ${identifier(output[index]?.name ?? column.name)}`;
    })
    .join(', ');

/**
 * `join kind=inner|leftouter|leftanti|leftsemi|rightanti|rightsemi`. Kusto's default, innerunique, picks one
 * left row per key as it likes, so a query that leaves the kind out is refused.
 */
export const joinSql = (
  node: BoundNode,
  step: Step,
  right: string,
  rightColumns: readonly Column[],
): string => {
  const kind = kindOf(node);
  const clause = optionalPart(node, 'ConditionClause');
  if (clause?.kind !== 'JoinOnClause') throw new UnknownKql('a join without on', node);
  const on = items(clause, 'Expressions').map(equation).join(' AND ');
  const both = (outer: boolean): string => {
    const rightOutput = step.output.slice(step.input.length);
    return `SELECT ${select(step.input, step.output, 'l', false)}, ${select(rightColumns, rightOutput, 'r', outer)}`;
  };
  const exists = `EXISTS (SELECT 1 FROM ${right} r WHERE ${on})`;
  switch (kind) {
    case 'inner':
      return `${both(false)} FROM ${step.from} l JOIN ${right} r ON ${on}`;
    case 'leftouter':
      return `${both(true)} FROM ${step.from} l LEFT JOIN ${right} r ON ${on}`;
    case 'leftsemi':
      return `SELECT * FROM ${step.from} l WHERE ${exists}`;
    case 'leftanti':
      return `SELECT * FROM ${step.from} l WHERE NOT ${exists}`;
    default:
      throw new UnknownKql(`join kind=${kind}`, node);
  }
};
