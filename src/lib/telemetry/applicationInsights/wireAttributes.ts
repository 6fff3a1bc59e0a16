import type { AttributeDefinition } from '../catalog.ts';

type WireValue = string | number | boolean;

const isoOf = (epochMs: number): string | undefined =>
  Math.abs(epochMs) <= 8.64e15 ? new Date(epochMs).toISOString() : undefined;

/**
 * Attributes as they go on the wire: only those that the catalog defines, instants as ISO 8601, absent
 * ones left out. What cannot be written counts as absent: no number, an instant beyond any calendar.
 */
export const wireAttributes = (
  definitions: Readonly<Record<string, AttributeDefinition>>,
  values: Readonly<Record<string, unknown>>,
): Record<string, WireValue> => {
  const written: Record<string, WireValue> = {};
  for (const name in definitions) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    if (typeof value === 'number' && !Number.isFinite(value)) continue;
    const wire = definitions[name]?.type === 'instant' ? isoOf(Number(value)) : (value as WireValue);
    if (wire !== undefined) written[name] = wire;
  }
  return written;
};
