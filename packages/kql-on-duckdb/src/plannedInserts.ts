import type { DuckDBConnection } from '@duckdb/node-api';
import type { ScalarType } from './boundTree.ts';
import { type PlannedStatements, plannedStatements } from './plannedStatements.ts';
import { duckType, identifier, missing, text } from './sql.ts';
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
  given: readonly string[],
): string => {
  const entries = Object.entries(columns) as [string, ScalarType][];
  const shape = entries.filter(([name]) => given.includes(name)).map(([name, type]) => [name, carried(type)]);
  const values = entries.map(([name, type]) => (given.includes(name) ? stored(name, type) : missing(type)));
  const items = `unnest(from_json("rows", ${text(JSON.stringify([Object.fromEntries(shape)]))})) AS item`;
  return `INSERT INTO ${identifier(table)} SELECT ${values.join(', ')} FROM (SELECT ${items} FROM "$batch")`;
};

/** The columns of a table that one of the rows has, in the order of the table; the first in any case, as JSON needs one. */
const columnsGiven = (columns: Readonly<Record<string, string>>, rows: readonly object[]): string[] => {
  const given = new Set(rows.flatMap(Object.keys));
  return Object.keys(columns).filter((name, index) => index === 0 || given.has(name));
};

/** DuckDB keeps what was overwritten for as long as its table is there. */
const MOST_OVERWRITTEN = 8_000_000;

/** Plans the insertion of the same columns into a table once, for every batch. */
export const plannedInserts = async (
  connection: DuckDBConnection,
  tables: TableSchemas,
): Promise<PlannedInserts> => {
  const { run, close } = plannedStatements(connection);
  let overwritten = 0;

  const beginBatches = async (): Promise<void> => {
    await connection.run('CREATE OR REPLACE TABLE "$batch" ("rows" JSON)');
    await connection.run(`INSERT INTO "$batch" VALUES ('[]')`);
    overwritten = 0;
  };
  const setBatch = async (rows: readonly object[]): Promise<void> => {
    if (overwritten > MOST_OVERWRITTEN) await beginBatches();
    const batch = JSON.stringify(rows);
    overwritten += batch.length;
    await connection.run('UPDATE "$batch" SET "rows" = $1', [batch]);
  };
  await beginBatches();

  return {
    async run(table, rows) {
      const columns = tables[table] ?? {};
      const given = columnsGiven(columns, rows);
      await run(
        JSON.stringify([table, ...given]),
        () => insertSql(table, columns, given),
        () => setBatch(rows),
        (statement) => statement.run(),
      );
    },
    close,
  };
};
