import type { Clock } from '../../src/lib/kernel/clock.ts';
import { keyVaultInventory } from '../../src/lib/scan/keyVault/keyVaultInventory.ts';
import type { CredentialMetadata, VaultObjectKind } from '../../src/lib/scan/rules/credential.ts';
import { type Identity, scannerIdentity } from '../../src/local/keyVault/identities.ts';
import type { KeyVaultStandInOptions } from '../../src/local/keyVault/keyVaultStandIn.ts';
import { START_EPOCH_MS, startKeyVault } from './startKeyVault.ts';

/** A clock that notes each wait and wakes at once, as long as nothing was aborted. */
export const impatientClock = () => {
  const sleptMs: number[] = [];
  const clock: Clock = {
    nowEpochMs: () => START_EPOCH_MS,
    monotonicMs: () => 0,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      sleptMs.push(ms);
    },
  };
  return { clock, sleptMs };
};

/** The real inventory over a stand-in with one vault, by default as the scanner. */
export const startInventory = async (
  options: Partial<KeyVaultStandInOptions> & { identity?: Identity; requestTimeoutMs?: number } = {},
) => {
  const { identity = scannerIdentity, requestTimeoutMs, ...standInOptions } = options;
  const { standIn, vault } = await startKeyVault(standInOptions);
  const { clock, sleptMs } = impatientClock();
  const inventory = keyVaultInventory({
    credential: standIn.credentialFor(identity),
    clock,
    allowLoopback: true,
    random: () => 0,
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });
  const list = async (kind: VaultObjectKind, signal?: AbortSignal) => {
    const pages: (readonly CredentialMetadata[])[] = [];
    const dates: (number | undefined)[] = [];
    const listing = await inventory.list(
      vault.url,
      kind,
      (objects, serverDateEpochMs) => {
        pages.push(objects);
        dates.push(serverDateEpochMs);
      },
      signal,
    );
    return { listing, pages, dates };
  };
  return { standIn, vault, inventory, list, sleptMs };
};
