/**
 * What the telemetry SDK loads whether it uses it or not, more than a half of all that it loads: exporters to other
 * systems and what would choose them, what watches other libraries, a snippet for browsers, a login for live metrics,
 * its older interface. Nobody gets one by the environment either: the variables of OpenTelemetry are cleared.
 */
export const UNUSED_LIBRARIES: readonly string[] = [
  ...['zipkin', 'prometheus'].map((name) => `@opentelemetry/exporter-${name}`),
  ...['trace', 'logs', 'metrics'].flatMap((signal) =>
    ['grpc', 'http', 'proto'].map((wire) => `@opentelemetry/exporter-${signal}-otlp-${wire}`),
  ),
  '@opentelemetry/otlp-exporter-base',
  '@opentelemetry/otlp-grpc-exporter-base',
  '@opentelemetry/configuration',
  ...['b3', 'jaeger'].map((name) => `@opentelemetry/propagator-${name}`),
  ...['bunyan', 'console', 'http', 'mongodb', 'mysql', 'pg', 'redis', 'winston'].map(
    (name) => `@opentelemetry/instrumentation-${name}`,
  ),
  '@opentelemetry/winston-transport',
  '@microsoft/applicationinsights-web-snippet',
  '@azure/identity',
  ...['applicationinsights', 'telemetryClient'].map((name) => `./shim/${name}`),
];
