import { expect, it } from 'vitest';
import { lookAt } from '../../../src/lib/board/lookAt.ts';
import type { StateReader } from '../../../src/lib/board/readState.ts';
import { itemOfCredential } from '../../../src/lib/board/rules/credentialItem.ts';
import type { Part, TargetState } from '../../../src/lib/board/rules/records.ts';
import { recordOf, STATE_VERSION } from '../../../src/lib/board/rules/records.ts';
import { MOST_AS_A_WHOLE } from '../../../src/lib/board/rules/windows.ts';
import { scanTally } from '../../../src/lib/scan/rules/vaultScan.ts';
import { named } from '../../fakes/boardScene.ts';
import { NOW_EPOCH_MS } from '../../fakes/metadata.ts';

const parts: readonly Part[] = ['a', 'b', 'c'].map((name, urgency) => ({
  name,
  urgency,
  count: MOST_AS_A_WHOLE,
}));
const target: TargetState = {
  version: STATE_VERSION,
  ...{ source: 'keyvault', target: 'https://kv-front-desk.vault.azure.net', vault: 'kv-front-desk' },
  last: { atEpochMs: NOW_EPOCH_MS, outcome: 'complete' },
  complete: { atEpochMs: NOW_EPOCH_MS, counts: scanTally().counts(), parts },
};

it.each([
  ['a', ['a']],
  ['b', ['a', 'b']],
])('reads no further than to where a search for %s has found enough', async (wanted, expected) => {
  const readNames: string[] = [];
  const readParts: StateReader['readParts'] = async (some) => {
    readNames.push(...some.map(({ name }) => name));
    return { credentials: some.map(({ name }) => recordOf(named(name))), unread: 0 };
  };
  const reader = {
    readParts,
    async *readThrough(some: readonly Part[]) {
      for (const part of some) yield await readParts([part]);
    },
  };
  const search = {
    isWanted: ({ name }: { name: string }) => name === wanted,
    mayBeIn: () => true,
    enough: 1,
  };
  const { items } = await lookAt(reader, [target], { search }, (one) => itemOfCredential(one, NOW_EPOCH_MS));
  expect([items.map(({ name }) => name), readNames]).toEqual([expected, expected]);
});
