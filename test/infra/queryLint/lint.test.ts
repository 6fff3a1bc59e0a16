import { kqlLanguage } from 'kql-on-duckdb/language';
import { describe, expect, it } from 'vitest';
import { workspaceTables } from '../../../src/local/telemetry/workspaceTables.ts';
import { lintAlert, lintQuery } from './lint.ts';
import { lintDeployment } from './lintDeployment.ts';
import { lintReadable } from './lintReadable.ts';
import { mostRows } from './mostRows.ts';

const bind = kqlLanguage(workspaceTables);
const HEAD = '// Meaning: m\n// Do: d\n// Runbook: infra/alerts/x/runbook.md\n';
const SCANS = 'AppEvents | where Name == "keywatch.run.completed"';

/** A query that the language service accepts, and the lint rule that must object. */
const FAULTY: readonly (readonly [string, string])[] = [
  ['AppRequests | where ResultCode == 401', 'result-code'],
  ['AppDependencies | where 401 == ResultCode', 'result-code'],
  ['let w = 1d; AppRequests | where TimeGenerated > ago(w)', 'ago-literal'],
  ['AppRequests | where TimeGenerated > ago(7d)', 'lookback'],
  ['AppRequests | where TimeGenerated > ago(49h)', 'lookback'],
  ['AppRequests | where TimeGenerated > ago(2d)', 'future'],
  ['AppRequests | where TimeGenerated between (ago(2d) .. ago(1h))', 'future'],
  ['AppRequests | where Name == "x"', 'future'],
  ['AppEvents | evaluate bag_unpack(Properties)', 'forbidden'],
  ['AppEvents | evaluate pivot(Name)', 'forbidden'],
  ['AppEvents | extend AggregatedValue = 1', 'forbidden'],
  ['AppEvents | union AppRequests', 'forbidden'],
  ['union AppEvents, AppRequests', 'forbidden'],
  ['search "x"', 'forbidden'],
  ['AppRequests | summarize c = count() by Name', 'item-count'],
  ['AppRequests | where Name != "" | summarize countif(ResultCode == "401")', 'item-count'],
  ['AppEvents | where Name == "keywatch.run.done"', 'signal'],
  [`${SCANS} | where tostring(Properties["credential"]) == ""`, 'property'],
  [`${SCANS} | where tostring(Properties.out) == ""`, 'property'],
  ['AppMetrics | where Name == "keywatch.queue.poison" and tostring(Properties["vault"]) == ""', 'property'],
  [`${SCANS} | extend O = tostring(Properties["outcome"]) | where O == "ok"`, 'value'],
  [`${SCANS} | extend O = tostring(Properties["outcome"]) | where O !in ("complete", "fail")`, 'value'],
];

describe('the lint', () => {
  it.each(FAULTY)('objects to %s (%s)', (kql, rule) => {
    const query = bind(HEAD + kql);
    expect(query.diagnostics).toEqual([]);
    expect(lintAlert(query).map((fault) => fault.rule)).toContain(rule);
  });

  it('objects to an alert whose head does not say what it means and what to do', () => {
    expect(
      lintAlert(bind('AppEvents | where TimeGenerated between (ago(2d) .. now()) | take 5')).map(
        (fault) => fault.rule,
      ),
    ).toEqual(['head']);
  });

  it('accepts what is right, and lets a query that is no alert look back further', () => {
    const right = `AppEvents | where TimeGenerated between (ago(2d) .. now()) and Name == "keywatch.run.completed" | extend O = tostring(Properties["outcome"]) | where O == "failed" | extend Deployment = tostring(Properties["deployment"]) | summarize arg_max(TimeGenerated, O) by Deployment, OperationId | take 5`;
    expect(lintAlert(bind(HEAD + right))).toEqual([]);
    expect(lintQuery(bind('AppEvents | where TimeGenerated > ago(30d)'))).toEqual([]);
  });
});

const BOUNDED =
  'AppEvents | where TimeGenerated between (ago(2d) .. now()) | order by Name asc | extend P = min_of(row_number(), 200)';

describe('the bound of the rows that a query can yield', () => {
  it.each([
    [`${BOUNDED} | summarize arg_max(TimeGenerated, Name), N = count() by P`, 200],
    [
      `${BOUNDED} | summarize N = count() by P | extend X = P | where N > 1 | project P | order by P asc`,
      200,
    ],
    [`let Most = 20; ${BOUNDED.replace('200', 'Most')} | summarize count() by P`, 20],
    ['AppEvents | summarize count()', 1],
    ['AppEvents | top 7 by TimeGenerated | project Name', 7],
    ['AppEvents | take 9', 9],
  ])('%s: at most %i', (kql, most) => {
    expect(mostRows(bind(kql))).toBe(most);
  });

  it.each([
    'AppEvents',
    'AppEvents | summarize count() by Name',
    // Measured, it is one row; nothing proves it.
    'AppEvents | where Name == "one" | summarize count() by Name',
    `${BOUNDED} | summarize count() by P, Name`,
    `${BOUNDED} | summarize count() by P | join kind=inner AppTraces on $left.P == $right.SeverityLevel`,
    `${BOUNDED} | summarize a = make_set(Name) by P | mv-expand a to typeof(string)`,
    `${BOUNDED} | extend P = ItemCount | summarize count() by P`,
    `${BOUNDED} | summarize count() by Q = P + ItemCount`,
    'AppEvents | order by Name asc | extend P = row_number() | summarize count() by P',
    'AppEvents | order by Name asc | extend P = min_of(row_number(-5), 200) | summarize count() by P',
    'AppEvents | order by Name asc | extend P = max_of(row_number(), 200) | summarize count() by P',
    'AppEvents | order by Name asc | extend P = min_of(ItemCount, 200) | summarize count() by P',
    'AppEvents | order by Name asc | extend P = min_of(row_number(), ItemCount) | summarize count() by P',
    `let Most = toscalar(AppEvents | count); ${BOUNDED.replace('200', 'Most')} | summarize count() by P`,
    'AppEvents | take 9 | mv-expand Properties to typeof(string)',
  ])('nothing is proved of %s', (kql) => {
    const query = bind(kql);
    expect([query.diagnostics, mostRows(query)]).toEqual([[], undefined]);
  });

  it('over 200 is a fault of an alert', () => {
    const over = `${BOUNDED.replace('200', '201')} | summarize count() by P`;
    expect(lintAlert(bind(HEAD + over)).map((fault) => fault.rule)).toEqual(['bound']);
    expect(lintAlert(bind(`${HEAD}${BOUNDED} | summarize count() by P`))).toEqual([]);
  });
});

describe('what keeps the deployments of one workspace apart', () => {
  const rows = `${SCANS} | extend Deployment = tostring(Properties["deployment"])`;

  it.each([
    `${rows} | summarize count() by OperationId`,
    `${rows} | summarize count()`,
    `${rows} | distinct OperationId`,
    `${rows} | join kind=inner AppTraces on OperationId`,
    `let A = ${rows} | summarize N = count() by OperationId; ${rows} | summarize count() by Deployment`,
  ])('is missing in %s', (kql) => {
    expect(lintDeployment(bind(kql).root).map(({ rule }) => rule)).toEqual(['deployment']);
  });

  it.each([
    `${rows} | summarize count() by Deployment, OperationId`,
    `${rows} | distinct Deployment`,
    `${rows} | summarize count() by Deployment = tostring(Properties["deployment"])`,
    // Not what Keywatch sent.
    'AppRequests | summarize sum(ItemCount) by OperationId',
  ])('is there in %s', (kql) => {
    expect(lintDeployment(bind(kql).root)).toEqual([]);
  });
});

describe('what is written to be read', () => {
  it.each([
    ['AppEvents | take 20', 'number'],
    ['AppEvents | where ItemCount > 2.5', 'number'],
    ['AppEvents | where TimeGenerated > now() - 8h', 'number'],
    ['let Twice = 2 * 3; AppEvents | take Twice', 'number'],
    ['AppEvents | project Name, ItemCount', 'column'],
    ['AppEvents\n| extend\n    A = Name, B = ItemCount', 'column'],
    ['AppEvents | extend A = 1,\n    B = 1', 'column'],
    ['AppEvents | summarize sum(ItemCount), max(Name) by OperationId', 'column'],
    [`AppEvents | where Name == "${'x'.repeat(100)}"`, 'line'],
  ])('is not %s (%s)', (kql, rule) => {
    const query = bind(kql);
    expect([query.diagnostics, lintReadable(query).map((fault) => fault.rule)]).toEqual([
      [],
      expect.arrayContaining([rule]),
    ]);
  });

  it.each([
    'let Most = 20;\nAppEvents | take Most',
    'AppEvents | where TimeGenerated > ago(2d) and ItemCount > 1 | extend Days = (now() - TimeGenerated) / 1d',
    'AppEvents\n| summarize\n    sum(ItemCount),\n    max(Name)\n    by OperationId, Name',
    'datatable(A: string, B: long) ["a", 150]',
  ])('is %s', (kql) => {
    expect(lintReadable(bind(kql))).toEqual([]);
  });
});
