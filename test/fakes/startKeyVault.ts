import { KeyClient } from '@azure/keyvault-keys';
import { SecretClient } from '@azure/keyvault-secrets';
import { onTestFinished } from 'vitest';
import { ownerIdentity } from '../../src/local/keyVault/identities.ts';
import {
  type KeyVaultStandInOptions,
  startKeyVaultStandIn,
} from '../../src/local/keyVault/keyVaultStandIn.ts';

/** 2026-11-22T12:00:00Z: where the clock of a started stand-in stands unless a test brings its own. */
export const START_EPOCH_MS = Date.parse('2026-11-22T12:00:00Z');

/** Starts a stand-in with one vault, `front-desk`, that ends with the test. */
export const startKeyVault = async (options: Partial<KeyVaultStandInOptions> = {}) => {
  const standIn = await startKeyVaultStandIn({
    vaults: [{ name: 'front-desk' }],
    nowEpochMs: () => START_EPOCH_MS,
    ...options,
  });
  onTestFinished(() => standIn.close());
  const vault = standIn.vaults[0];
  if (vault === undefined) throw new Error('a stand-in without a vault is no use');
  /** The unmodified SDK clients, with the switches that loopback needs. */
  const clientsOf = (identity = ownerIdentity) => {
    const credential = standIn.credentialFor(identity);
    const options = () => ({
      allowInsecureConnection: true,
      disableChallengeResourceVerification: true,
      retryOptions: { maxRetries: 0 },
    });
    return {
      secrets: new SecretClient(vault.url, credential, options()),
      keys: new KeyClient(vault.url, credential, options()),
    };
  };
  return { standIn, vault, clientsOf };
};

/** Everything that an SDK listing gives. */
export const collect = async <T>(listing: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of listing) items.push(item);
  return items;
};

/** What a promise is refused with; throws when it is kept. */
export const refusalOf = async (promise: Promise<unknown>) => {
  try {
    await promise;
  } catch (error) {
    const { statusCode, code, details } = error as {
      statusCode?: number;
      code?: string;
      details?: { error?: { code?: string; innerError?: { code?: string } } };
    };
    return { status: statusCode, code, innerCode: details?.error?.innerError?.code, error };
  }
  throw new Error('it was expected to be refused');
};
