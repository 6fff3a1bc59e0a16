import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelinePolicy } from '@azure/core-rest-pipeline';
import type { HrTime } from '@opentelemetry/api';
import { setEnvironmentDefault } from '../../kernel/environment.ts';
import type { CommonAttributes, MetricName } from '../catalog.ts';
import { metrics as definitions } from '../metrics.ts';
import type { Operation } from '../operation.ts';
import { stopRemoteSettings } from './remoteSettings.ts';

type Attributes = Record<string, string | number | boolean>;

export interface SdkOptions {
  readonly connectionString: string;
  /** `AppRoleName`. */
  readonly roleName: string;
  /** Added to everything that is recorded. */
  readonly common: CommonAttributes;
  readonly credential?: TokenCredential | undefined;
  /** Replaces the network: for the local capture and for tests. */
  readonly httpClient?: HttpClient | undefined;
  readonly policy: PipelinePolicy;
}

export interface LogItem {
  readonly kind: 'log';
  readonly epochMs: number;
  readonly severityNumber: number;
  readonly attributes: Attributes;
  readonly operation?: Operation | undefined;
}

export interface SpanItem {
  readonly kind: 'span';
  readonly name: string;
  readonly startEpochMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  readonly attributes: Attributes;
  readonly operation?: Operation | undefined;
}

/** The SDK, started. What it is given is recorded at once and sent later. */
export interface Sdk {
  record(item: LogItem | SpanItem): void;
  recordMetric(name: MetricName, value: number, attributes: Attributes): void;
  /** Sends logs and spans. Not to be called again before it ended: the SDK would return at once. */
  flushItems(): Promise<void>;
  flushMetrics(): Promise<void>;
  shutdown(): Promise<void>;
}

/** A plain number of milliseconds would be read as time since the process started where it is small. */
const hrTime = (epochMs: number): HrTime => [
  Math.floor(epochMs / 1000),
  Math.round((epochMs % 1000) * 1_000_000),
];

/** What only the environment can turn off. Set before the SDK is loaded, as it reads some of it then. */
const setEnvironment = () => {
  setEnvironmentDefault('APPLICATION_INSIGHTS_NO_STATSBEAT', '1');
  setEnvironmentDefault('APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED', 'true');
};

const exporterOptions = ({ connectionString, credential, httpClient, policy }: SdkOptions) => ({
  connectionString,
  // Telemetry would lie on disk in plain text, and a consumption plan loses the disk anyway.
  disableOfflineStorage: true,
  retryOptions: { maxRetries: 2, retryDelayInMs: 250, maxRetryDelayInMs: 4_000 },
  additionalPolicies: [{ policy, position: 'perCall' as const }],
  ...(credential === undefined ? {} : { credential }),
  ...(httpClient === undefined ? {} : { httpClient }),
});

/**
 * Loads the exporter of Azure Monitor and OpenTelemetry's own providers, on the first fact and not before. The
 * distribution that wraps them (`applicationinsights`) adds instrumentation, detectors and other exporters, of which
 * nothing is wanted here: every call that matters is recorded by `httpCall`, what a function throws by the host.
 * @throws where the connection string has no valid key
 */
export const startSdk = async (options: SdkOptions): Promise<Sdk> => {
  setEnvironment();
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } = await import('@opentelemetry/api');
  const { openProviders } = await import('./azureMonitor.ts');
  const { loggers, tracers, meters } = openProviders(exporterOptions(options), options.roleName);
  stopRemoteSettings();

  const logger = loggers.getLogger('keywatch');
  const tracer = tracers.getTracer('keywatch');
  const meter = meters.getMeter('keywatch');

  const instruments = new Map<MetricName, (value: number, attributes: Attributes) => void>();
  const instrumentOf = (name: MetricName) => {
    const { instrument, unit, meaning } = definitions[name];
    const description = { unit, description: meaning };
    if (instrument === 'counter') {
      const counter = meter.createCounter(name, description);
      return counter.add.bind(counter);
    }
    const recorder =
      instrument === 'gauge'
        ? meter.createGauge(name, description)
        : meter.createHistogram(name, description);
    return recorder.record.bind(recorder);
  };

  // Sampled, whatever the host decided of its own: nothing of ours is left out.
  const contextOf = (operation: Operation | undefined) =>
    operation === undefined
      ? ROOT_CONTEXT
      : trace.setSpanContext(ROOT_CONTEXT, {
          ...operation,
          traceFlags: TraceFlags.SAMPLED,
          isRemote: true,
        });

  return {
    record(item) {
      const attributes = { ...item.attributes, ...options.common };
      const context = contextOf(item.operation);
      if (item.kind === 'log') {
        const { severityNumber, epochMs } = item;
        logger.emit({ timestamp: hrTime(epochMs), severityNumber, attributes, context });
        return;
      }
      const { name, startEpochMs, durationMs, failed } = item;
      const startTime = hrTime(startEpochMs);
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }, context);
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end(hrTime(startEpochMs + durationMs));
    },
    recordMetric(name, value, attributes) {
      const recordValue = instruments.get(name) ?? instrumentOf(name);
      instruments.set(name, recordValue);
      recordValue(value, { ...attributes, ...options.common });
    },
    async flushItems() {
      await Promise.allSettled([tracers.forceFlush(), loggers.forceFlush()]);
    },
    async flushMetrics() {
      await meters.forceFlush().catch(() => undefined);
    },
    async shutdown() {
      await Promise.all([loggers.shutdown(), tracers.shutdown(), meters.shutdown()]);
    },
  };
};
