import { describe, expect, it } from 'vitest';
import { TAGS } from '../../../../src/lib/credentials/tagNames.ts';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { dueEpochMsOf, type VaultVersion } from '../../../../src/lib/rotate/rules/heldSecret.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const RULE = { lifetimeDays: 90, rotateAtShare: 0.5 };

const held = (madeDaysAgo: number, more: Partial<VaultVersion> = {}): VaultVersion => ({
  ...{ version: 'v1', tags: { [TAGS.keyId]: 'k1' }, expiresOnEpochMs: undefined },
  createdEpochMs: NOW - madeDaysAgo * DAY_MS,
  ...more,
});

const listed = (startDaysAgo: number, endDays: number | undefined) => [
  {
    ...{ type: 'secret' as const, keyId: 'k1', displayName: undefined, identifier: undefined },
    startEpochMs: NOW - startDaysAgo * DAY_MS,
    endEpochMs: endDays === undefined ? undefined : NOW + endDays * DAY_MS,
  },
];

/** Days from now until it is due. */
const dueIn = (...given: Parameters<typeof dueEpochMsOf> extends [unknown, ...infer Rest] ? Rest : never) =>
  (dueEpochMsOf(RULE, ...given) - NOW) / DAY_MS;

describe('when a secret is due for rotation', () => {
  it('is at half of its life, which the directory knows by the key id, however a person wrote that', () => {
    expect(dueIn(listed(30, 60), held(30), NOW)).toBe(15);
    expect(dueIn(listed(80, 10), held(80), NOW)).toBe(-35);
    expect(dueIn(listed(30, 60), held(30, { tags: { [TAGS.keyId]: ' K1 ' } }), NOW)).toBe(15);
  });

  it('is at half of what a new one would live, where its own end is later or there is none', () => {
    expect(dueIn(listed(10, 700), held(10), NOW)).toBe(35);
    expect(dueIn(listed(10, undefined), held(10), NOW)).toBe(35);
  });

  it('goes by the vault, where a person wrote it and nobody knows which of the application it is', () => {
    const byHand = { tags: {} };
    expect(dueIn(listed(10, 80), held(10, byHand), NOW)).toBe(35);
    expect(dueIn([], held(10, { ...byHand, expiresOnEpochMs: NOW + 10 * DAY_MS }), NOW)).toBe(0);
    expect(dueIn([], held(600, byHand), NOW)).toBeLessThan(0);
  });

  it('goes by the first end of the application, where a person wrote an older one again and no end', () => {
    const all = [...listed(100, -10), ...listed(30, 60), ...listed(1, 90)];
    expect(dueIn(all, held(0, { tags: {} }), NOW)).toBe(30);
    expect(dueIn(listed(100, -10), held(0, { tags: {} }), NOW)).toBe(45);
  });

  it('is at once where there is none, and where the directory no longer has it', () => {
    expect(dueIn([], undefined, NOW)).toBe(0);
    expect(dueIn([], held(1), NOW)).toBe(0);
  });

  it('waits right after a rotation, when a read of the directory may be behind', () => {
    expect(dueIn([], held(1 / 48), NOW)).toBeGreaterThan(40);
  });
});
