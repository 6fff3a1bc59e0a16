import { describe, expect, it } from 'vitest';
import { sealedWorld } from '../fakes/refresh/refreshWorld.ts';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import {
  type Cell,
  CLASSES,
  type ClassName,
  FAULTS,
  type LossCause,
  recovered,
  runCell,
} from './crashTable.ts';
import { SABOTAGE } from './sabotage.ts';
import { SEALED, SEALED_WITHOUT_KEY_VAULT } from './tokenPlaces.ts';
import { UNAVOIDABLE } from './unavoidable.ts';
import { ACTORS, type ActorName, runWorldCell } from './worldTable.ts';

/** Restoring the vault takes nothing away that is kept elsewhere; a crash right after the answer does. */
const BETTER: typeof UNAVOIDABLE = { 'grace 30 s / vault restored': [], 'grace 10 min / vault restored': [] };

const check = (cell: Cell, allowed: readonly LossCause[] = []): void => {
  expect(cell.runs).toBeGreaterThan(20);
  expect([...new Set(cell.losses.map(({ cause }) => cause))].sort()).toEqual([...allowed].sort());
  expect(
    cell.losses.filter(({ told }) => !told),
    'every loss is reported',
  ).toEqual([]);
};

/** These stand for all in the fast loop. */
const FEW = ['strict / none', 'strict / both down', 'strict / a person writes a new token'];
const test = (name: string, run: () => Promise<void>) =>
  it(name, FEW.includes(name) ? {} : { tags: ['exhaustive'] }, run);

/** What docs/refresh-protocol.md says of a token in the vault holds of one that is kept sealed, with the same exceptions. */
describe('one worker of a grant whose token is kept sealed, ended after every call', () => {
  for (const className of Object.keys(CLASSES) as ClassName[]) {
    const recover = oncePerState(recovered);
    const inPlace = (place: typeof SEALED, fault: (typeof FAULTS)[number]) =>
      runCell(className, fault, { place, recover });
    for (const fault of FAULTS) {
      const name = `${className} / ${fault}`;
      test(name, async () => check(await inPlace(SEALED, fault), UNAVOIDABLE[name]));
    }
    test(`${className} / Key Vault down, with copy and key`, async () => {
      const cell = await inPlace(SEALED_WITHOUT_KEY_VAULT, 'vault down');
      check(cell, UNAVOIDABLE[`${className} / vault down`]);
    });
    for (const actor of Object.keys(ACTORS) as ActorName[]) {
      const name = `${className} / ${actor}`;
      test(name, async () => {
        const cell = await runWorldCell(className, actor, undefined, sealedWorld);
        check(cell, BETTER[name] ?? UNAVOIDABLE[name]);
      });
    }
  }

  test('loses grants without the sealed journal, by an outage of the fallback account', async () => {
    const { withoutSealedRecord } = SABOTAGE;
    const { losses } = await runCell('strict', 'vault down', {
      sabotage: withoutSealedRecord,
      place: SEALED,
    });
    const allowed = UNAVOIDABLE['strict / vault down'] ?? [];
    expect(losses.filter(({ cause }) => !allowed.includes(cause)).length).toBeGreaterThan(0);
  });
});
