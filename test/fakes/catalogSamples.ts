import type { AttributeDefinition } from '../../src/lib/telemetry/catalog.ts';

/** 2026-12-01T10:30:00Z */
export const SAMPLE_INSTANT_EPOCH_MS = 1_796_121_000_000;

/** A value for each attribute of a definition: the first of its values, or one of its type. */
export const sampleAttributes = (
  definitions: Readonly<Record<string, AttributeDefinition>>,
  { optional }: { optional: boolean },
): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(definitions)
      .filter(([, definition]) => optional || definition.optional === undefined)
      .map(([name, { type, values }]) => {
        if (type === 'instant') return [name, SAMPLE_INSTANT_EPOCH_MS];
        if (type === 'number') return [name, 42];
        if (type === 'boolean') return [name, true];
        return [name, values?.[0] ?? `some ${name}`];
      }),
  );

/** The same as ingestion gets it: text, instants in ISO 8601. */
export const asProperties = (
  definitions: Readonly<Record<string, AttributeDefinition>>,
  values: Readonly<Record<string, string | number | boolean>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      definitions[name]?.type === 'instant' ? '2026-12-01T10:30:00.000Z' : String(value),
    ]),
  );
