import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { describeClockSkew } from '../../../../src/lib/scan/rules/clockSkew.ts';

describe('the clock of this machine', () => {
  it.each([undefined, 0, 5 * 60_000, -5 * 60_000, Number.NaN])('is not complained of at %s ms', (skewMs) => {
    expect(describeClockSkew('kv', skewMs)).toBeUndefined();
  });

  it('is said to be a day ahead or behind, by which vault', () => {
    expect(describeClockSkew('kv', DAY_MS)).toBe(
      "This machine's clock is 1,440 minutes ahead of that of vault kv.",
    );
    expect(describeClockSkew('kv', -5 * 60_000 - 1)).toContain('5 minutes behind that');
  });
});
