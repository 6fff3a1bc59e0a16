import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { type RefreshWorld, refreshWorld, sealedWorld } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import type { Fault } from './crashTable.ts';

/** Where a token is kept: what a world begins with, and which stores a fault takes away. */
export interface Place {
  /** @param later the grant was refreshed before */
  readonly begin: (rotation: RotationClass, really: RotationClass, later: boolean) => Promise<RefreshWorld>;
  readonly brokenBy: (fault: Fault, world: RefreshWorld) => readonly { down: boolean }[];
}

/** Refreshes, and waits until that is due again. */
export const untilDueAgain = async (world: RefreshWorld): Promise<void> => {
  await runSolo(world);
  world.elapsedMs += 46 * 86_400_000;
  world.watchdog.dueMs = [];
};

/** The vault is the store, the fallback store the third place. */
export const IN_VAULT: Place = {
  async begin(rotation, really, later) {
    const world = refreshWorld(rotation, really);
    if (later) await untilDueAgain(world);
    return world;
  },
  brokenBy: (fault, { vault, control, fallback }) => [
    ...(fault === 'leased down' ? [] : [vault]),
    ...(fault === 'vault down' ? [] : [control]),
    ...(fault === 'all three down' ? [fallback] : []),
  ],
};

/**
 * The token is in a sealed secret of the fallback account, beside the fallback store; Key Vault has the copy and the sealing
 * key. What breaks the vault elsewhere breaks that account here, and Key Vault is the third place.
 */
export const SEALED: Place = {
  async begin(rotation, really, later) {
    const world = sealedWorld(rotation, really);
    // The first refresh is in the vault; this one moves the token.
    await untilDueAgain(world);
    if (later) await untilDueAgain(world);
    return world;
  },
  brokenBy: (fault, { sealed, fallback, control, vault }) => [
    ...(fault === 'leased down' || sealed === undefined ? [] : [sealed, fallback]),
    ...(fault === 'vault down' ? [] : [control]),
    ...(fault === 'all three down' ? [vault] : []),
  ],
};

/** An outage of Key Vault alone, which has a copy and the key that opens. */
export const SEALED_WITHOUT_KEY_VAULT: Place = {
  ...SEALED,
  brokenBy: (_fault, { vault }) => [vault],
};
