import { type BoundNode, type Column, items, optionalPart, part } from './boundTree.ts';
import { plainSelect, type Rows, type Wanted } from './rows.ts';
import { identifier, missing } from './sql.ts';
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

/** One side of a join: its rows, their columns, and what they are called in what the join yields. */
export interface Side {
  readonly rows: Rows;
  readonly columns: readonly Column[];
  readonly output: readonly Column[];
  /** What is read of it, what it is joined on included. */
  readonly read: Wanted;
}

const from = ({ rows, columns, read }: Side, alias: string): string =>
  rows.where.length === 0 ? `${rows.from} ${alias}` : `(${plainSelect(rows, columns, read)}) ${alias}`;

const select = (
  { columns, output }: Side,
  { wanted, alias, empty }: { wanted: Wanted; alias: string; empty: boolean },
): string[] =>
  output.flatMap(({ name, type }, index) => {
    if (!wanted.has(name)) return [];
    const source = `${alias}.${identifier(columns[index]?.name ?? name)}`;
    const value = empty && type === 'string' ? `coalesce(${source}, ${missing('string')})` : source;
    return [`${value} AS ${identifier(name)}`];
  });

/**
 * `join kind=inner|leftouter|leftanti|leftsemi`. Kusto's default, innerunique, picks one left row per key as it likes,
 * so a query that leaves the kind out is refused.
 */
export const joinSql = (node: BoundNode, wanted: Wanted, left: Side, right: Side): string => {
  const kind = kindOf(node);
  const clause = optionalPart(node, 'ConditionClause');
  if (clause?.kind !== 'JoinOnClause') throw new UnknownKql('a join without on', node);
  const on = items(clause, 'Expressions').map(equation).join(' AND ');
  const [l, r] = [from(left, 'l'), from(right, 'r')];
  const ofLeft = select(left, { wanted, alias: 'l', empty: false });
  const both = (empty: boolean): string =>
    [...ofLeft, ...select(right, { wanted, alias: 'r', empty })].join(', ');
  const exists = `EXISTS (SELECT 1 FROM ${r} WHERE ${on})`;
  switch (kind) {
    case 'inner':
      return `SELECT ${both(false)} FROM ${l} JOIN ${r} ON ${on}`;
    case 'leftouter':
      return `SELECT ${both(true)} FROM ${l} LEFT JOIN ${r} ON ${on}`;
    case 'leftsemi':
      return `SELECT ${ofLeft.join(', ')} FROM ${l} WHERE ${exists}`;
    case 'leftanti':
      return `SELECT ${ofLeft.join(', ')} FROM ${l} WHERE NOT ${exists}`;
    default:
      throw new UnknownKql(`join kind=${kind}`, node);
  }
};
