import { describe, expect, it } from 'vitest';
import { isProvenForGood } from '../../../../src/lib/prove/rules/provenForGood.ts';

const START = Date.parse('2026-11-22T12:00:00Z');

describe('a fresh credential is proven for good', () => {
  const at = (...seconds: readonly number[]) => seconds.map((second) => START + second * 1000);

  it.each<[string, readonly number[], boolean]>([
    ['never by no success', at(), false],
    ['not by two', at(0, 60), false],
    ['by three that are 20 seconds apart', at(0, 20, 40), true],
    ['not by three within a moment, which one server may have answered', at(0, 1, 2), false],
    ['by those that are far enough apart among many', at(0, 5, 19, 21, 30, 41), true],
    ['not where the last comes too early', at(0, 20, 39), false],
  ])('%s', (_which, successes, expected) => {
    expect(isProvenForGood(successes)).toBe(expected);
  });
});
