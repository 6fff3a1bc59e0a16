import { DuckDBInstance } from '@duckdb/node-api';
import type { Column, ScalarType } from './boundTree.ts';
import { type BindQuery, kqlLanguage } from './language.ts';
import { plannedInserts } from './plannedInserts.ts';
import { plannedQueries } from './plannedQueries.ts';
import { duckType, identifier } from './sql.ts';
import type { TableSchemas } from './tableSchemas.ts';
import { type TranslatedQuery, translate } from './translate.ts';

/** By column: datetimes are epoch milliseconds, timespans milliseconds, dynamic values parsed JSON. */
export type Row = Readonly<Record<string, unknown>>;

/** A row to insert, its values as in {@link Row}; columns that are left out get their empty value. */
export interface TableRow {
  readonly table: string;
  readonly values: Row;
}

export interface QueryResult {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** Tables in memory that are queried with KQL: a model of Kusto, and the README says how it differs. */
export interface KqlDatabase {
  /** Adds rows as they are, ahead of the next query; a column that the table does not have is refused. */
  readonly insertRows: (rows: readonly TableRow[]) => Promise<void>;
  /** Runs a query with `now()` at the given instant. Throws on a fault in it, and on unknown constructs. */
  readonly query: (kql: string, nowEpochMs: number) => Promise<QueryResult>;
  /** Parses and binds without running. */
  readonly bind: BindQuery;
  /** Empties every table. */
  readonly clear: () => Promise<void>;
  /** Frees the memory once what runs is done; no call may follow. */
  readonly close: () => Promise<void>;
}

export interface KqlDatabaseOptions {
  /** What `translate` gave for a query over these tables before; it is then neither parsed nor bound here. */
  readonly translated?: (kql: string) => TranslatedQuery | undefined;
}

const MOST_KEPT = 300;

const createTable = (name: string, columns: Readonly<Record<string, string>>): string =>
  `CREATE TABLE ${identifier(name)} (${Object.entries(columns)
    .map(([column, type]) => `${identifier(column)} ${duckType(type as ScalarType)}`)
    .join(', ')})`;

const readable = ({ name, type }: Column): string => {
  const column = identifier(name);
  if (type === 'datetime') return `CAST(epoch_ms(${column}) AS DOUBLE) AS ${column}`;
  if (type === 'timespan') return `${column} / 1000.0::DOUBLE AS ${column}`;
  if (type === 'dynamic') return `CAST(${column} AS VARCHAR) AS ${column}`;
  return type === 'long' || type === 'int' ? `CAST(${column} AS DOUBLE) AS ${column}` : column;
};

const querySql = ({ sql, columns }: TranslatedQuery): string =>
  `SELECT ${columns.map(readable).join(', ')} FROM (${sql})`;

const decode = (columns: readonly Column[], row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(
    columns.map(({ name, type }) => {
      const value = row[name];
      return [name, type === 'dynamic' && typeof value === 'string' ? JSON.parse(value) : value];
    }),
  );

const refuseStrangers = ({ table, values }: TableRow, tables: TableSchemas): void => {
  const columns = tables[table] ?? {};
  const stranger = Object.keys(values).find((column) => !Object.hasOwn(columns, column));
  if (stranger !== undefined) throw new Error(`${table} has no column ${stranger}`);
};

/**
 * For one thread DuckDB begins each GROUP BY with a hash table as large as the caches of all cores, for eight with a
 * smaller one. All eight are external, so that it starts none: the caller does the work alone.
 */
const THREADS = { threads: '8', external_threads: '8' };

const SETTINGS = [
  // A plan is kept while the tables change under it, so none may rest on what a table holds; and over a few thousand
  // rows optimizing takes longer than all that it saves: no column is in the SQL that nobody reads.
  'PRAGMA disable_optimizer',
  // Text without an offset is UTC in Kusto, whatever this machine's zone is.
  "SET TimeZone = 'UTC'",
];

type OfQuery<V> = (kql: string) => V;

/** The same few queries are run again and again. */
const kept = <V>(make: OfQuery<V>): OfQuery<V> => {
  const values = new Map<string, V>();
  return (kql) => {
    const value = values.get(kql) ?? make(kql);
    if (values.size < MOST_KEPT) values.set(kql, value);
    return value;
  };
};

interface Translator {
  readonly bind: BindQuery;
  readonly translate: OfQuery<TranslatedQuery>;
}

const translatorOver = (tables: TableSchemas): Translator => {
  let language: BindQuery | undefined;
  const bind = kept((kql) => {
    language ??= kqlLanguage(tables);
    return language(kql);
  });
  return { bind, translate: kept((kql) => translate(bind(kql))) };
};

/** Databases over the same tables share what they have bound: that costs far more than running it. */
const translators = new WeakMap<TableSchemas, Translator>();

/** Opens an empty database with these tables. */
export const kqlDatabase = async (
  tables: TableSchemas,
  { translated = () => undefined }: KqlDatabaseOptions = {},
): Promise<KqlDatabase> => {
  const instance = await DuckDBInstance.create(':memory:', THREADS);
  const connection = await instance.connect();
  for (const setting of SETTINGS) await connection.run(setting);
  for (const [name, columns] of Object.entries(tables)) await connection.run(createTable(name, columns));
  const translator = translators.get(tables) ?? translatorOver(tables);
  translators.set(tables, translator);
  const queries = await plannedQueries(connection);
  const inserts = await plannedInserts(connection, tables);
  const filled = new Set<string>();
  let added: TableRow[] = [];
  let inserted: Promise<unknown> = Promise.resolve();

  /** At once what came in small batches: each of them would cost as much. */
  const insertAdded = (): Promise<void> => {
    const inserting = inserted.then(async () => {
      const byTable = Map.groupBy(added, ({ table }) => table);
      added = [];
      for (const [table, rows] of byTable) {
        filled.add(table);
        await inserts.run(
          table,
          rows.map(({ values }) => values),
        );
      }
    });
    inserted = inserting.catch(() => undefined);
    return inserting;
  };

  return {
    insertRows: async (rows) => {
      for (const row of rows) refuseStrangers(row, tables);
      added = added.concat(rows);
    },
    query: async (kql, nowEpochMs) => {
      await insertAdded();
      const query = translated(kql) ?? translator.translate(kql);
      const { columns } = query;
      const rows = await queries.run(kql, () => querySql(query), nowEpochMs);
      return { columns, rows: rows.map((row) => decode(columns, row)) };
    },
    bind: translator.bind,
    clear: async () => {
      added = [];
      await inserted;
      for (const name of filled) await connection.run(`DELETE FROM ${identifier(name)}`);
      filled.clear();
    },
    close: async () => {
      await inserted;
      await Promise.all([queries.close(), inserts.close()]);
      connection.closeSync();
      instance.closeSync();
    },
  };
};
