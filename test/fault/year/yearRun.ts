import type { CredentialStatus } from '../../../src/lib/credentials/statuses.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import type { RefreshTrigger } from '../../../src/lib/oauth/rules/refreshTriggers.ts';
import { versionsPerRefresh } from '../../../src/lib/oauth/rules/versionsAYear.ts';
import type { ControlReading } from '../../../src/lib/refresh/rules/controlRecordText.ts';
import { decideRefreshDue } from '../../../src/lib/refresh/rules/refreshDue.ts';
import { decideSchedule } from '../../../src/lib/refresh/rules/refreshSchedule.ts';
import { assessObject, grantObjectKey, type VaultPolicy } from '../../../src/lib/scan/rules/assess.ts';
import type { CredentialMetadata } from '../../../src/lib/scan/rules/credential.ts';
import { nextChangeEpochMs, readingOf, runTimer, seenOf } from '../../fakes/refresh/healthyRuns.ts';
import { START_EPOCH_MS, worldNow } from '../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../fakes/refresh/soloWorker.ts';
import { type Cycle, cycleFinder, leftOutMs, withCycle } from './yearCycle.ts';
import { type YearCase, type YearWorld, yearWorld } from './yearWorld.ts';

export const PERIOD_MS = 10 * 60_000;
const RECONCILE_EVERY_MS = DAY_MS;
const runFrom = (atMs: number): number => Math.ceil(atMs / PERIOD_MS) * PERIOD_MS;

/** As the config would say it, with the default thresholds. */
const policyOf = ({ grant, profile }: YearWorld): VaultPolicy => ({
  name: 'kv',
  says: [],
  grantObjects: new Map([
    [
      grantObjectKey('secret', grant.secret.name),
      {
        grantId: grant.id,
        owner: grant.owner,
        runbook: undefined,
        versionsPerRefresh: versionsPerRefresh(profile.rotation),
      },
    ],
  ]),
});

/** A change of what people are told, and when. */
export interface Reported {
  readonly atMs: number;
  readonly what: CredentialStatus | 'consent ends in 30 days' | 'consent ends in 10 days';
}

/** What one grant went through. All times are milliseconds since the start. */
export interface Year {
  readonly world: YearWorld;
  readonly requestsMs: readonly number[];
  /** Versions of the secret, with the instants at which they were made. */
  readonly versionsMs: readonly number[];
  /** Every change of the status in the scan, and of the alert about the consent; the first of each at the start. */
  readonly told: readonly Reported[];
  /** Outcomes of attempts, with the first instant of each. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Of attempts that were reported as exceptions. */
  readonly exceptions: number;
  readonly endMs: number;
}

/**
 * Lives one case: the production timer, refresh and assessment, run by run. Ticks in which nothing can
 * be due are left out, by the schedule's own word, and so is every look at the vault between one that found
 * all as it was and the last before something happens. Where all begins again, the same is not lived again and
 * again. `everyRun` leaves out none of it, which a test compares.
 */
export const liveYear = async (given: YearCase, everyRun = false): Promise<Year> => {
  const world = yearWorld(given);
  let endMs = given.days * DAY_MS;
  let cycle: Cycle | undefined;
  const findCycle = cycleFinder(world);
  const told: Reported[] = [];
  const last: { status?: Reported['what']; consent?: string } = {};
  const events = [...(given.events ?? [])].sort((a, b) => a.atDays - b.atDays);
  let runMs = PERIOD_MS;
  let lastSeen = '';
  while (runMs < endMs && !world.isOver()) {
    world.elapsedMs = Math.max(world.elapsedMs, runMs);
    while ((events[0]?.atDays ?? Number.POSITIVE_INFINITY) * DAY_MS <= world.elapsedMs)
      events.shift()?.happens(world);
    const requests = world.requestsMs.length;
    await oneRun(world);
    const reading = readingOf(world);
    const seen = seenOf(world, reading);
    const wakeMs = Math.min((events[0]?.atDays ?? Number.POSITIVE_INFINITY) * DAY_MS, endMs);
    const next = everyRun
      ? runMs + PERIOD_MS
      : nextRunMs({ world, reading, runMs, wakeMs, isSame: seen === lastSeen });
    lastSeen = seen;
    note(world, reading, Math.min(next, endMs), told, last);
    const mayRepeat = given.isSteady === true && !everyRun && cycle === undefined && events.length === 0;
    if (mayRepeat && reading.kind === 'record' && world.requestsMs.length > requests) {
      cycle = findCycle(reading.record, runMs, told.length, endMs);
      endMs -= cycle === undefined ? 0 : leftOutMs(cycle);
    }
    runMs = next;
  }
  const outcomes = new Map<string, number>();
  for (const { outcome, atMs } of world.attempts) {
    if (!outcomes.has(outcome)) outcomes.set(outcome, atMs);
  }
  const createdMs = world.vault.versions.map(({ createdEpochMs = 0 }) => createdEpochMs - START_EPOCH_MS);
  return {
    world,
    requestsMs: withCycle(world.requestsMs, 'requests', cycle),
    versionsMs: withCycle(createdMs, 'versions', cycle).slice(1),
    told,
    outcomes,
    exceptions: world.telemetry.failures.length,
    endMs: Math.min(world.elapsedMs, endMs) + (cycle === undefined ? 0 : leftOutMs(cycle)),
  };
};

const oneRun = async (world: YearWorld): Promise<void> => {
  for (const dueMs of world.watchdog.dueMs.splice(0)) {
    world.elapsedMs = Math.max(world.elapsedMs, dueMs);
    await attempt(world, 'watchdog');
  }
  await runTimer(world, (trigger) => attempt(world, trigger), PERIOD_MS);
};

const attempt = async (world: YearWorld, trigger: RefreshTrigger) => {
  const atMs = world.elapsedMs;
  const { outcome } = await runSolo(world, { trigger });
  if (outcome !== 'crashed') world.attempts.push({ atMs, outcome: outcome.kind });
};

interface Ran {
  readonly world: YearWorld;
  readonly reading: ControlReading;
  readonly runMs: number;
  /** When something happens by itself, or the year is over. */
  readonly wakeMs: number;
  /** Nothing changed, other than when the vault was looked at last. */
  readonly isSame: boolean;
}

/** The next run of the timer at which anything may be due: the schedule is asked, not second-guessed. */
const nextRunMs = ({ world, reading, runMs, wakeMs, isSame }: Ran): number => {
  const following = runMs + PERIOD_MS;
  if (reading.kind !== 'record' || world.watchdog.dueMs.length > 0) return following;
  const nowEpochMs = worldNow(world);
  const { phase } = reading.record;
  if (phase.state === 'intent' && phase.reported) {
    const untilMs = nextChangeEpochMs(reading, nowEpochMs) - START_EPOCH_MS;
    return Math.max(following, runFrom(Math.min(untilMs, wakeMs)));
  }
  if (phase.state !== 'idle') return following;
  if (decideSchedule(world.grant.id, reading, nowEpochMs).kind === 'send') return following;
  const { record } = reading;
  const due = decideRefreshDue({ grantId: world.grant.id, record, nowEpochMs });
  const dueEpochMs =
    due.kind === 'not_due' ? due.dueAtEpochMs : due.kind === 'postponed' ? due.untilEpochMs : 0;
  const reconcileEpochMs = Math.max(
    (record.reconciledAtEpochMs ?? 0) + RECONCILE_EVERY_MS,
    record.failures.notBeforeEpochMs,
  );
  const happensMs = Math.min(dueEpochMs - START_EPOCH_MS, wakeMs);
  const lookMs = runFrom(reconcileEpochMs - START_EPOCH_MS);
  const hasLooked = isSame && (record.reconciledAtEpochMs ?? 0) > START_EPOCH_MS + runMs;
  const looks = hasLooked ? Math.max(1, Math.ceil((happensMs - runMs) / (lookMs - runMs)) - 1) : 1;
  return Math.max(following, Math.min(runFrom(happensMs), runMs + looks * (lookMs - runMs)));
};

/** What people are told from now until the next run: changes of the status, and of the end of the consent. */
const note = (
  world: YearWorld,
  reading: ControlReading,
  untilMs: number,
  told: Reported[],
  last: { status?: Reported['what']; consent?: string },
): void => {
  const metadata = metadataOf(world);
  const policy = policyOf(world);
  const nowMs = world.elapsedMs;
  const tell = (atMs: number, { status }: { readonly status: CredentialStatus }) => {
    if (status !== last.status) told.push({ atMs, what: status });
    last.status = status;
  };
  const now = assessObject(metadata, policy, worldNow(world));
  tell(nowMs, now);
  const { warningAtEpochMs, criticalAtEpochMs, expiresOnEpochMs } = now;
  const consentEnd = reading.kind === 'record' ? reading.record.consentEndsAtEpochMs : undefined;
  const instants = [warningAtEpochMs, criticalAtEpochMs, expiresOnEpochMs]
    .map((epochMs) => (epochMs === undefined ? nowMs : epochMs - START_EPOCH_MS))
    .filter((atMs) => atMs > nowMs && atMs < untilMs);
  for (const atMs of instants.sort((a, b) => a - b))
    tell(atMs, assessObject(metadata, policy, START_EPOCH_MS + atMs));
  for (const days of [30, 10] as const) {
    const fromMs = consentEnd === undefined ? undefined : consentEnd - START_EPOCH_MS - days * DAY_MS;
    if (fromMs === undefined || fromMs >= untilMs) continue;
    // An end that a server states is good to a second.
    const key = `${days} ${Math.round((consentEnd ?? 0) / DAY_MS)}`;
    if (world.consentReported.has(key)) continue;
    world.consentReported.add(key);
    told.push({ atMs: Math.max(fromMs, nowMs), what: `consent ends in ${days} days` });
  }
};

const metadataOf = (world: YearWorld): CredentialMetadata => {
  const latest = world.vault.versions.at(-1);
  if (latest === undefined) throw new Error('the secret has no version');
  const { tags, createdEpochMs, expiresOnEpochMs, enabled } = latest;
  return {
    kind: 'secret',
    name: world.grant.secret.name,
    version: undefined,
    enabled,
    createdEpochMs,
    notBeforeEpochMs: undefined,
    // Key Vault keeps whole seconds.
    expiresOnEpochMs: expiresOnEpochMs === undefined ? undefined : Math.floor(expiresOnEpochMs / 1000) * 1000,
    managed: false,
    tags,
  };
};
