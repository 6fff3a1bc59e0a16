import { kqlDatabase } from 'kql-on-duckdb';

const database = await kqlDatabase({ Requests: { TimeGenerated: 'datetime', Name: 'string', Code: 'int' } });
const now = Date.UTC(2026, 0, 1, 12);
await database.insertRows([
  { table: 'Requests', values: { TimeGenerated: now - 60_000, Name: 'GET /orders', Code: 200 } },
  { table: 'Requests', values: { TimeGenerated: now - 30_000, Name: 'GET /orders', Code: 401 } },
]);
const { rows } = await database.query(
  'Requests | where TimeGenerated > ago(5m) | summarize Refused = countif(Code == 401) by Name',
  now,
);
console.log(rows);
await database.close();
