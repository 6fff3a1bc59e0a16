import { sealedWorld } from '../fakes/refresh/refreshWorld.ts';
import { type Fault, type Place, untilDueAgain } from './crashTable.ts';

/**
 * the token is in a sealed secret of the fallback account, beside the fallback store; Key Vault has the copy and the sealing
 * key. What breaks the vault elsewhere breaks that account here, and Key Vault is the third place.
 */
const broken = (fault: Fault) => ({
  second: fault !== 'leased down',
  first: fault !== 'vault down',
  keyVault: fault === 'all three down',
});

export const SEALED: Place = {
  async begin(rotation, really, later) {
    const world = sealedWorld(rotation, really);
    // The first refresh is in the vault; this one moves the token.
    await untilDueAgain(world);
    if (later) await untilDueAgain(world);
    return world;
  },
  breakStores(world, fault) {
    const { second, first, keyVault } = broken(fault);
    if (world.sealed !== undefined) world.sealed.down = second;
    world.fallback.down = second;
    world.control.down = first;
    world.vault.down = keyVault;
  },
};

/** An outage of Key Vault alone, which has a copy and the key that opens. */
export const SEALED_WITHOUT_KEY_VAULT: Place = {
  ...SEALED,
  breakStores(world) {
    world.vault.down = true;
  },
};
