import { scannerIdentity } from '../../src/local/keyVault/identities.ts';
import { startKeyVaultStandIn } from '../../src/local/keyVault/keyVaultStandIn.ts';
import { answer, inputOf } from './childProcess.ts';

/** Vaults of computed secrets, in a process of their own so that they take none of the scan's time. */
export interface VaultsInput {
  /** How many secrets each vault holds. */
  readonly secrets: readonly number[];
  readonly latencyMs: number;
}

export interface Vaults {
  readonly urls: readonly string[];
  readonly token: string;
}

const { secrets, latencyMs } = inputOf<VaultsInput>();
const standIn = await startKeyVaultStandIn({
  nowEpochMs: Date.now,
  vaults: secrets.map((count, index) => ({
    name: `bench-${index}`,
    latencyMs,
    bulk: { secrets: count, firstExpiresOnEpochMs: Date.now() },
  })),
});
const vaults: Vaults = {
  urls: standIn.vaults.map(({ url }) => url),
  token: standIn.mintToken(scannerIdentity),
};
await answer(vaults);
process.on('disconnect', () => process.exit());
