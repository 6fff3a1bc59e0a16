import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient, PipelinePolicy } from '@azure/core-rest-pipeline';
import type { HrTime } from '@opentelemetry/api';
import { clearEnvironment, setEnvironmentDefault } from '../../kernel/environment.ts';
import type { CommonAttributes, MetricName } from '../catalog.ts';
import { metrics as definitions } from '../metrics.ts';
import type { Operation } from '../operation.ts';
import { stopRemoteSettings } from './remoteSettings.ts';

type Attributes = Record<string, string | number | boolean>;

export interface SdkOptions {
  readonly connectionString: string;
  /** `AppRoleName` outside Azure; inside, it is the name of the site. */
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

interface Flushable {
  forceFlush?(): Promise<void>;
  getDelegate?(): Flushable;
}

/** A plain number of milliseconds would be read as time since the process started where it is small. */
const hrTime = (epochMs: number): HrTime => [
  Math.floor(epochMs / 1000),
  Math.round((epochMs % 1000) * 1_000_000),
];

/**
 * What only the environment can turn off. Set before the SDK is loaded, as it reads some of it then. What others put
 * there, often for the host or for every app of a company, comes before our options with it: a sampler, limits of
 * attributes and queues, `OTEL_SDK_DISABLED`, a file of settings. Alerts stand on what is sent.
 */
const setEnvironment = () => {
  clearEnvironment('OTEL_', 'APPLICATIONINSIGHTS_CONFIGURATION_');
  setEnvironmentDefault('APPLICATION_INSIGHTS_NO_STATSBEAT', '1');
  setEnvironmentDefault('APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED', 'true');
  setEnvironmentDefault('OTEL_NODE_RESOURCE_DETECTORS', 'none');
};

const NO_INSTRUMENTATION = Object.fromEntries(
  ['http', 'azureSdk', 'mongoDb', 'mySql', 'postgreSql', 'redis', 'redis4'].map((name) => [
    name,
    { enabled: false },
  ]),
);

const optionsFor = ({ connectionString, credential, httpClient, policy }: SdkOptions) => ({
  azureMonitorExporterOptions: {
    connectionString,
    // Telemetry would lie on disk in plain text, and a consumption plan loses the disk anyway.
    disableOfflineStorage: true,
    retryOptions: { maxRetries: 2, retryDelayInMs: 250, maxRetryDelayInMs: 4_000 },
    additionalPolicies: [{ policy, position: 'perCall' as const }],
    ...(credential === undefined ? {} : { credential }),
    ...(httpClient === undefined ? {} : { httpClient }),
  },
  // The default keeps five traces a second, and samplingRatio alone does not change that.
  tracesPerSecond: 0,
  samplingRatio: 1,
  enableStandardMetrics: false,
  enablePerformanceCounters: false,
  enableAutoCollectPerformance: false,
  enableLiveMetrics: false,
  // The Functions host reports what a function throws; a second handler would report it twice.
  enableAutoCollectExceptions: false,
  // Every call that matters is recorded by `httpCall`. The http instrumentation sees a call or not
  // depending on which module was loaded first, and then doubles it.
  instrumentationOptions: NO_INSTRUMENTATION,
});

/**
 * Loads and starts the Application Insights SDK: about 200 ms, so on the first fact and not before.
 * OpenTelemetry's providers are globals, so one process has one of these at a time.
 * @throws where the connection string has no valid key, or the OpenTelemetry packages do not fit.
 */
export const startSdk = async (options: SdkOptions): Promise<Sdk> => {
  setEnvironment();
  const { useAzureMonitor, shutdownAzureMonitor } = await import('applicationinsights');
  const { metrics, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } = await import(
    '@opentelemetry/api'
  );
  const { logs } = await import('@opentelemetry/api-logs');

  // Only with a site name does the SDK not ask the instance metadata endpoint who it is.
  const takeBack = setEnvironmentDefault('WEBSITE_SITE_NAME', options.roleName);
  try {
    useAzureMonitor(optionsFor(options));
  } finally {
    takeBack();
  }
  stopRemoteSettings();

  const logger = logs.getLogger('keywatch');
  const tracer = trace.getTracer('keywatch');
  const meter = metrics.getMeter('keywatch');
  // With a newer @opentelemetry/api than the SDK's own, every span and metric is dropped in silence.
  if (!tracer.startSpan('probe').isRecording())
    throw new Error('@opentelemetry/api does not fit the version that applicationinsights brings');

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
      : trace.setSpanContext(ROOT_CONTEXT, { ...operation, traceFlags: TraceFlags.SAMPLED, isRemote: true });

  const flushProvider = async (provider: unknown) => {
    const flushable = provider as Flushable;
    await (flushable.getDelegate?.() ?? flushable).forceFlush?.();
  };

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
      await Promise.allSettled([
        flushProvider(trace.getTracerProvider()),
        flushProvider(logs.getLoggerProvider()),
      ]);
    },
    async flushMetrics() {
      await flushProvider(metrics.getMeterProvider()).catch(() => undefined);
    },
    shutdown: shutdownAzureMonitor,
  };
};
