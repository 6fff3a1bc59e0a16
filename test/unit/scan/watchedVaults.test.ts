import { expect, it } from 'vitest';
import type { Discovery } from '../../../src/lib/scan/ports.ts';
import { watchedVaults } from '../../../src/lib/scan/watchedVaults.ts';
import { inventoryFailure } from '../../fakes/fakeInventory.ts';
import { manualClock } from '../../fakes/manualClock.ts';

const NAMED = 'https://kv-named.vault.azure.net';
const FOUND = 'https://kv-found.vault.azure.net';
const STRANGE = 'https://kv-strange.vault.azure.net';

const watching = (subscriptionIds: string[], found: Partial<Discovery> = {}) => {
  const clock = manualClock();
  const asked: (readonly string[])[] = [];
  const discovery = {
    discover: async (ids: readonly string[]) => {
      asked.push(ids);
      return { ok: true, vaultUrls: [FOUND], emptySubscriptionIds: [], ...found } as Discovery;
    },
  };
  return {
    clock,
    asked,
    isWatched: watchedVaults({ discovery, clock }, { vaultUrls: [NAMED], subscriptionIds }),
  };
};

it('knows a named vault, and no other, without asking anybody', async () => {
  const { isWatched, asked } = watching([]);
  expect([await isWatched(NAMED), await isWatched(FOUND)]).toEqual([true, false]);
  expect(asked).toEqual([]);
});

it('knows the vaults of its subscriptions, and asks for a strange one once a minute at most', async () => {
  const { isWatched, asked, clock } = watching(['a']);
  expect([await isWatched(NAMED), asked.length]).toEqual([true, 0]);
  for (let message = 0; message < 5; message += 1) {
    expect(await isWatched(STRANGE)).toBe(false);
    expect(await isWatched(FOUND)).toBe(true);
  }
  expect(asked).toEqual([['a']]);
  await clock.advance(61_000);
  expect(await isWatched(STRANGE)).toBe(false);
  expect(asked).toHaveLength(2);
});

it('leaves no vault out because the subscriptions could not be asked', async () => {
  const { isWatched } = watching(['a'], inventoryFailure() as Partial<Discovery>);
  expect(await isWatched(STRANGE)).toBe(true);
});
