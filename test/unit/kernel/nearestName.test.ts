import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestName } from '../../../src/lib/kernel/nearestName.ts';

const NAMES = ['vaults', 'defaults', 'providers', 'grants'];

describe('the name that was meant', () => {
  it.each([
    ['vault', 'vaults'],
    ['Vaults', 'vaults'],
    ['defualts', 'defaults'],
    ['provders', 'providers'],
    ['grnats', 'grants'],
  ])('of "%s" is %s', (given, meant) => expect(nearestName(given, NAMES)).toBe(meant));

  it.each(['', 'x', 'completely-different', 'secrets-of-mine'])('of "%s" is none', (given) => {
    expect(nearestName(given, NAMES)).toBeUndefined();
  });

  it('of something far longer than any name is none, and takes no time to find', () => {
    const given = 'v'.repeat(5_000_000);
    expect(nearestName(given, NAMES)).toBeUndefined();
  });

  it('is always one of those allowed', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.array(fc.string()), (given, allowed) => {
        const near = nearestName(given, allowed);
        expect(near === undefined || allowed.includes(near)).toBe(true);
      }),
    );
  });

  it('finds every name from one wrong letter', () => {
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), fc.nat(), (name, at) => {
        const index = at % name.length;
        expect(nearestName(`${name.slice(0, index)}#${name.slice(index + 1)}`, NAMES)).toBe(name);
      }),
    );
  });
});
