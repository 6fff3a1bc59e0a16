import type { AttributeDefinition } from '../src/lib/telemetry/catalog.ts';

type Attributes = Readonly<Record<string, AttributeDefinition>>;

const CONVERSIONS = {
  string: 'tostring',
  number: 'todouble',
  boolean: 'tobool',
  instant: 'todatetime',
} as const;

/** `credentialId` as a column: `CredentialId`; `warning`: `NearExpiry`. */
const columnOf = (attribute: string): string =>
  attribute
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const extend = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, { type }]) => `    ${columnOf(name)} = ${CONVERSIONS[type]}(Properties["${name}"])`)
    .join(',\n');

/** An event's attributes as columns of their own types. */
export const eventQuery = (name: string, attributes: Attributes): string =>
  `AppEvents
| where TimeGenerated > ago(1d) and Name == "${name}"
| project TimeGenerated, ItemCount,
${extend(attributes)}
| order by TimeGenerated desc`;

const AGGREGATES = {
  gauge: 'arg_max(TimeGenerated, Sum)',
  counter: 'Total = sum(Sum)',
  histogram: 'Mean = sum(Sum) / sum(ItemCount), Longest = max(Max), Times = sum(ItemCount)',
} as const;

/** What is usually asked of a metric: the last level, the total, or how long it took. */
export const metricQuery = (
  name: string,
  instrument: keyof typeof AGGREGATES,
  attributes: Attributes,
): string =>
  `AppMetrics
| where TimeGenerated > ago(1d) and Name == "${name}"
| extend
${extend(attributes)}
| summarize ${AGGREGATES[instrument]} by ${Object.keys(attributes).map(columnOf).join(', ')}`;
