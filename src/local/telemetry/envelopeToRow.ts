import type { TableRow } from 'kql-on-duckdb';
import type { Envelope, EnvelopeData } from './envelope.ts';

const SEVERITY: Readonly<Record<string, number>> = {
  Verbose: 0,
  Information: 1,
  Warning: 2,
  Error: 3,
  Critical: 4,
};

/** `d.hh:mm:ss.fff` in milliseconds. */
const durationMs = (text: unknown): number => {
  const found = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(String(text ?? ''));
  if (found === null) return 0;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = found;
  return (
    Math.round((((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1e6) /
    1e3
  );
};

const common = (envelope: Envelope, base: EnvelopeData): Record<string, unknown> => {
  const { tags } = envelope;
  const sampleRate = envelope.sampleRate ?? 100;
  return {
    TimeGenerated: Date.parse(envelope.time),
    ItemCount: sampleRate > 0 ? Math.round(100 / sampleRate) : 1,
    AppRoleName: tags['ai.cloud.role'],
    AppRoleInstance: tags['ai.cloud.roleInstance'],
    AppVersion: tags['ai.application.ver'],
    OperationId: tags['ai.operation.id'],
    OperationName: tags['ai.operation.name'],
    ParentId: tags['ai.operation.parentId'],
    ClientIP: tags['ai.location.ip'],
    SDKVersion: tags['ai.internal.sdkVersion'],
    IKey: envelope.iKey,
    Properties: base.properties ?? {},
  };
};

type Mapping = (base: EnvelopeData) => { table: string; items: readonly Record<string, unknown>[] };

const item = (table: string, values: Record<string, unknown>) => ({ table, items: [values] });

const called = ({ id, name, success, duration }: EnvelopeData) => ({
  Id: id,
  Name: name,
  Success: success,
  DurationMs: durationMs(duration),
});

const MAPPINGS: Readonly<Record<string, Mapping>> = {
  RequestData: (base) =>
    item('AppRequests', { ...called(base), Url: base.url, ResultCode: base.responseCode }),
  RemoteDependencyData: (base) =>
    item('AppDependencies', {
      ...called(base),
      Target: base.target,
      Data: base.data,
      DependencyType: base.type,
      ResultCode: base.resultCode,
    }),
  EventData: (base) => item('AppEvents', { Name: base.name }),
  MessageData: (base) =>
    item('AppTraces', { Message: base.message, SeverityLevel: SEVERITY[base.severityLevel ?? ''] ?? null }),
  ExceptionData: (base) => {
    const outer = base.exceptions?.[0];
    const innermost = base.exceptions?.at(-1);
    return item('AppExceptions', {
      ExceptionType: outer?.typeName,
      OuterType: outer?.typeName,
      OuterMessage: outer?.message,
      InnermostType: innermost?.typeName,
      InnermostMessage: innermost?.message,
      Details: base.exceptions ?? [],
      SeverityLevel: SEVERITY[base.severityLevel ?? ''] ?? null,
    });
  },
  MetricData: ({ metrics = [] }) => ({
    table: 'AppMetrics',
    items: metrics.map((metric) => ({
      Name: metric.name,
      Sum: metric.value,
      Min: metric.min ?? metric.value,
      Max: metric.max ?? metric.value,
      ItemCount: metric.count ?? 1,
    })),
  }),
};

/**
 * The rows that an item becomes in the workspace: a model of Application Insights' ingestion, written
 * from the public table references. A metric item may hold several points; every other item is one row.
 * Throws for an item of a kind that it does not know.
 */
export const envelopeToRows = (envelope: Envelope): TableRow[] => {
  const { baseType, baseData } = envelope.data;
  const mapping = MAPPINGS[baseType];
  if (mapping === undefined) throw new Error(`no table is known for telemetry of type "${baseType}"`);
  const { table, items } = mapping(baseData);
  const shared = common(envelope, baseData);
  // Of the tables that items go to, only AppMetrics has no such column.
  const measured = table === 'AppMetrics' ? {} : { Measurements: baseData.measurements ?? {} };
  return items.map((values) => ({ table, values: { ...shared, ...measured, Type: table, ...values } }));
};
