import { printable } from '../../kernel/printable.ts';

/** A gauge of the exposition. Its name ends in its unit, where it has one. */
export interface Gauge {
  readonly help: string;
  readonly unit?: 'seconds';
}

export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string | undefined>>;
}

export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

/** A label longer than this is cut: a name of others may be as long as they like. */
const LONGEST_LABEL = 200;

/**
 * The text of a scrape. Of samples that would be one series, the first is in it.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export const openMetricsText = <N extends string>(
  gauges: Readonly<Record<N, Gauge>>,
  samples: Readonly<Record<N, readonly Sample[]>>,
): string => {
  const lines = (Object.entries(gauges) as [N, Gauge][]).flatMap(([name, { help, unit }]) => {
    const series = new Map<string, number>();
    for (const { labels = {}, value } of samples[name]) {
      const key = `${name}${labelsText(labels)}`;
      if (!series.has(key)) series.set(key, value);
    }
    return [
      `# TYPE ${name} gauge`,
      ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
      `# HELP ${name} ${escaped(help)}`,
      ...[...series].map(([key, value]) => `${key} ${value}`),
    ];
  });
  return `${[...lines, '# EOF'].join('\n')}\n`;
};

/** A label without a value is none. */
const labelsText = (labels: NonNullable<Sample['labels']>): string => {
  const said = Object.entries(labels).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${escaped(printable(value, LONGEST_LABEL))}"`],
  );
  return said.length === 0 ? '' : `{${said.join(',')}}`;
};

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (character) => ESCAPES[character] ?? '');
