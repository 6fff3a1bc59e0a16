import { type BoundNode, type Column, columnsOf, items, part, scalarOf } from './boundTree.ts';
import { type Wanted, wantedOf } from './rows.ts';
import { duckType, identifier, missing, type Scalar } from './sql.ts';
import { UnknownKql } from './unknownKql.ts';

const empty = (columns: readonly Column[]): string =>
  `SELECT ${columns.map((column) => `${missing(column.type)} AS ${identifier(column.name)}`).join(', ')} WHERE FALSE`;

/** `datatable(…) […]` */
export const datatableSql = (node: BoundNode, scalar: Scalar): string => {
  const columns = columnsOf(node);
  const values = items(node, 'Values');
  if (values.length === 0) return empty(columns);
  if (values.length % columns.length !== 0) throw new UnknownKql('a datatable with a broken row', node);
  const rows = Array.from({ length: values.length / columns.length }, (_, row) =>
    columns
      .map((column, index) => {
        const value = values[row * columns.length + index];
        const sql = value === undefined ? missing(column.type) : scalar(value);
        return `CAST(${sql} AS ${duckType(column.type)}) AS ${identifier(column.name)}`;
      })
      .join(', '),
  );
  return rows.map((row) => `SELECT ${row}`).join(' UNION ALL ');
};

/** `print a = 1, b = "x"` */
export const printSql = (node: BoundNode, scalar: Scalar): string => {
  const columns = columnsOf(node);
  const expressions = items(node, 'Expressions');
  if (columns.length !== expressions.length) throw new UnknownKql('the columns of this print', node);
  return `SELECT ${columns.map((column, index) => `${scalar(expressions[index] ?? node)} AS ${identifier(column.name)}`).join(', ')}`;
};

/** `range x from a to b step c`, over whole numbers and datetimes. */
export const rangeSql = (node: BoundNode, scalar: Scalar): string => {
  const [column] = columnsOf(node);
  const [from, to, step] = [part(node, 'From'), part(node, 'To'), part(node, 'Step')];
  if (column === undefined) throw new UnknownKql('this range', node);
  const name = identifier(column.name);
  if (column.type === 'datetime' && scalarOf(step) === 'timespan') {
    const bounds = `epoch_us(${scalar(from)}), epoch_us(${scalar(to)}), ${scalar(step)}`;
    return `SELECT make_timestamp(value) AS ${name} FROM generate_series(${bounds}) AS t(value)`;
  }
  if (column.type !== 'long' && column.type !== 'int') throw new UnknownKql('a range of this type', node);
  const bounds = [from, to, step].map((bound) => `CAST(${scalar(bound)} AS BIGINT)`).join(', ');
  return `SELECT CAST(value AS ${duckType(column.type)}) AS ${name} FROM generate_series(${bounds}) AS t(value)`;
};

interface Leg {
  readonly has: readonly Column[];
  readonly output: readonly Column[];
  readonly wanted: Wanted;
  readonly node: BoundNode;
}

/** One leg of a union, with the columns of the whole: those it lacks are empty or null. */
export const unionLeg = (from: string, { has, output, wanted, node }: Leg): string => {
  for (const column of has)
    if (!output.some((other) => other.name === column.name && other.type === column.type))
      throw new UnknownKql(`a union whose legs disagree on the type of ${column.name}`, node);
  const select = wantedOf(output, wanted).map(({ name, type }) => {
    const own = has.some((other) => other.name === name);
    return own ? identifier(name) : `${missing(type)} AS ${identifier(name)}`;
  });
  return `SELECT ${select.join(', ')} ${from}`;
};
