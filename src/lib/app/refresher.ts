import { randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { explainObserved, explainRefresh, type RefreshExplanation } from '../refresh/explainRefresh.ts';
import { forgettingWhenSent } from '../refresh/forgetWhenSent.ts';
import { type EvidenceReading, openEvidence } from '../refresh/openEvidence.ts';
import { type DueGrantsSummary, refreshDueGrants } from '../refresh/refreshDueGrants.ts';
import { refreshGrant } from '../refresh/refreshGrant.ts';
import type { RefreshOutcome } from '../refresh/refreshOutcome.ts';
import { registeringSecrets } from '../refresh/registeringSecrets.ts';
import { readRefreshMessage } from '../refresh/rules/refreshMessage.ts';
import { dailyReport } from '../scan//dailyReport.ts';
import { reportObservedGrants } from '../scan//reportObservedGrants.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import { configuredNames } from './configuredNames.ts';
import type { Connections } from './connections.ts';

/** What triggers and commands may ask about grants. */
export interface Refresher {
  /** What a run of the refresh timer does: one message per grant that is due, and the heartbeat. */
  startRun(
    lastRunEpochMs: number | undefined,
    secondsToNextRun: number,
    /** Of the schedule, to be reported; absent where nobody knows. */
    periodSeconds?: number,
  ): Promise<DueGrantsSummary>;
  /** Looks at the grant of one message. A grant that the configuration no longer names is left alone. */
  refresh(message: unknown): Promise<RefreshOutcome | undefined>;
  /** Says what would be done with one grant, and why. Spends and writes nothing. */
  explain(grantId: string): Promise<RefreshExplanation>;
  /** From now on nothing is sent to a token endpoint; what was sent comes to its end. */
  stop(): void;
  /** Whether a refresh is in flight. */
  isBusy(): boolean;
  /** What came for a grant and could not be read; absent: Keywatch does not refresh it. Spends nothing. */
  openEvidence(grantId: string): Promise<EvidenceReading | undefined>;
  /** Resolves when no refresh is in flight, and all that came of them is stored and reported. */
  settled(): Promise<void>;
}

/** Of the daily inventory; no vault is called so. */
const OBSERVED_GRANTS = 'observed-grants';

const NOTHING: DueGrantsSummary = { looked: 0, sent: [], left: 0, failed: 0 };

export const createRefresher = (config: Config, connections: Connections): Refresher => {
  const { clock, telemetry, inventory, secrets, refresh: ports } = connections;
  const { grants } = config;
  const inFlight = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  const dailyReports = dailyReport(connections, config.dailyReportHourUtc);
  const isConfiguredName = configuredNames(config);
  const forgetWhenSent = forgettingWhenSent(telemetry);

  const refreshOne = async (given: unknown): Promise<RefreshOutcome | undefined> => {
    const { grantId, trigger } = readRefreshMessage(given);
    const configured = grants.find(({ grant }) => grant.id === grantId && grant.mode === 'refreshed');
    if (configured === undefined || ports === undefined) return undefined;
    const registering = registeringSecrets(ports, secrets, isConfiguredName);
    try {
      return await refreshGrant(registering.ports, { ...configured, trigger, stop: stopping.signal });
    } finally {
      await forgetWhenSent(registering.forget);
    }
  };

  const reportObserved = async (lastRunEpochMs: number | undefined, runId: string): Promise<void> => {
    if (!grants.some(({ grant }) => grant.mode === 'observed')) return;
    const isDue = await dailyReports.whatIsDue(lastRunEpochMs);
    if (!isDue(OBSERVED_GRANTS)) return;
    const ended = await dailyReports.startReport(OBSERVED_GRANTS);
    const isWhole = await reportObservedGrants({ inventory, telemetry, clock }, grants, runId);
    await ended(isWhole ? 'all' : 'some');
  };

  return {
    async startRun(lastRunEpochMs, secondsToNextRun, periodSeconds) {
      const startedMs = clock.monotonicMs();
      const runId = randomUUID();
      const summary =
        ports === undefined
          ? NOTHING
          : await refreshDueGrants(ports, { grants, periodSeconds: secondsToNextRun });
      const message = 'The daily look at observed grants failed.';
      await turnOf(telemetry, { message }, () => reportObserved(lastRunEpochMs, runId));
      telemetry.event('keywatch.run.completed', {
        job: 'token-refresh',
        runId,
        mode: 'timer',
        outcome: summary.failed === 0 ? 'complete' : 'failed',
        reason: summary.failed === 0 ? undefined : 'grants_failed',
        objects: summary.looked,
        pages: 0,
        periodSeconds,
        durationMs: clock.monotonicMs() - startedMs,
      });
      return summary;
    },
    async openEvidence(grantId) {
      const isRefreshed = grants.some(({ grant }) => grant.id === grantId && grant.mode === 'refreshed');
      return isRefreshed && ports !== undefined ? openEvidence(ports, grantId) : undefined;
    },
    refresh(message) {
      const running = refreshOne(message);
      inFlight.add(running);
      const done = () => inFlight.delete(running);
      running.then(done, done);
      return running;
    },
    async explain(grantId) {
      const configured = grants.find(({ grant }) => grant.id === grantId);
      if (configured === undefined) throw new Error(`grant ${grantId} is not configured`);
      return ports === undefined ? explainObserved(grantId) : explainRefresh(ports, configured);
    },
    stop: () => stopping.abort(),
    isBusy: () => inFlight.size > 0,
    async settled() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
};
