import { runScan, type ScanOptions } from '../../src/cli/scan.ts';
import type { CredentialMetadata } from '../../src/lib/scan/rules/credential.ts';
import { createScanner } from '../../src/lib/scan/scanner.ts';
import { configOf } from './config.ts';
import { fakeConnections } from './fakeConnections.ts';
import { type FakeVault, fakeInventory, inventoryFailure } from './fakeInventory.ts';
import { manualClock } from './manualClock.ts';
import { inDays, NOW_EPOCH_MS, secretMetadata, VAULT_URL } from './metadata.ts';
import { recordingTerminal } from './recordingTerminal.ts';

/** A scan of the command line over vaults in memory. */
export interface ScanRun extends Partial<ScanOptions> {
  readonly vaults?: Readonly<Record<string, FakeVault>>;
  readonly settings?: Readonly<Record<string, string>>;
  readonly discoveryFails?: boolean;
  readonly localEpochMs?: number;
}

/** Runs it, and gives the exit code and what was printed. */
export const runScanOver = async (given: ScanRun) => {
  const { vaults = {}, format = 'table', failOn = 'warning', localEpochMs = NOW_EPOCH_MS } = given;
  const settings = given.settings ?? { KEYWATCH_VAULTS: Object.keys(vaults).join(',') };
  const failure = inventoryFailure({ message: 'No subscription could be asked.' });
  const scanner = createScanner(
    configOf(settings),
    fakeConnections({
      clock: manualClock(localEpochMs),
      inventory: fakeInventory(vaults),
      discovery: {
        discover: async () =>
          given.discoveryFails ? failure : { ok: true, vaultUrls: [], emptySubscriptionIds: [] },
      },
    }),
  );
  const terminal = recordingTerminal();
  const { explain, all, owner, statuses } = given;
  const options = { format, failOn, explain, owner, statuses, ...(all === undefined ? {} : { all }) };
  const exitCode = await runScan(scanner, terminal, options, localEpochMs);
  return { exitCode, terminal };
};
/** One vault with these secrets. */
export const holding = (...objects: Partial<CredentialMetadata>[]) => ({
  [VAULT_URL]: { pages: { secret: [objects.map((changes) => secretMetadata(changes))] } },
});
/** One vault with one secret that ends in so many days. */
export const ending = (days: number) => holding({ expiresOnEpochMs: inDays(days) });
