import type { Clock } from '../kernel/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { DailyInventory } from './dailyInventory.ts';
import { planScan, type ScanScope } from './planScan.ts';
import type { PoisonQueues } from './ports/poisonQueues.ts';
import type { VaultDiscovery } from './ports/vaultDiscovery.ts';
import type { ScanRequest } from './rules/scanRequest.ts';
import { tellPoisonCounts } from './tellPoisonCounts.ts';
import { tellDiscovery, tellNothingToScan, tellRequested } from './tellScan.ts';

export interface StartScanPorts {
  readonly discovery: VaultDiscovery;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Telemetry;
  readonly inventories: DailyInventory;
  /** Absent where no queue service is named. */
  readonly poisonQueues: PoisonQueues | undefined;
  readonly newScanId: () => string;
}

export interface StartScanScope extends ScanScope {
  /** What a vault is called in telemetry. */
  nameOf(vaultUrl: string): string;
}

export interface ScanTick {
  /** Absent before the first tick. */
  readonly lastTickEpochMs: number | undefined;
  /** Between two ticks; absent where nobody knows. */
  readonly periodSeconds: number | undefined;
}

/**
 * What a tick of the scan timer does: decides what is scanned and how much is told of it, and tells what
 * it asks for, so that a vault which never answers is missed for as long as it is asked for.
 * @returns one request per vault, to be queued by the caller
 */
export const startScan = async (
  { discovery, clock, telemetry, inventories, poisonQueues, newScanId }: StartScanPorts,
  scope: StartScanScope,
  { lastTickEpochMs, periodSeconds }: ScanTick,
): Promise<readonly ScanRequest[]> => {
  const isDue = await inventories.whatIsDue(lastTickEpochMs);
  const modeOf = (vaultUrl: string) => (isDue(vaultUrl) ? 'inventory' : 'attention');
  const startedMs = clock.monotonicMs();
  const { requests, found, discoveryFailure: failure } = await planScan(discovery, scope, modeOf, newScanId);
  if (scope.subscriptionIds.length > 0) {
    const durationMs = clock.monotonicMs() - startedMs;
    tellDiscovery(telemetry, { scanId: newScanId(), vaults: found, failure, durationMs });
  }
  if (failure === undefined && requests.length === 0) tellNothingToScan(telemetry);
  for (const { vaultUrl, scanId, mode } of requests)
    tellRequested(telemetry, { vault: scope.nameOf(vaultUrl), scanId, mode, periodSeconds });
  if (poisonQueues !== undefined) tellPoisonCounts(telemetry, await poisonQueues.counts());
  return requests;
};
