import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';

/** Statements of one connection that read a row which is written before each run. */
export interface PlannedStatements {
  /** Writes the row and runs the statement of that key, whose SQL is made on the first call. */
  readonly run: <T>(
    key: string,
    sql: () => string,
    row: () => Promise<unknown>,
    run: (statement: DuckDBPreparedStatement) => Promise<T>,
  ) => Promise<T>;
  /** Frees the plans once what runs is done; no call may follow. */
  readonly close: () => Promise<void>;
}

const MOST_KEPT = 100;

/**
 * Plans each statement once: over a few rows planning takes five times as long as running. That is why what changes
 * from run to run is a row of a table: DuckDB plans anew for every parameter value.
 */
export const plannedStatements = (connection: DuckDBConnection): PlannedStatements => {
  const kept = new Map<string, DuckDBPreparedStatement>();
  // One row for all of them, so each waits for the one before.
  let last: Promise<unknown> = Promise.resolve();

  const runAlone: PlannedStatements['run'] = async (key, sql, row, run) => {
    await row();
    const statement = kept.get(key) ?? (await connection.prepare(sql()));
    if (kept.size < MOST_KEPT) kept.set(key, statement);
    try {
      return await run(statement);
    } finally {
      if (!kept.has(key)) statement.destroySync();
    }
  };

  return {
    run: (...given) => {
      const running = last.then(() => runAlone(...given));
      last = running.catch(() => undefined);
      return running;
    },
    close: async () => {
      await last;
      for (const statement of kept.values()) statement.destroySync();
      kept.clear();
    },
  };
};
