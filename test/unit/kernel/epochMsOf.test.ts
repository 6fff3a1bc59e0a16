import { expect, it } from 'vitest';
import { epochMsOf } from '../../../src/lib/kernel/epochMsOf.ts';

it('an instant of a store is one that a calendar has, or absent', () => {
  const at = new Date('2027-02-20T12:00:00Z');
  expect(epochMsOf(at)).toBe(at.getTime());
  // The SDK leaves 0 as the number that it was.
  expect(epochMsOf(0 as unknown as Date)).toBe(0);
  for (const none of [undefined, null, new Date('rubbish'), 9e15 as unknown as Date])
    expect(epochMsOf(none)).toBeUndefined();
});
