/**
 * The exporters to other systems and what would choose them, which the SDK loads whether it uses one or not: a half of
 * what it loads. Where they are left out, whoever asks for one by the environment (`OTEL_TRACES_EXPORTER`) gets none.
 */
export const OTHER_EXPORTERS: readonly string[] = [
  ...['zipkin', 'prometheus'].map((name) => `@opentelemetry/exporter-${name}`),
  ...['trace', 'logs', 'metrics'].flatMap((signal) =>
    ['grpc', 'http', 'proto'].map((wire) => `@opentelemetry/exporter-${signal}-otlp-${wire}`),
  ),
  '@opentelemetry/otlp-exporter-base',
  '@opentelemetry/otlp-grpc-exporter-base',
  '@opentelemetry/configuration',
];
