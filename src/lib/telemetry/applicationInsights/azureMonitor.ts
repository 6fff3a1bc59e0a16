import {
  AzureMonitorLogExporter,
  AzureMonitorMetricExporter,
  AzureMonitorTraceExporter,
} from '@azure/monitor-opentelemetry-exporter';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

type ExporterOptions = NonNullable<ConstructorParameters<typeof AzureMonitorLogExporter>[0]>;

/** OpenTelemetry's own providers, exporting to Azure Monitor. Nothing is sampled, and none is a global of the process. */
export const openProviders = (options: ExporterOptions, roleName: string) => {
  // The exporter makes AppRoleName of it.
  const resource = resourceFromAttributes({ 'service.name': roleName });
  const logs = new BatchLogRecordProcessor({ exporter: new AzureMonitorLogExporter(options) });
  const spans = new BatchSpanProcessor(new AzureMonitorTraceExporter(options));
  const reader = new PeriodicExportingMetricReader({ exporter: new AzureMonitorMetricExporter(options) });
  return {
    loggers: new LoggerProvider({ resource, processors: [logs] }),
    tracers: new BasicTracerProvider({ resource, sampler: new AlwaysOnSampler(), spanProcessors: [spans] }),
    meters: new MeterProvider({ resource, readers: [reader] }),
  };
};
