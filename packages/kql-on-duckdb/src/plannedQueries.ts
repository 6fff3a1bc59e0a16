import type { DuckDBConnection } from '@duckdb/node-api';
import { type PlannedStatements, plannedStatements } from './plannedStatements.ts';
import { timestamp } from './sql.ts';

/** Queries of one connection. */
export interface PlannedQueries extends Pick<PlannedStatements, 'close'> {
  /** Runs the query of that key with `NOW_SQL` at the given instant; its SQL is made on the first call. */
  readonly run: (
    key: string,
    sql: () => string,
    nowEpochMs: number,
  ) => Promise<Readonly<Record<string, unknown>>[]>;
}

/** Plans each query once, for every time at which it runs. */
export const plannedQueries = async (connection: DuckDBConnection): Promise<PlannedQueries> => {
  await connection.run('CREATE TABLE "$clock" ("now" TIMESTAMP)');
  const { run, close } = plannedStatements(connection);
  let clock: number | undefined;

  const setClock = async (nowEpochMs: number): Promise<void> => {
    if (clock === nowEpochMs) return;
    clock = nowEpochMs;
    await connection.run('DELETE FROM "$clock"');
    await connection.run(`INSERT INTO "$clock" VALUES (${timestamp(nowEpochMs)})`);
  };

  return {
    run: (key, sql, nowEpochMs) =>
      run(
        key,
        sql,
        () => setClock(nowEpochMs),
        async (statement) => (await statement.runAndReadAll()).getRowObjectsJS(),
      ),
    close,
  };
};
