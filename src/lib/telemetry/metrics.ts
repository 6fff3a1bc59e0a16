import { provider } from './attributes.ts';
import { number, text } from './attributeTypes.ts';
import type { AttributeDefinition } from './catalog.ts';

interface MetricDefinition {
  readonly instrument: 'gauge' | 'counter' | 'histogram';
  /** UCUM, as OpenTelemetry writes it. */
  readonly unit: string;
  readonly meaning: string;
  readonly attributes: Readonly<Record<string, AttributeDefinition>>;
}

const vault = text('Name of the vault.');
const outcome = text('As in the event of the same subject.');

/**
 * Every custom metric (`AppMetrics`). Attributes have few values each: a metric name may have at most
 * 2,000 series, so what is per credential is an event and never an attribute here.
 */
export const metrics = {
  'keywatch.credentials': {
    instrument: 'gauge',
    unit: '{credential}',
    meaning: 'Credentials per vault and status after a complete scan, zeros included.',
    attributes: { vault, status: text('Status; each is sent every time.') },
  },
  'keywatch.scan.duration': {
    instrument: 'histogram',
    unit: 's',
    meaning: 'Duration of the scan of one vault.',
    attributes: { vault, outcome },
  },
  'keywatch.scan.pages': {
    instrument: 'counter',
    unit: '{page}',
    meaning: 'Pages listed.',
    attributes: { vault },
  },
  'keywatch.refresh.duration': {
    instrument: 'histogram',
    unit: 's',
    meaning: 'Duration of one refresh attempt.',
    attributes: { provider, outcome },
  },
  'keywatch.queue.poison': {
    instrument: 'gauge',
    unit: '{message}',
    meaning: 'Messages in a poison queue: work that was given up on.',
    attributes: { queue: text('Name of the poison queue.') },
  },
  'keywatch.telemetry.undelivered': {
    instrument: 'counter',
    unit: '{batch}',
    meaning: 'Batches that Application Insights did not accept, counted after the fact.',
    attributes: { httpStatus: number('Status of the answer, 0 where none came.') },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;
