import type { ScanRequest } from '../domain/scanRequest.ts';
import type { ScanMode } from '../domain/vaultScan.ts';
import type { InventoryFailure } from '../ports/inventory.ts';
import type { VaultDiscovery } from '../ports/vaultDiscovery.ts';

export interface ScanScope {
  readonly vaultUrls: readonly string[];
  readonly subscriptionIds: readonly string[];
}

export interface ScanPlan {
  readonly requests: readonly ScanRequest[];
  /** Why the subscriptions could not be asked; the named vaults are scanned all the same. */
  readonly discoveryFailure: InventoryFailure | undefined;
}

/** Decides which vaults to scan now: those named and those found in the subscriptions, each once. */
export const planScan = async (
  discovery: VaultDiscovery,
  scope: ScanScope,
  mode: ScanMode,
  newScanId: () => string,
): Promise<ScanPlan> => {
  const found =
    scope.subscriptionIds.length === 0
      ? ({ ok: true, vaultUrls: [] } as const)
      : await discovery.discover(scope.subscriptionIds);
  const vaultUrls = [...new Set([...scope.vaultUrls, ...(found.ok ? found.vaultUrls : [])])];
  return {
    requests: vaultUrls.map((vaultUrl) => ({ vaultUrl, scanId: newScanId(), mode })),
    discoveryFailure: found.ok ? undefined : found.failure,
  };
};
