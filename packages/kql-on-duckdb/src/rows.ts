import { type BoundNode, type Column, walk } from './boundTree.ts';
import { identifier } from './sql.ts';

/** Names of columns that are read. */
export type Wanted = ReadonlySet<string>;

/** Rows as the FROM of a SELECT: a table or a step, and what has to hold of each row. */
export interface Rows {
  readonly from: string;
  readonly where: readonly string[];
}

export const fromSql = ({ from, where }: Rows): string =>
  where.length === 0 ? `FROM ${from}` : `FROM ${from} WHERE ${where.join(' AND ')}`;

export const namesOf = (columns: readonly Column[]): Wanted => new Set(columns.map(({ name }) => name));

/** The columns that an expression names. */
export const columnsNamed = (node: BoundNode): string[] =>
  [...walk(node)].flatMap(({ symbol }) => (symbol?.kind === 'ColumnSymbol' ? [symbol.name] : []));

/** The columns that are wanted; one in any case, as no SELECT is empty. */
export const wantedOf = (columns: readonly Column[], wanted: Wanted): readonly Column[] => {
  const found = columns.filter(({ name }) => wanted.has(name));
  return found.length > 0 ? found : columns.slice(0, 1);
};

export const asNamed = (sql: string, name: string): string => {
  const column = identifier(name);
  return sql === column ? column : `${sql} AS ${column}`;
};

/** The wanted columns of these rows as they are. */
export const plainSelect = (rows: Rows, columns: readonly Column[], wanted: Wanted): string =>
  `SELECT ${wantedOf(columns, wanted)
    .map(({ name }) => identifier(name))
    .join(', ')} ${fromSql(rows)}`;
