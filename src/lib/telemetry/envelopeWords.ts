import { isRecord } from '../kernel/isRecord.ts';

/**
 * What ingestion insists on in an item (`Microsoft.ApplicationInsights.*`) and refuses the batch without:
 * the SDK writes it, and nothing of it comes from outside.
 */
export const ENVELOPE_WORDS: readonly string[] = [
  ...[
    'sampleRate',
    'baseType',
    'baseData',
    'properties',
    'measurements',
    'metrics',
    'dataPointType',
    'stdDev',
  ],
  ...['exceptions', 'typeName', 'message', 'hasFullStack', 'parsedStack', 'severityLevel'],
  ...['resultCode', 'responseCode', 'success', 'target', 'duration', 'namespace', 'source'],
  ...['EventData', 'MetricData', 'ExceptionData', 'MessageData', 'RequestData', 'RemoteDependencyData'],
  ...['Verbose', 'Information', 'Warning', 'Critical', 'Aggregation', 'Measurement'],
];

interface Item {
  readonly name?: unknown;
  readonly time?: unknown;
  readonly iKey?: unknown;
  readonly data: { readonly baseType: string; readonly baseData: object };
}

const isItem = (value: unknown): value is Item =>
  isRecord(value) &&
  isRecord(value['data']) &&
  typeof value['data']['baseType'] === 'string' &&
  isRecord(value['data']['baseData']);

/** Puts back what the SDK itself wrote into an item: name, time, key, base type and duration. */
export const withItsFrame = <T>(item: T, redacted: T): T => {
  if (!isItem(item) || !isItem(redacted)) return redacted;
  const frame = (given: object, members: readonly string[]) =>
    Object.fromEntries(
      members
        .filter((name) => Object.hasOwn(given, name))
        .map((name) => [name, given[name as keyof typeof given]]),
    );
  return {
    ...redacted,
    ...frame(item, ['name', 'time', 'iKey']),
    data: {
      ...redacted.data,
      baseType: item.data.baseType,
      baseData: { ...redacted.data.baseData, ...frame(item.data.baseData, ['duration']) },
    },
  };
};
