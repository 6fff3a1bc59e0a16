import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { timestamp } from './sql.ts';

/** Queries of one connection. */
export interface PlannedQueries {
  /** Runs the query of that key with `NOW_SQL` at the given instant; its SQL is made on the first call. */
  readonly run: (
    key: string,
    sql: () => string,
    nowEpochMs: number,
  ) => Promise<Readonly<Record<string, unknown>>[]>;
  /** Frees the plans; no call may follow. */
  readonly close: () => void;
}

const MOST_KEPT = 100;

/**
 * Plans each query once: over a few rows planning takes five times as long as running. That is why now is
 * a row of a table: DuckDB plans anew for every parameter value.
 */
export const plannedQueries = async (connection: DuckDBConnection): Promise<PlannedQueries> => {
  await connection.run('CREATE TABLE "$clock" ("now" TIMESTAMP)');
  const kept = new Map<string, DuckDBPreparedStatement>();
  let clock: number | undefined;
  // One clock for all of them, so each query waits for the one before.
  let last: Promise<unknown> = Promise.resolve();

  const setClock = async (nowEpochMs: number): Promise<void> => {
    if (clock === nowEpochMs) return;
    clock = nowEpochMs;
    await connection.run('DELETE FROM "$clock"');
    await connection.run(`INSERT INTO "$clock" VALUES (${timestamp(nowEpochMs)})`);
  };

  const runNow: PlannedQueries['run'] = async (key, sql, nowEpochMs) => {
    await setClock(nowEpochMs);
    const statement = kept.get(key) ?? (await connection.prepare(sql()));
    if (kept.size < MOST_KEPT) kept.set(key, statement);
    try {
      return (await statement.runAndReadAll()).getRowObjectsJS();
    } finally {
      if (!kept.has(key)) statement.destroySync();
    }
  };

  return {
    run: (key, sql, nowEpochMs) => {
      const running = last.then(() => runNow(key, sql, nowEpochMs));
      last = running.catch(() => undefined);
      return running;
    },
    close: () => {
      for (const statement of kept.values()) statement.destroySync();
      kept.clear();
    },
  };
};
