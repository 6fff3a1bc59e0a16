import { deployment } from './attributes.ts';
import { events } from './events.ts';
import { metrics } from './metrics.ts';

/**
 * The contract between what Keywatch sends and what alerts, workbook and auditors read.
 * docs/telemetry.md is generated from it; every query is checked against it.
 */
export const catalog = {
  /** On every event, metric, failure and call. */
  common: { deployment },
  events,
  metrics,
} as const;

export type CommonAttributes = { readonly [K in keyof typeof catalog.common]: string };

/** How an attribute's value is written: an instant is epoch milliseconds here and ISO 8601 on the wire. */
export type AttributeType = 'string' | 'number' | 'boolean' | 'instant';

export interface AttributeDefinition {
  readonly type: AttributeType;
  readonly meaning: string;
  readonly optional?: true;
  readonly unit?: string;
  readonly values?: readonly string[];
}

type ValueOf<A extends AttributeDefinition> = A extends { readonly values: readonly (infer V)[] }
  ? V
  : A['type'] extends 'string'
    ? string
    : A['type'] extends 'boolean'
      ? boolean
      : number;

/** The attributes of an event or metric as values: optional ones may be absent or `undefined`. */
export type AttributesOf<D extends Readonly<Record<string, AttributeDefinition>>> = {
  readonly [K in keyof D as D[K] extends { readonly optional: true } ? never : K]: ValueOf<D[K]>;
} & {
  readonly [K in keyof D as D[K] extends { readonly optional: true } ? K : never]?: ValueOf<D[K]> | undefined;
};

export type EventName = keyof typeof events;
export type EventAttributes<N extends EventName> = AttributesOf<(typeof events)[N]['attributes']>;

export type MetricName = keyof typeof metrics;
export type MetricAttributes<N extends MetricName> = AttributesOf<(typeof metrics)[N]['attributes']>;
