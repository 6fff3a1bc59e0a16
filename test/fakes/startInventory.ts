import type { PagedListing } from '../../src/lib/azure/azureErrorReason.ts';
import type { Clock } from '../../src/lib/kernel/clock.ts';
import { keyVaultInventory } from '../../src/lib/scan/keyVault/keyVaultInventory.ts';
import type { CredentialMetadata, VaultObjectKind } from '../../src/lib/scan/rules/credential.ts';
import { scannerIdentity } from '../../src/local/keyVault/identities.ts';
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

/** Lists, and keeps the pages that come and the dates that they have. */
export const collecting = async <P, L>(
  list: (onPage: (page: P, serverDateEpochMs: number | undefined) => void) => Promise<L>,
) => {
  const pages: P[] = [];
  const dates: (number | undefined)[] = [];
  const listing = await list((page, date) => {
    pages.push(page);
    dates.push(date);
  });
  return { listing, pages, dates };
};

/** The real inventory over a stand-in with one vault, as the scanner. */
export const startInventory = async () => {
  const { standIn, vault } = await startKeyVault();
  const { clock, sleptMs } = impatientClock();
  const inventory = keyVaultInventory({
    credential: standIn.credentialFor(scannerIdentity),
    clock,
    allowLoopback: true,
    random: () => 0,
  });
  const list = (kind: VaultObjectKind, signal?: AbortSignal) =>
    collecting<readonly CredentialMetadata[], PagedListing>((onPage) =>
      inventory.list(vault.url, kind, onPage, signal),
    );
  return { standIn, vault, inventory, list, sleptMs };
};
