import { expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { isKeptSealed } from '../../../../src/lib/oauth/rules/keptSealed.ts';

const PLAIN = { accessTokens: undefined };

it('a token moves where its life is short, and stays there while the life is not known or only a little longer', () => {
  const profile = { rotation: { kind: 'strict' } } as const;
  const places = [undefined, 0.5, 1.9, 2, 3.9, 4].map((days) => {
    const lifeMs = days && days * DAY_MS;
    return [false, true].map((isThere) => isKeptSealed(PLAIN, profile, lifeMs, isThere));
  });
  expect(places).toEqual([
    [false, true],
    [true, true],
    [true, true],
    [false, true],
    [false, true],
    [false, false],
  ]);
});

it('a token that no refresh can lose may be read from the vault by others, so it moves only where it is handed out', () => {
  for (const kind of ['static', 'keeps_old'] as const) {
    expect(isKeptSealed(PLAIN, { rotation: { kind } }, DAY_MS / 48, true)).toBe(false);
    expect(isKeptSealed({ accessTokens: { callers: [] } }, { rotation: { kind } }, undefined)).toBe(true);
  }
});
