import type { Clock } from '../../src/lib/kernel/clock.ts';
import { keyVaultSource } from '../../src/lib/scan/keyVaultSource.ts';
import type { Inventory } from '../../src/lib/scan/ports.ts';
import type { VaultPolicy } from '../../src/lib/scan/rules/assess.ts';
import type { ScanRequest } from '../../src/lib/scan/rules/scanRequest.ts';
import { type Observe, scanTarget, type TargetScan } from '../../src/lib/scan/scanTarget.ts';

interface VaultScanPorts {
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly policy: VaultPolicy;
}

/** Scans one vault of an inventory, as the scanner does. */
export const scanVault = (
  { inventory, clock, policy }: VaultScanPorts,
  request: ScanRequest,
  timeoutMs: number,
  observe: Observe,
): Promise<TargetScan> => {
  const discovery = { discover: () => Promise.reject(new Error('nothing is searched')) };
  const scope = { vaultUrls: [request.target], subscriptionIds: [] };
  const source = keyVaultSource({ inventory, discovery, clock }, scope, () => policy);
  return scanTarget(source, clock, request, { timeoutMs }, observe);
};
