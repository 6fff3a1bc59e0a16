import { type AttributeDefinition, catalog } from '../src/lib/telemetry/catalog.ts';
import { callRecord, failureRecord } from '../src/lib/telemetry/records.ts';
import { markdownTable } from './markdownTable.ts';
import { eventQuery, metricQuery } from './telemetryQueries.ts';

type Attributes = Readonly<Record<string, AttributeDefinition>>;

const HEAD = `<!-- Made by \`npm run docs\` from src/lib/telemetry; edits here are lost. -->

# Telemetry

Everything that Keywatch sends to Application Insights, and where it is found in the Log Analytics
workspace behind it. Alert rules (\`infra/alerts\`), the workbook and the tests read the same catalog.

- **Nothing is sampled.** Count with \`sum(ItemCount)\` all the same: a workspace may sample at ingestion.
  Variables of OpenTelemetry (\`OTEL_…\`) and settings files of the SDK have no effect on what Keywatch sends.
- **Attributes are text in \`Properties\`**, whatever their type here: convert with \`todatetime\`,
  \`todouble\`, \`tobool\`. An absent attribute is left out, so \`tostring\` of it is empty. Instants are
  ISO 8601 in UTC; days left are computed in the query.
- **Two deployments may share one workspace**: everything carries the attribute \`deployment\` (below), and a
  query that does not group by it mixes them.
- **Nothing secret is in it.** Each batch is redacted as a whole just before it is sent: values in use as
  secrets (as they are, URL-encoded, JSON-escaped, in base64), and whatever looks like a token, a signature,
  a key, a password or a query string. \`[redacted]\` stands in their place. The links \`runbook\` and
  \`reconnectUrl\` keep their query and fragment: what could be a secret in them is refused where it is written.
- **Delivery is not guaranteed.** Batches that were refused are counted in \`keywatch.telemetry.undelivered\`
  and told by the next one that gets through. When nothing gets through, only the missed heartbeat tells;
  after the first failure no invocation waits for its telemetry until a batch gets through again.
- **An invocation and what it tells share an \`OperationId\`**: that of the host's row in AppRequests leads to
  the events, exceptions and calls of that invocation, and back. Metrics have none.
- **Nothing else is sent**: no live metrics, no statistics of the SDK, no performance counters, no calls that
  an instrumentation saw by itself. The SDK's poll of
  settings.sdk.monitor.azure.com is stopped, and taken out of what is deployed.`;

const typeOf = ({ type, unit }: AttributeDefinition): string =>
  unit === undefined ? type : `${type}, \`${unit}\``;

const meaningOf = ({ meaning, values, optional }: AttributeDefinition): string =>
  [
    meaning,
    values === undefined ? '' : `One of ${values.map((value) => `\`${value}\``).join(', ')}.`,
    optional === true ? '*May be absent.*' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');

const attributeTable = (attributes: Attributes): string =>
  markdownTable(
    ['attribute', 'type', 'meaning'],
    Object.entries(attributes).map(([name, definition]) => [
      `\`${name}\``,
      typeOf(definition),
      meaningOf(definition),
    ]),
  );

const columnTable = (columns: Readonly<Record<string, string>>): string =>
  markdownTable(
    ['column', 'meaning'],
    Object.entries(columns).map(([name, meaning]) => [`\`${name}\``, meaning]),
  );

const kusto = (query: string): string => `\`\`\`kusto\n${query}\n\`\`\``;

const INSTRUMENTS = {
  gauge: 'Gauge: `Sum` is the last value of the interval.',
  counter: 'Counter: `Sum` is the increase within the interval.',
  histogram: 'Histogram: `Sum`, `Min`, `Max` and `ItemCount` of the interval.',
} as const;

const eventSections = Object.entries(catalog.events).map(([name, { meaning, attributes }]) =>
  [
    `### ${name}`,
    meaning,
    attributeTable(attributes),
    kusto(eventQuery(name, { ...catalog.common, ...attributes })),
  ].join('\n\n'),
);

const metricSections = Object.entries(catalog.metrics).map(
  ([name, { meaning, unit, instrument, attributes }]) =>
    [
      `### ${name}`,
      `${meaning} Unit \`${unit}\`. ${INSTRUMENTS[instrument]}`,
      attributeTable(attributes),
      kusto(metricQuery(name, instrument, { ...catalog.common, ...attributes })),
    ].join('\n\n'),
);

const FAILURES = `AppExceptions
| where TimeGenerated > ago(1d) and isnotempty(Properties["code"])
| extend Deployment = tostring(Properties["deployment"]), Code = tostring(Properties["code"]), Permanence = tostring(Properties["permanence"]), CredentialId = tostring(Properties["credentialId"]), Action = tostring(Properties["action"])
| summarize Failures = sum(ItemCount), Last = max(TimeGenerated) by Deployment, Code, Permanence, CredentialId, Action
| order by Failures desc`;

const CALLS = `AppDependencies
| where TimeGenerated > ago(1d) and ResultCode == "401"
| extend Deployment = tostring(Properties["deployment"]), CredentialId = tostring(Properties["keywatch.credential_id"])
| summarize Refused = sum(ItemCount), Last = max(TimeGenerated) by Deployment, Target, CredentialId
| order by Refused desc`;

/** docs/telemetry.md, made from the catalog. */
export const telemetryDocument = (): string =>
  `${[
    HEAD,
    '## On everything',
    'Every event, metric, failure and call has these beside its own attributes.',
    attributeTable(catalog.common),
    '## Events (`AppEvents`)',
    ...eventSections,
    '## Metrics (`AppMetrics`)',
    'Sent once a minute and when a function ends. A metric has few values per attribute; what is per credential is an event.',
    ...metricSections,
    '## Failures (`AppExceptions`)',
    failureRecord.meaning,
    attributeTable(failureRecord.attributes),
    columnTable(failureRecord.columns),
    kusto(FAILURES),
    '## Calls (`AppDependencies`)',
    callRecord.meaning,
    attributeTable(callRecord.attributes),
    columnTable(callRecord.columns),
    kusto(CALLS),
  ].join('\n\n')}\n`;
