import { describe, expect, it } from 'vitest';
import { kqlLanguage } from '../src/language.ts';
import { translate } from '../src/translate.ts';
import { UnknownKql } from '../src/unknownKql.ts';
import { sampleTables } from './sampleTables.ts';

const bind = kqlLanguage(sampleTables);

/** Valid KQL that the translation does not know: it must refuse each, never guess. */
const UNKNOWN: readonly string[] = [
  'Events | make-series count() on TimeGenerated step 1h',
  'Events | parse Name with "a" b',
  'Events | evaluate bag_unpack(Properties)',
  'Events | evaluate pivot(Name)',
  'Events | sample 5',
  'Events | serialize r = row_number()',
  'Events | extend r = row_number()',
  'Events | where row_number() < 5',
  'Events | order by Name asc | project r = row_number()',
  'Events | order by Name asc | summarize count() by Name | extend r = row_number()',
  'Events | order by Name asc | extend Name = "x" | extend r = row_number()',
  'Events | order by Name asc | extend r = row_number(0)',
  'Events | order by Name asc | extend r = row_number(1, Type != prev(Type))',
  'Events | order by Name asc | extend r = row_number(1, Name != prev(Type))',
  'Events | order by Name asc | extend r = row_number(1, ItemCount > 5)',
  'Events | order by Name asc | extend p = prev(Name)',
  'Events | mv-expand Properties',
  'Events | mv-expand Properties to typeof(long)',
  'Events | mv-expand split(Name, ",") to typeof(string)',
  'Events | mv-expand kind=array Properties to typeof(string)',
  'Events | mv-expand with_itemindex=i Properties to typeof(string)',
  'Events | mv-expand Properties to typeof(string) limit 5',
  'Events | mv-expand Properties to typeof(string), p = split(Name, ",") to typeof(string)',
  'Events | mv-apply Properties to typeof(string) on (take 1)',
  'Events | search "x"',
  'search "x"',
  'Events | join Traces on OperationId',
  'Events | join kind=innerunique Traces on OperationId',
  'Events | join kind=fullouter Traces on OperationId',
  'Events | join hint.strategy=broadcast kind=inner Traces on OperationId',
  'Events | lookup Traces on OperationId',
  'union withsource=s Events, Traces',
  'union isfuzzy=true Events, Traces',
  'Events | summarize percentile(ItemCount, 95)',
  'Events | summarize stdev(ItemCount)',
  'Events | summarize hint.shufflekey=Name count() by Name',
  'Events | summarize x = 1 + count()',
  'Events | summarize make_set(Properties)',
  'Events | summarize make_list(Name)',
  'Events | extend b = iff(ItemCount > 1, true, false)',
  'Events | order by Name asc | summarize make_list(Name)',
  'Events | where Properties["a"] == "b"',
  'Events | where tostring(Properties[Name]) == "b"',
  'Events | where Name has Type',
  'Events | where Name hasprefix "a"',
  'Events | where Name has ""',
  'Events | extend strcat(Name, "x")',
  'Events | extend x = strcat(Name, ItemCount)',
  'Events | extend x = tostring(1.5)',
  'Events | extend x = real(nan)',
  'Events | extend x = rand()',
  'Events | extend x = ingestion_time()',
  'Events | extend x = format_timespan(1h, "h")',
  'Events | extend x = datetime_diff("week", now(), TimeGenerated)',
  'Events | extend x = format_datetime(TimeGenerated, "ddd")',
  'Events | extend x = split(Name, ",", 1)',
  'Events | extend x = pack_array(Name, 1)',
  'Events | extend x = decimal(1.5)',
  'Events | extend x = dynamic({"a": datetime(2026-11-22)})',
  'Events | extend name = 1',
  'let f = (a: long) { a + 1 }; print f(1)',
  'print toscalar(Events | count)',
  'Events | project A = Name, B = Type | as X',
  'print 1; print 2',
  'externaldata(a: string) ["https://example.com"]',
];

describe('the translation refuses', () => {
  it.each(UNKNOWN)('%s', (kql) => {
    const query = bind(kql);
    expect(query.diagnostics.filter((found) => found.severity === 'Error')).toEqual([]);
    expect(() => translate(query)).toThrow(UnknownKql);
  });

  it('a command, which is no query', () => {
    expect(() => bind('.show tables')).toThrow(UnknownKql);
  });
});

/** What the language service itself refuses, by its code. */
const FAULTS: readonly (readonly [string, string])[] = [
  ['Requests | where resultCode == "401"', 'KS142'],
  ['Request | count', 'KS204'],
  ['Events | where TimeGenerated > 5', 'KS106'],
  ['Events | wher Name == "x"', 'KS176'],
  ['Metrics | summarize max(Value)', 'KS142'],
];

describe('the language service refuses', () => {
  it.each(FAULTS)('%s (%s)', (kql, code) => {
    const query = bind(kql);
    expect(query.diagnostics.map((found) => found.code)).toContain(code);
    expect(() => translate(query)).toThrow(code);
  });
});
