import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/lib/telemetry/catalog.ts';
import { cutToBytes, withinLimits } from '../../../src/lib/telemetry/textLimits.ts';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ maxLength: 400 }),
  fc.constantFrom('é', '漢', '😀', 'x').map((character) => character.repeat(120)),
);

describe('a text that is longer than Application Insights takes', () => {
  it('is cut to whole characters, is marked, and fits; any other stays as it is', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 16, max: 300 }), (given, limit) => {
        const cut = cutToBytes(given, limit);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(Math.max(limit, 0));
        if (Buffer.byteLength(given) <= limit) {
          expect(cut).toBe(given);
          return;
        }
        expect(cut.endsWith('… [cut]')).toBe(true);
        const kept = cut.slice(0, -'… [cut]'.length);
        expect(given.toWellFormed().startsWith(kept)).toBe(true);
        expect(kept.isWellFormed()).toBe(true);
      }),
      { numRuns: 500, seed: 20261129 },
    );
  });

  it('keeps as much as its kind may have', () => {
    const long = 'x'.repeat(40_000);
    const cut = withinLimits({ detail: long, 'exception.message': long, 'exception.type': long, seq: 7 });
    expect(Object.values(cut).map((value) => String(value).length)).toEqual([8_190, 32_766, 1_022, 1]);
  });

  it('never has a name that is too long for one', () => {
    const definitions = [...Object.entries(catalog.events), ...Object.entries(catalog.metrics)];
    for (const [name, { attributes }] of definitions) {
      expect(name.length).toBeLessThanOrEqual(512);
      for (const key of Object.keys(attributes)) expect(key.length).toBeLessThanOrEqual(150);
    }
  });
});
