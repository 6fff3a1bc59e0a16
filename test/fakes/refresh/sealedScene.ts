import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import type { RefreshTrigger } from '../../../src/lib/oauth/rules/refreshTriggers.ts';
import type { RefreshOutcome } from '../../../src/lib/refresh/refreshOutcome.ts';
import type { SealedSecret } from '../../../src/lib/refresh/rules/sealedSecret.ts';
import { sealedSecretOf } from './fakeSealedSecretStore.ts';
import { type RefreshWorld, sealedWorld } from './refreshWorld.ts';
import { runSolo } from './soloWorker.ts';

/** One refresh, an hour after what was before. */
export const refreshAnHourLater = async (
  world: RefreshWorld,
  trigger: RefreshTrigger = 'manual',
): Promise<RefreshOutcome | 'crashed'> => {
  world.elapsedMs += HOUR_MS;
  return (await runSolo(world, { trigger })).outcome;
};

/** A strict grant whose token is kept sealed: it moved with the second of so many refreshes. */
export const keptSealed = async (refreshes = 4): Promise<RefreshWorld> => {
  const world = sealedWorld({ kind: 'strict' });
  for (let time = 0; time < refreshes; time++) {
    const outcome = await refreshAnHourLater(world);
    if (outcome === 'crashed' || outcome.kind !== 'refreshed') throw new Error(JSON.stringify(outcome));
  }
  return world;
};

/** The same grant, once its access tokens are handed out no more. */
export const handedOutNoMore = (world: RefreshWorld): RefreshWorld => ({
  ...world,
  grant: { ...world.grant, accessTokens: undefined },
});

/** Absent: the vault is the store. */
export const secretOf = ({ sealed }: RefreshWorld): SealedSecret | undefined =>
  sealed && sealedSecretOf(sealed);
