import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { within } from '../kernel/within.ts';
import { dailyInventory, type Told } from '../scan/dailyInventory.ts';
import { lookAtObject } from '../scan/lookAtObject.ts';
import { planScan, type ScanPlan } from '../scan/planScan.ts';
import type { ScanRequest } from '../scan/rules/scanRequest.ts';
import { readVaultEvent } from '../scan/rules/vaultEvent.ts';
import type { ScanMode } from '../scan/rules/vaultScan.ts';
import { type Observe, scanVault, type VaultScan } from '../scan/scanVault.ts';
import { startFirstScan } from '../scan/startFirstScan.ts';
import { startScan } from '../scan/startScan.ts';
import { tellPaced } from '../scan/tellPaced.ts';
import { tellObserved, tellScan } from '../scan/tellScan.ts';
import { watchedVaults } from '../scan/watchedVaults.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Connections } from './connections.ts';
import { createRefresher, type Refresher } from './refresher.ts';

/** The application: what triggers and commands may ask of it. */
export interface Keywatch {
  readonly config: Config;
  readonly telemetry: Telemetry;
  readonly refresher: Refresher;
  /** Which vaults to scan, without telling anybody. */
  plan(mode: ScanMode): Promise<ScanPlan>;
  /**
   * What a tick of the scan timer asks for: one request per vault. A failed discovery is told.
   * @param periodSeconds between two ticks; absent where nobody knows
   */
  startScan(lastTickEpochMs: number | undefined, periodSeconds?: number): Promise<readonly ScanRequest[]>;
  /** Queues a scan of everything where there never was one. What takes longer goes on beside it. */
  startFirstScan(mostWaitedMs: number): Promise<void>;
  /** Scans one vault without telling anybody. */
  scan(request: ScanRequest, observe: Observe): Promise<VaultScan>;
  /** Whether a vault is named, or to be seen in a watched subscription. */
  watches(vaultUrl: string): Promise<boolean>;
  /** Scans one vault and tells of it. */
  scanAndTell(request: ScanRequest): Promise<VaultScan>;
  /** Looks at the object that an Event Grid event speaks of, and tells of it; an event of others is refused. */
  lookAndTell(event: unknown): Promise<LookOutcome>;
}

export type LookOutcome =
  | { readonly ok: true; readonly told: boolean }
  | { readonly ok: false; readonly permanence: 'permanent' | 'transient'; readonly problem: string };

/** How much of the time that the scan of a vault may take is spent waiting for telemetry, at most. */
const PATIENCE_SHARE = 0.25;

const toldBy = ({ outcome, counts: { objects, ignored } }: VaultScan): Told => {
  if (outcome === 'complete') return 'all';
  return objects + ignored > 0 ? 'some' : 'nothing';
};

/** Joins configuration and connections into the application. */
export const createKeywatch = (config: Config, connections: Connections): Keywatch => {
  const { clock, inventory, discovery, telemetry, poisonQueues, ledger, scanDispatch } = connections;
  const ports = { inventory, clock };
  const inventories = dailyInventory(connections, config.inventoryHourUtc);
  const limits = { timeoutMs: config.scanTimeoutMs };
  const vaultUrls = config.vaults.map(({ url }) => url);

  const scope = {
    vaultUrls,
    subscriptionIds: config.subscriptionIds,
    nameOf: (vaultUrl: string) => config.policyOf(vaultUrl).name,
  };

  const scan: Keywatch['scan'] = (request, observe) =>
    scanVault(ports, request, config.policyOf(request.vaultUrl), limits, observe);

  const startRound: Keywatch['startScan'] = (lastTickEpochMs, periodSeconds) =>
    startScan({ discovery, clock, telemetry, inventories, poisonQueues, newScanId: randomUUID }, scope, {
      lastTickEpochMs,
      periodSeconds,
    });

  const isWatched = (vaultUrl: string, subscriptionId: string | undefined): boolean =>
    vaultUrls.includes(vaultUrl) ||
    (subscriptionId !== undefined && config.subscriptionIds.includes(subscriptionId));

  return {
    config,
    telemetry,
    refresher: createRefresher(config, connections),
    plan: (mode) => planScan(discovery, scope, () => mode, randomUUID),
    scan,
    watches: watchedVaults({ discovery, clock }, scope),
    startScan: startRound,
    async startFirstScan(mostWaitedMs) {
      // Local mode makes its own first round, of every timer.
      if (config.local || ledger === undefined || scanDispatch === undefined) return;
      const ask = () => startRound(undefined);
      const work = startFirstScan({ ledger, dispatch: scanDispatch, clock, telemetry, startScan: ask });
      await within(mostWaitedMs, work);
    },
    async scanAndTell(request) {
      const patienceMs = config.scanTimeoutMs * PATIENCE_SHARE;
      const { vaultUrl, mode } = request;
      const ended = mode === 'inventory' ? await inventories.startTelling(vaultUrl) : undefined;
      const observe = tellPaced({ telemetry, clock }, request, patienceMs);
      const result = await scan(request, observe);
      tellScan(telemetry, result);
      await ended?.(toldBy(result));
      return result;
    },
    async lookAndTell(given) {
      const reading = readVaultEvent(given, config.local);
      if (!reading.ok) return { ok: false, permanence: 'permanent', problem: reading.problem };
      const { reference, subscriptionId } = reading.event;
      if (!isWatched(reference.vaultUrl, subscriptionId)) {
        return {
          ok: false,
          permanence: 'permanent',
          problem: `${reference.vaultUrl} is not a vault that is watched.`,
        };
      }
      const look = await lookAtObject(ports, reference, config.policyOf(reference.vaultUrl));
      if (look.ok) {
        tellObserved(telemetry, randomUUID(), 'object')(look.assessment);
        return { ok: true, told: true };
      }
      if (look.reason !== 'failed') return { ok: true, told: false };
      return { ok: false, permanence: look.failure.permanence, problem: look.failure.message };
    },
  };
};
