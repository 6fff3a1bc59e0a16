import { describe, expect, it } from 'vitest';
import { kqlLanguage } from '../../../../src/local/kql/language.ts';
import { UnknownKql } from '../../../../src/local/kql/sql.ts';
import { workspaceTables } from '../../../../src/local/kql/tableSchemas.ts';
import { translate } from '../../../../src/local/kql/translate.ts';

const bind = kqlLanguage(workspaceTables);
const run = (kql: string) => () => translate(bind(kql));

/** Valid KQL that the translation does not know: it must refuse each, never guess. */
const UNKNOWN: readonly string[] = [
  'AppEvents | make-series count() on TimeGenerated step 1h',
  'AppEvents | parse Name with "a" b',
  'AppEvents | evaluate bag_unpack(Properties)',
  'AppEvents | evaluate pivot(Name)',
  'AppEvents | sample 5',
  'AppEvents | serialize r = row_number()',
  'AppEvents | extend r = row_number()',
  'AppEvents | where row_number() < 5',
  'AppEvents | order by Name asc | project r = row_number()',
  'AppEvents | order by Name asc | summarize count() by Name | extend r = row_number()',
  'AppEvents | order by Name asc | extend Name = "x" | extend r = row_number()',
  'AppEvents | order by Name asc | extend r = row_number(0)',
  'AppEvents | order by Name asc | extend r = row_number(1, Type != prev(Type))',
  'AppEvents | order by Name asc | extend r = row_number(1, Name != prev(Type))',
  'AppEvents | order by Name asc | extend r = row_number(1, ItemCount > 5)',
  'AppEvents | order by Name asc | extend p = prev(Name)',
  'AppEvents | mv-expand Properties',
  'AppEvents | mv-expand Properties to typeof(long)',
  'AppEvents | mv-expand split(Name, ",") to typeof(string)',
  'AppEvents | mv-expand kind=array Properties to typeof(string)',
  'AppEvents | mv-expand with_itemindex=i Properties to typeof(string)',
  'AppEvents | mv-expand Properties to typeof(string) limit 5',
  'AppEvents | mv-expand Properties to typeof(string), p = split(Name, ",") to typeof(string)',
  'AppEvents | mv-apply Properties to typeof(string) on (take 1)',
  'AppEvents | search "x"',
  'search "x"',
  'AppEvents | join AppTraces on OperationId',
  'AppEvents | join kind=innerunique AppTraces on OperationId',
  'AppEvents | join kind=fullouter AppTraces on OperationId',
  'AppEvents | join hint.strategy=broadcast kind=inner AppTraces on OperationId',
  'AppEvents | lookup AppTraces on OperationId',
  'union withsource=s AppEvents, AppTraces',
  'union isfuzzy=true AppEvents, AppTraces',
  'AppEvents | summarize percentile(ItemCount, 95)',
  'AppEvents | summarize stdev(ItemCount)',
  'AppEvents | summarize hint.shufflekey=Name count() by Name',
  'AppEvents | summarize x = 1 + count()',
  'AppEvents | summarize make_set(Properties)',
  'AppEvents | summarize make_list(Name)',
  'AppEvents | extend b = iff(ItemCount > 1, true, false)',
  'AppEvents | order by Name asc | summarize make_list(Name)',
  'AppEvents | where Properties["a"] == "b"',
  'AppEvents | where tostring(Properties[Name]) == "b"',
  'AppEvents | where Name has Type',
  'AppEvents | where Name hasprefix "a"',
  'AppEvents | where Name has ""',
  'AppEvents | extend strcat(Name, "x")',
  'AppEvents | extend x = strcat(Name, ItemCount)',
  'AppEvents | extend x = tostring(1.5)',
  'AppEvents | extend x = real(nan)',
  'AppEvents | extend x = rand()',
  'AppEvents | extend x = ingestion_time()',
  'AppEvents | extend x = format_timespan(1h, "h")',
  'AppEvents | extend x = datetime_diff("week", now(), TimeGenerated)',
  'AppEvents | extend x = format_datetime(TimeGenerated, "ddd")',
  'AppEvents | extend x = split(Name, ",", 1)',
  'AppEvents | extend x = pack_array(Name, 1)',
  'AppEvents | extend x = decimal(1.5)',
  'AppEvents | extend x = dynamic({"a": datetime(2026-11-22)})',
  'AppEvents | extend name = 1',
  'let f = (a: long) { a + 1 }; print f(1)',
  'print toscalar(AppEvents | count)',
  'AppEvents | project A = Name, B = Type | as X',
  'print 1; print 2',
  'externaldata(a: string) ["https://example.com"]',
];

describe('the translation refuses', () => {
  it.each(UNKNOWN)('%s', (kql) => {
    expect(bind(kql).diagnostics.filter((found) => found.severity === 'Error')).toEqual([]);
    expect(run(kql)).toThrow(UnknownKql);
  });
});

/** What the language service itself refuses, by its code. */
const FAULTS: readonly (readonly [string, string])[] = [
  ['AppRequests | where resultCode == "401"', 'KS142'],
  ['AppRequest | count', 'KS204'],
  ['AppEvents | where TimeGenerated > 5', 'KS106'],
  ['AppEvents | wher Name == "x"', 'KS176'],
  ['AppMetrics | summarize max(Value)', 'KS142'],
];

describe('the language service refuses', () => {
  it.each(FAULTS)('%s (%s)', (kql, code) => {
    expect(bind(kql).diagnostics.map((found) => found.code)).toContain(code);
    expect(run(kql)).toThrow(code);
  });
});
