import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { type ObservedGrant, staleRotation } from '../../../../src/lib/scan/rules/staleRotation.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const observed: ObservedGrant = {
  grantId: 'crm',
  writtenAtEpochMs: NOW - 10 * DAY_MS,
  expiresOnEpochMs: undefined,
  rotationCycleDays: undefined,
  idleDays: undefined,
};

describe('a grant that another system refreshes', () => {
  it('is stale exactly when its copy is older than its cycle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 800 }), (cycle, age) => {
        const grant = { ...observed, rotationCycleDays: cycle, writtenAtEpochMs: NOW - age * DAY_MS };
        expect(staleRotation(grant, NOW)?.code).toBe(age > cycle ? 'stale_rotation' : undefined);
      }),
    );
  });

  it('is judged by half of its life where no cycle is set', () => {
    const written = { ...observed, expiresOnEpochMs: NOW + 8 * DAY_MS };
    expect(staleRotation(written, NOW)?.detail).toContain('10 days old; its cycle allows 9 days');
    expect(staleRotation({ ...observed, idleDays: 90 }, NOW)).toBeUndefined();
  });

  it('is not judged when there is nothing to judge by', () => {
    expect(staleRotation(observed, NOW)).toBeUndefined();
    expect(
      staleRotation({ ...observed, rotationCycleDays: 1, writtenAtEpochMs: undefined }, NOW),
    ).toBeUndefined();
  });
});
