import { describe, expect, it, onTestFinished } from 'vitest';
import { kqlDatabase } from '../src/database.ts';
import type { TableSchemas } from '../src/tableSchemas.ts';
import { sampleTables } from './sampleTables.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);

const opened = async (tables: TableSchemas = sampleTables) => {
  const database = await kqlDatabase(tables);
  onTestFinished(() => database.close());
  const rowsOf = async (kql: string) => (await database.query(kql, NOW)).rows;
  return { ...database, rowsOf };
};

describe('rows that are inserted', () => {
  it('without any column have the empty value of each', async () => {
    const { insertRows, rowsOf } = await opened();
    await insertRows([
      { table: 'Metrics', values: {} },
      { table: 'Metrics', values: { Max: 3 } },
    ]);
    expect(await rowsOf('Metrics | project Name, Max | order by Max asc')).toEqual([
      { Name: '', Max: null },
      { Name: '', Max: 3 },
    ]);
  });

  it.each([
    { how: 'at once', isAskedBetween: false },
    { how: 'one after the other', isAskedBetween: true },
  ])(
    '$how keep their values whatever the order of their columns, and whatever those are called',
    async ({ isAskedBetween }) => {
      const { insertRows, rowsOf } = await opened({
        T: { 'a,b': 'string', a: 'string', b: 'string', c: 'long' },
      });
      for (const values of [{ 'a,b': 'one' }, { a: 'two', b: 'three' }, { c: 4, b: 'five', a: 'six' }]) {
        await insertRows([{ table: 'T', values }]);
        if (isAskedBetween) await rowsOf('T | count');
      }
      expect(await rowsOf('T | project both = ["a,b"], a, b, n = c | order by a asc')).toEqual([
        { both: 'one', a: '', b: '', n: null },
        { both: '', a: 'six', b: 'five', n: 4 },
        { both: '', a: 'two', b: 'three', n: null },
      ]);
    },
  );

  it('are all there, however much was inserted before them', async () => {
    const { insertRows, rowsOf } = await opened();
    const batch = [{ table: 'Metrics', values: { Name: 'm'.repeat(3_000_000), Max: 1 } }];
    for (let turn = 1; turn <= 8; turn++) {
      await insertRows(batch);
      expect(await rowsOf('Metrics | summarize Sum = sum(Max)')).toEqual([{ Sum: turn }]);
    }
  });

  it.each(['Nmae', 'constructor', '__proto__'])('are refused with a column %s', async (column) => {
    const { insertRows } = await opened();
    const values = Object.fromEntries([[column, 'x']]);
    await expect(insertRows([{ table: 'Metrics', values }])).rejects.toThrow(
      `Metrics has no column ${column}`,
    );
  });

  it('arrive when the database is closed meanwhile, which waits for them', async () => {
    const database = await kqlDatabase(sampleTables);
    const rows = Array.from({ length: 20_000 }, (_, n) => ({
      table: 'Metrics',
      values: { Name: `m${n}`, Max: n },
    }));
    await database.insertRows(rows.slice(0, 1));
    const inserting = database.insertRows(rows);
    const asking = database.query('Metrics | count', NOW);
    await database.close();
    await expect(inserting).resolves.toBeUndefined();
    await expect(asking).resolves.toMatchObject({ columns: [{ name: 'Count' }] });
  });
});
