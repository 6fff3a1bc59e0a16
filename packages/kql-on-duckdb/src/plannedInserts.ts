import type { DuckDBConnection } from '@duckdb/node-api';
import type { ScalarType } from './boundTree.ts';
import { type PlannedStatements, plannedStatements } from './plannedStatements.ts';
import { duckType, identifier, missing } from './sql.ts';
import type { TableSchemas } from './tableSchemas.ts';

/** Insertion into the tables of one connection. */
export interface PlannedInserts extends Pick<PlannedStatements, 'close'> {
  /** Adds rows to a table; they have no column that it has not. */
  readonly run: (table: string, rows: readonly object[]) => Promise<void>;
}

/** How a column travels inside the JSON that carries a batch of rows. */
const carried = (type: ScalarType): string =>
  type === 'datetime' ? 'BIGINT' : type === 'dynamic' ? 'JSON' : duckType(type);

const stored = (column: string, type: ScalarType): string => {
  const value = `item.${identifier(column)}`;
  if (type === 'datetime') return `make_timestamp(${value} * 1000)`;
  return type === 'string' ? `coalesce(${value}, ${missing(type)})` : value;
};

/** Columns that no row of the batch has are not looked for in it: a table has forty, a row seldom ten. */
const insertSql = (
  table: string,
  columns: Readonly<Record<string, string>>,
  given: ReadonlySet<string>,
): string => {
  const entries = Object.entries(columns) as [string, ScalarType][];
  const shape = entries.filter(([name]) => given.has(name)).map(([name, type]) => [name, carried(type)]);
  const values = entries.map(([name, type]) => (given.has(name) ? stored(name, type) : missing(type)));
  const items = `unnest(from_json("rows", '${JSON.stringify([Object.fromEntries(shape)])}')) AS item`;
  return `INSERT INTO ${identifier(table)} SELECT ${values.join(', ')} FROM (SELECT ${items} FROM "$batch")`;
};

/** Plans the insertion of the same columns into a table once, for every batch. */
export const plannedInserts = async (
  connection: DuckDBConnection,
  tables: TableSchemas,
): Promise<PlannedInserts> => {
  await connection.run('CREATE TABLE "$batch" ("rows" JSON)');
  await connection.run(`INSERT INTO "$batch" VALUES ('[]')`);
  const { run, close } = plannedStatements(connection);
  return {
    async run(table, rows) {
      const given = new Set(rows.flatMap(Object.keys));
      await run(
        [table, ...given].join(),
        () => insertSql(table, tables[table] ?? {}, given),
        () => connection.run('UPDATE "$batch" SET "rows" = $1', [JSON.stringify(rows)]),
        (statement) => statement.run(),
      );
    },
    close,
  };
};
