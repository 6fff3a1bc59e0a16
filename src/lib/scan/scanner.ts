import { randomUUID } from 'node:crypto';
import type { ScanMode } from '../credentials/runModes.ts';
import type { Directory } from '../directory/ports.ts';
import type { Clock } from '../kernel/clock.ts';
import { type Failure, permanentFailure } from '../kernel/failure.ts';
import { within } from '../kernel/within.ts';
import type { ConfiguredGrant } from '../oauth/rules/grant.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import { dailyReport, type Reported } from './dailyReport.ts';
import { failureBeforeFirstPage } from './firstPage.ts';
import { inspectObject } from './inspectObject.ts';
import { keyVaultSource } from './keyVaultSource.ts';
import { findTargets, planScan, type ScanPlan } from './planScan.ts';
import type {
  CredentialSource,
  FurtherReading,
  Inventory,
  JobRunStore,
  PoisonQueues,
  ScanDispatch,
  ScanRecorder,
  SourceFailure,
  VaultDiscovery,
} from './ports.ts';
import { reportIdleRulesDaily, usedRules } from './reportIdleRules.ts';
import { reportGrantsDaily } from './reportObservedGrants.ts';
import { reportPaced } from './reportPaced.ts';
import { reportObserved, reportScan } from './reportScan.ts';
import type { VaultPolicy } from './rules/assess.ts';
import type { ConfigRule } from './rules/configRule.ts';
import type { ScanRequest } from './rules/scanRequest.ts';
import type { Ties } from './rules/tiedSecret.ts';
import { readVaultEvent } from './rules/vaultEvent.ts';
import { type Observe, scanTarget, type TargetScan } from './scanTarget.ts';
import { startFirstScan } from './startFirstScan.ts';
import { startScan } from './startScan.ts';
import { withTiedSecrets } from './tiedSecrets.ts';

/** What is scanned, and by which rules. */
export interface ScanSettings {
  /** Whether stand-ins on this machine are accepted. */
  readonly allowLoopback: boolean;
  readonly vaults: readonly { readonly url: string }[];
  readonly subscriptionIds: readonly string[];
  readonly scanTimeoutMs: number;
  readonly dailyReportHourUtc: number;
  readonly grants: readonly ConfiguredGrant[];
  readonly rules: readonly ConfigRule[];
  readonly ties: Ties;
  policyOf(vaultUrl: string): VaultPolicy;
}

export interface ScannerPorts {
  readonly inventory: Inventory;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly discovery: VaultDiscovery;
  /** Absent where no tenant is named. */
  readonly directory?: Directory | undefined;
  /** Where credentials are listed beside Key Vault; the app opens each. Absent: nowhere. */
  readonly furtherSources?: readonly CredentialSource[];
  /** Absent where no queue service is named. */
  readonly poisonQueues: PoisonQueues | undefined;
  readonly scanDispatch: ScanDispatch | undefined;
  /** Absent where no blob service is named. */
  readonly jobRuns: JobRunStore | undefined;
  /** Absent where nothing is kept. */
  readonly recorder?: ScanRecorder | undefined;
}

/** What triggers and commands may ask about the credentials that are watched. */
export interface Scanner {
  /** What to scan, without reporting it. */
  plan(mode: ScanMode): Promise<ScanPlan>;
  /**
   * What a run of the scan timer asks for: one request per target. A failed discovery is reported.
   * @param periodSeconds between two runs; absent where nobody knows
   */
  startRun(lastRunEpochMs: number | undefined, periodSeconds?: number): Promise<readonly ScanRequest[]>;
  /** Queues a scan of everything where there never was one. What takes longer than this goes on beside it. */
  startFirstRun(mostWaitedMs: number): Promise<void>;
  /** Scans one target without reporting it. */
  scan(request: ScanRequest, observe: Observe): Promise<TargetScan>;
  /** Whether a target may be listed, as far as one page shows, without reporting it. */
  tryToList(request: Pick<ScanRequest, 'source' | 'target'>): Promise<TargetAccess>;
  /** Whether what a request names is one of ours to scan. */
  watches(request: Pick<ScanRequest, 'source' | 'target'>): Promise<boolean>;
  /** Scans one target and reports it. */
  run(request: ScanRequest): Promise<TargetScan>;
  /** Inspects the object that an Event Grid event speaks of, and reports it; an event of others is refused. */
  inspect(event: unknown): Promise<InspectionOutcome>;
  /** Reports, once a day, what ends of grants that another system refreshes, and the rules that do nothing. */
  reportDaily(lastRunEpochMs: number | undefined): Promise<void>;
}

/** What the current identity may do at a target. */
export interface TargetAccess extends Pick<TargetScan, 'source' | 'vault'> {
  /** Why it may not be listed; absent: it may. */
  readonly failure: SourceFailure | undefined;
  /** What else a scan of it reads; asked where it may be listed. */
  readonly further: readonly FurtherReading[];
}

export type InspectionOutcome = { readonly ok: true; readonly reported: boolean } | Failure;

/** How much of the time that the scan of a vault may take is spent waiting for telemetry, at most. */
const PATIENCE_SHARE = 0.25;

const reportedBy = ({ outcome, counts: { objects, ignored } }: TargetScan): Reported => {
  if (outcome === 'complete') return 'all';
  return objects + ignored > 0 ? 'some' : 'nothing';
};

/** An event that is left alone, whoever sent it. */
const refused = (message: string): Failure =>
  permanentFailure({
    code: 'event_refused',
    message,
    action: 'Let the event subscription send only events of vaults that Keywatch watches.',
  });

/** The scan of what the settings name, over these ports. */
export const createScanner = (settings: ScanSettings, ports: ScannerPorts): Scanner => {
  const { clock, telemetry, poisonQueues, jobRuns, scanDispatch } = ports;
  const dailyReports = dailyReport(ports, settings.dailyReportHourUtc);
  const limits = { timeoutMs: settings.scanTimeoutMs };
  const vaultUrls = settings.vaults.map(({ url }) => url);
  const scope = { vaultUrls, subscriptionIds: settings.subscriptionIds };
  const { directory } = ports;
  const vaults = keyVaultSource(ports, scope, settings.policyOf);
  const sources = [
    directory === undefined ? vaults : withTiedSecrets(vaults, { ...ports, directory }, settings.ties),
    ...(ports.furtherSources ?? []),
  ];

  const sourceOf = ({ source }: Pick<ScanRequest, 'source'>): CredentialSource => {
    const found = sources.find(({ name }) => name === source);
    if (found === undefined) throw new Error(`there is no source ${source}`);
    return found;
  };

  const scan: Scanner['scan'] = (request, observe) =>
    scanTarget(sourceOf(request), clock, request, limits, observe);

  const startRun: Scanner['startRun'] = (lastRunEpochMs, periodSeconds) =>
    startScan(
      { sources, clock, telemetry, dailyReports, poisonQueues, newScanId: randomUUID },
      { lastRunEpochMs, periodSeconds },
    );

  const isWatched = (vaultUrl: string, subscriptionId: string | undefined): boolean =>
    vaultUrls.includes(vaultUrl) ||
    (subscriptionId !== undefined && settings.subscriptionIds.includes(subscriptionId));

  return {
    plan: async (mode) => planScan(await findTargets(sources), () => mode, randomUUID),
    scan,
    async tryToList(request) {
      const source = sourceOf(request);
      const signal = AbortSignal.timeout(settings.scanTimeoutMs);
      const failure = await failureBeforeFirstPage((onPage) => source.list(request.target, onPage, signal));
      const further = failure === undefined ? await source.tryFurther?.(signal) : undefined;
      const vault = source.policyOf(request.target).name;
      return { source: source.name, vault, failure, further: further ?? [] };
    },
    async watches({ source, target }) {
      // A message may have been sent before its source was taken out of the config.
      return (await sources.find(({ name }) => name === source)?.watches(target)) ?? false;
    },
    startRun,
    async startFirstRun(mostWaitedMs) {
      // Local mode makes its own first run, of every timer.
      if (settings.allowLoopback || jobRuns === undefined || scanDispatch === undefined) return;
      const ask = () => startRun(undefined);
      const work = turnOf(telemetry, 'The first scan could not be asked for.', async () => {
        await startFirstScan({ jobRuns, dispatch: scanDispatch, clock, telemetry, startScan: ask });
      });
      await within(mostWaitedMs, work);
    },
    async run(request) {
      const patienceMs = settings.scanTimeoutMs * PATIENCE_SHARE;
      const { target, mode } = request;
      const ended = mode === 'full' ? await dailyReports.startReport(target) : undefined;
      const report = reportPaced({ telemetry, clock }, request, patienceMs);
      const rules = usedRules(ports);
      const record = ports.recorder?.begin(request);
      const result = await scan(request, (assessment) => {
        rules.see(assessment);
        const reporting = report(assessment);
        const recording = record?.see(assessment);
        return recording === undefined ? reporting : recording.then(() => reporting);
      });
      reportScan(telemetry, result);
      await record?.end(result);
      const noted = mode !== 'full' || (await rules.record());
      await ended?.(noted ? reportedBy(result) : 'some');
      return result;
    },
    async inspect(given) {
      const reading = readVaultEvent(given, settings.allowLoopback);
      if (!reading.ok) return refused(reading.problem);
      const { reference, subscriptionId } = reading.event;
      if (!isWatched(reference.vaultUrl, subscriptionId)) {
        return refused(`${reference.vaultUrl} is not a vault that is watched.`);
      }
      const inspection = await inspectObject(ports, reference, settings.policyOf(reference.vaultUrl));
      if (inspection.ok) {
        reportObserved(telemetry, randomUUID(), 'object')(inspection.assessment);
        return { ok: true, reported: true };
      }
      if (inspection.reason !== 'failed') return { ok: true, reported: false };
      return inspection.failure;
    },
    async reportDaily(lastRunEpochMs) {
      const run = { dailyReports, lastRunEpochMs, runId: randomUUID() };
      await reportGrantsDaily(ports, settings.grants, run);
      const vaults = async () => {
        const found = await findTargets(sources);
        if (found.some(({ discovery }) => discovery?.failure !== undefined)) return undefined;
        return found.flatMap(({ source, targets }) =>
          targets.map((url) => ({ url, name: sourceOf({ source }).policyOf(url).name })),
        );
      };
      await reportIdleRulesDaily(ports, { ...run, rules: settings.rules, vaults });
    },
  };
};
