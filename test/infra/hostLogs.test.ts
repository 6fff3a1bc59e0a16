import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alertQuery, alertRules } from '../../src/lib/alerts/alertRules.ts';

/** What host.json lets through, against what the alert rules read. */
const ROOT = join(import.meta.dirname, '../..');
const hostJson = JSON.parse(readFileSync(join(ROOT, 'host.json'), 'utf8'));
const { logLevel, applicationInsights } = hostJson.logging;

/** Tables that this process fills itself, by the SDK: no level of the host touches them. */
const OURS = ['AppEvents', 'AppMetrics', 'AppExceptions', 'AppDependencies'];
/** Tables that the host fills, and the category of the log that its rows come by. */
const OF_THE_HOST: Readonly<Record<string, string>> = { AppRequests: 'Host.Results', AppTraces: 'Function' };

/** Tables have a plural: `AppId` is a column. */
const tablesOf = (name: string): string[] => [
  ...new Set([...alertQuery(name).matchAll(/\b(App[A-Z][a-z]\w*s)\s*\|/g)].map(([, table = '']) => table)),
];

describe('the log levels of the host', () => {
  it.each(alertRules.map(({ name }) => name))('keep every row that %s reads', (name) => {
    const tables = tablesOf(name);
    expect(tables.length).toBeGreaterThan(0);
    const fromTheHost = tables.filter((table) => !OURS.includes(table));
    expect(fromTheHost.map((table) => logLevel[OF_THE_HOST[table] ?? table])).toEqual(
      fromTheHost.map(() => 'Information'),
    );
  });

  it('are read by at least one rule that needs the requests of the host', () => {
    expect(alertRules.flatMap(({ name }) => tablesOf(name))).toContain('AppRequests');
  });

  it('keep what functions log, for the runbooks, and leave out what nothing reads', () => {
    expect(logLevel).toEqual({
      default: 'Warning',
      Function: 'Information',
      'Host.Aggregator': 'Warning',
      'Host.Results': 'Information',
    });
  });

  it('go with a sampling that leaves out neither requests nor exceptions', () => {
    const { isEnabled, excludedTypes } = applicationInsights.samplingSettings;
    if (isEnabled) expect(excludedTypes.split(';')).toEqual(expect.arrayContaining(['Request', 'Exception']));
  });
});

it('has no member without effect on Flex Consumption', () => {
  expect(Object.keys(hostJson).sort()).toEqual([
    'extensionBundle',
    'extensions',
    'functionTimeout',
    'logging',
    'version',
  ]);
});
