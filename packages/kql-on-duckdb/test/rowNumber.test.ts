import { afterAll, expect, it } from 'vitest';
import { kqlDatabase } from '../src/database.ts';
import { sampleTables } from './sampleTables.ts';

const INPUT = 'let T = datatable(k:string, n:long)["a", 1, "a", 3, "b", long(null)];';

const database = await kqlDatabase(sampleTables);
afterAll(() => database.close());

it.each([
  [
    'numbers rows in the order in which they were sorted, anew after some were left out',
    'order by n asc | extend r = row_number() | where k != "a" or r > 2 | extend s = min_of(row_number(), 9)',
    [
      { k: 'b', n: null, r: 1, s: 1 },
      { k: 'a', n: 3, r: 3, s: 2 },
    ],
  ],
  [
    'stops at the number that it is bounded by',
    'order by n desc | extend r = min_of(row_number(), 2) | summarize c = count() by r | order by r asc',
    [
      { r: 1, c: 1 },
      { r: 2, c: 2 },
    ],
  ],
  [
    'begins anew with each value of the first column',
    'order by k asc, n desc | extend r = row_number(1, k != prev(k)) | order by r asc, k asc',
    [
      { k: 'a', n: 3, r: 1 },
      { k: 'b', n: null, r: 1 },
      { k: 'a', n: 1, r: 2 },
    ],
  ],
])('row_number %s', async (_what, kql, expected) => {
  expect((await database.query(`${INPUT}\nT | ${kql}`, 0)).rows).toEqual(expected);
});
