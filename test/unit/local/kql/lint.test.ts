import { describe, expect, it } from 'vitest';
import { kqlLanguage } from '../../../../src/local/kql/language.ts';
import { lintAlert, lintQuery } from '../../../../src/local/kql/lint.ts';
import { workspaceTables } from '../../../../src/local/kql/tableSchemas.ts';

const bind = kqlLanguage(workspaceTables);
const HEAD = '// Meaning: m\n// Do: d\n// Runbook: docs/runbooks/x.md\n';
const SCANS = 'AppEvents | where Name == "keywatch.scan.completed"';

/** A query that the language service accepts, and the lint rule that must object. */
const FAULTY: readonly (readonly [string, string])[] = [
  ['AppRequests | where ResultCode == 401', 'result-code'],
  ['AppDependencies | where 401 == ResultCode', 'result-code'],
  ['let w = 1d; AppRequests | where TimeGenerated > ago(w)', 'ago-literal'],
  ['AppRequests | where TimeGenerated > ago(7d)', 'lookback'],
  ['AppRequests | where TimeGenerated > ago(49h)', 'lookback'],
  ['AppEvents | evaluate bag_unpack(Properties)', 'forbidden'],
  ['AppEvents | evaluate pivot(Name)', 'forbidden'],
  ['AppEvents | extend AggregatedValue = 1', 'forbidden'],
  ['AppEvents | union AppRequests', 'forbidden'],
  ['union AppEvents, AppRequests', 'forbidden'],
  ['search "x"', 'forbidden'],
  ['AppRequests | summarize c = count() by Name', 'item-count'],
  ['AppRequests | where Name != "" | summarize countif(ResultCode == "401")', 'item-count'],
  ['AppEvents | where Name == "keywatch.scan.done"', 'signal'],
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
    expect(lintAlert(bind('AppEvents')).map((fault) => fault.rule)).toEqual(['head']);
  });

  it('accepts what is right, and lets a query that is no alert look back further', () => {
    const right = `${SCANS} | where TimeGenerated > ago(2d) | extend O = tostring(Properties["outcome"]) | where O == "failed" | summarize arg_max(TimeGenerated, O) by OperationId | summarize count()`;
    expect(lintAlert(bind(HEAD + right))).toEqual([]);
    expect(lintQuery(bind('AppEvents | where TimeGenerated > ago(30d)'))).toEqual([]);
  });
});
