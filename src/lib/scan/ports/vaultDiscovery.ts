import type { AzureFailure } from '../../azure/azureErrorReason.ts';

export type Discovery =
  | {
      readonly ok: true;
      readonly vaultUrls: readonly string[];
      /** Those in which no vault is to be seen: Azure shows an empty list to who lacks the right to see. */
      readonly emptySubscriptionIds: readonly string[];
    }
  | AzureFailure;

/** Finds the vaults of whole subscriptions, so that a new vault is watched without being named. */
export interface VaultDiscovery {
  /** All vaults that the caller may see in these subscriptions, by origin, sorted, each once. Never rejects. */
  discover(subscriptionIds: readonly string[]): Promise<Discovery>;
}
