import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { within } from '../kernel/within.ts';
import { dailyReport, type Reported } from '../scan//dailyReport.ts';
import { inspectObject } from '../scan//inspectObject.ts';
import { planScan, type ScanPlan } from '../scan/planScan.ts';
import { reportPaced } from '../scan//reportPaced.ts';
import { reportObserved, reportScan } from '../scan//reportScan.ts';
import type { ScanRequest } from '../scan/rules/scanRequest.ts';
import { readVaultEvent } from '../scan/rules/vaultEvent.ts';
import type { ScanMode } from '../scan/rules/vaultScan.ts';
import { type Observe, scanVault, type VaultScan } from '../scan/scanVault.ts';
import { startFirstScan } from '../scan/startFirstScan.ts';
import { startScan } from '../scan/startScan.ts';
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
   * What a run of the scan timer asks for: one request per vault. A failed discovery is reported.
   * @param periodSeconds between two runs; absent where nobody knows
   */
  startScan(lastRunEpochMs: number | undefined, periodSeconds?: number): Promise<readonly ScanRequest[]>;
  /** Queues a scan of everything where there never was one. What takes longer goes on beside it. */
  startFirstScan(mostWaitedMs: number): Promise<void>;
  /** Scans one vault without telling anybody. */
  scan(request: ScanRequest, observe: Observe): Promise<VaultScan>;
  /** Whether a vault is named, or to be seen in a watched subscription. */
  watches(vaultUrl: string): Promise<boolean>;
  /** Scans one vault and reports it. */
  scanAndReport(request: ScanRequest): Promise<VaultScan>;
  /** Looks at the object that an Event Grid event speaks of, and reports it; an event of others is refused. */
  inspectAndReport(event: unknown): Promise<InspectionOutcome>;
}

export type InspectionOutcome =
  | { readonly ok: true; readonly told: boolean }
  | { readonly ok: false; readonly permanence: 'permanent' | 'transient'; readonly problem: string };

/** How much of the time that the scan of a vault may take is spent waiting for telemetry, at most. */
const PATIENCE_SHARE = 0.25;

const reportedBy = ({ outcome, counts: { objects, ignored } }: VaultScan): Reported => {
  if (outcome === 'complete') return 'all';
  return objects + ignored > 0 ? 'some' : 'nothing';
};

/** Joins configuration and connections into the application. */
export const createKeywatch = (config: Config, connections: Connections): Keywatch => {
  const { clock, inventory, discovery, telemetry, poisonQueues, jobRuns, scanDispatch } = connections;
  const ports = { inventory, clock };
  const dailyReports = dailyReport(connections, config.dailyReportHourUtc);
  const limits = { timeoutMs: config.scanTimeoutMs };
  const vaultUrls = config.vaults.map(({ url }) => url);

  const scope = {
    vaultUrls,
    subscriptionIds: config.subscriptionIds,
    nameOf: (vaultUrl: string) => config.policyOf(vaultUrl).name,
  };

  const scan: Keywatch['scan'] = (request, observe) =>
    scanVault(ports, request, config.policyOf(request.vaultUrl), limits, observe);

  const startRun: Keywatch['startScan'] = (lastRunEpochMs, periodSeconds) =>
    startScan({ discovery, clock, telemetry, dailyReports, poisonQueues, newScanId: randomUUID }, scope, {
      lastRunEpochMs,
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
    startScan: startRun,
    async startFirstScan(mostWaitedMs) {
      // Local mode makes its own first run, of every timer.
      if (config.local || jobRuns === undefined || scanDispatch === undefined) return;
      const ask = () => startRun(undefined);
      const work = startFirstScan({ jobRuns, dispatch: scanDispatch, clock, telemetry, startScan: ask });
      await within(mostWaitedMs, work);
    },
    async scanAndReport(request) {
      const patienceMs = config.scanTimeoutMs * PATIENCE_SHARE;
      const { vaultUrl, mode } = request;
      const ended = mode === 'full' ? await dailyReports.startReport(vaultUrl) : undefined;
      const observe = reportPaced({ telemetry, clock }, request, patienceMs);
      const result = await scan(request, observe);
      reportScan(telemetry, result);
      await ended?.(reportedBy(result));
      return result;
    },
    async inspectAndReport(given) {
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
      const look = await inspectObject(ports, reference, config.policyOf(reference.vaultUrl));
      if (look.ok) {
        reportObserved(telemetry, randomUUID(), 'object')(look.assessment);
        return { ok: true, told: true };
      }
      if (look.reason !== 'failed') return { ok: true, told: false };
      return { ok: false, permanence: look.failure.permanence, problem: look.failure.message };
    },
  };
};
