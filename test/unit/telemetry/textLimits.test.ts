import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../src/lib/telemetry/catalog.ts';
import { cutToBytes, withinLimits } from '../../../src/lib/telemetry/textLimits.ts';
import { anyText } from '../../fakes/anyText.ts';

const text = fc.oneof(
  anyText({ maxLength: 400 }),
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

describe('the properties of one item together', () => {
  const bytesOf = (attributes: object) => Buffer.byteLength(JSON.stringify(attributes));

  it('stay within what the service keeps of them, and the short ones stay whole', () => {
    for (const text of ['x', 'ü', '\u0001', '"'])
      for (const count of [1, 9, 40]) {
        const long = Object.fromEntries(
          Array.from({ length: count }, (_, index) => [`long${index}`, text.repeat(9_000)]),
        );
        const cut = withinLimits({ ...long, credentialId: 'kv/secret/crm', daysLeft: 3 });
        expect(bytesOf(cut)).toBeLessThan(64_000);
        expect(cut).toMatchObject({ credentialId: 'kv/secret/crm', daysLeft: 3 });
        expect(String(cut['long0'])).toMatch(/… \[cut\]$/);
      }
  });

  it('are cut where they are too long in bytes alone, or all together alone', () => {
    expect(bytesOf(withinLimits({ wide: '漢'.repeat(3_000) }))).toBeLessThan(8_300);
    const keys = Array.from({ length: 40 }, (_, index) => `short${index}`);
    expect(
      bytesOf(withinLimits(Object.fromEntries(keys.map((key) => [key, 'x'.repeat(2_000)])))),
    ).toBeLessThan(64_000);
  });

  it('are as long as each may be while there is room', () => {
    const text = 'x'.repeat(8_000);
    expect(withinLimits({ a: text, b: text, c: text })).toEqual({ a: text, b: text, c: text });
  });

  it('leave the message of an exception the length of its own', () => {
    const message = 'x'.repeat(30_000);
    const cut = withinLimits({ 'exception.message': message, 'exception.stacktrace': message, a: 'b' });
    expect(cut).toEqual({ 'exception.message': message, 'exception.stacktrace': message, a: 'b' });
  });
});
