import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import type { RefreshTrigger } from '../../../src/lib/oauth/rules/refreshTriggers.ts';
import { refreshDueGrants } from '../../../src/lib/refresh/refreshDueGrants.ts';
import { type ControlReading, readControlRecord } from '../../../src/lib/refresh/rules/controlRecordText.ts';
import { decideAmbiguous } from '../../../src/lib/refresh/rules/intentDeadline.ts';
import { coolDownEnd } from '../../../src/lib/refresh/rules/refreshFailure.ts';
import { decideSchedule } from '../../../src/lib/refresh/rules/refreshSchedule.ts';
import { digestOf } from '../../../src/lib/stores/digestOf.ts';
import { oncePerText } from '../oncePer.ts';
import { type RefreshWorld, wallNow, worldNow, worldPorts } from './refreshWorld.ts';
import { runSolo } from './soloWorker.ts';

const PERIOD_MS = 5 * 60_000;

/** Ends every outage: from here on all stores and the network work. */
export const endOutages = (world: RefreshWorld): void => {
  world.vault.down = false;
  world.control.down = false;
  world.fallback.down = false;
  if (world.sealed !== undefined) world.sealed.down = false;
  world.watchdog.down = false;
  world.network.fault = 'none';
  world.network.requestsToFault = 0;
  world.network.shape = undefined;
};

/**
 * Lets the app run on in good health: watchdog messages when they fall due, and a timer run every
 * 5 minutes that hands grants to fresh workers. The production timer decides, not the test; runs for which its own
 * schedule has nothing to do are left out, and so is every look at the vault between one that found all as it was and
 * the last before something happens. `everyRun` leaves out none of these, which a test compares.
 */
export const runHealthy = async (world: RefreshWorld, forMs: number, everyRun = false): Promise<void> => {
  endOutages(world);
  const startMs = world.elapsedMs;
  const endMs = startMs + forMs;
  let runMs = world.elapsedMs + PERIOD_MS;
  let reading = readingOf(world);
  while (world.elapsedMs < endMs) {
    if (world.elapsedMs >= startMs + 2 * PERIOD_MS && isAtRest(world, reading)) return;
    const watchdogMs = Math.min(...world.watchdog.dueMs, Number.POSITIVE_INFINITY);
    world.elapsedMs = Math.max(world.elapsedMs, Math.min(watchdogMs, runMs, endMs));
    if (watchdogMs <= runMs) {
      world.watchdog.dueMs.splice(world.watchdog.dueMs.indexOf(watchdogMs), 1);
      await runSolo(world, { trigger: 'watchdog' });
      reading = readingOf(world);
      continue;
    }
    let quietMs = 0;
    if (decideSchedule(world.grant.id, reading, worldNow(world)).kind === 'send') {
      const seen = seenOf(world, reading);
      await runTimer(world);
      reading = readingOf(world);
      const isSame = !everyRun && seenOf(world, reading) === seen;
      if (isSame) quietMs = nextChangeEpochMs(reading, worldNow(world)) - worldNow(world);
    }
    const happensMs = Math.min(...world.watchdog.dueMs, endMs) - world.elapsedMs;
    const periods = Math.ceil(Math.min(quietMs, happensMs) / PERIOD_MS);
    runMs = world.elapsedMs + Math.max(1, periods) * PERIOD_MS;
  }
};

/** What a look at the vault could change. */
export const seenOf = ({ vault, sealed, fallback }: RefreshWorld, reading: ControlReading): string => {
  const record = reading.kind === 'record' ? { ...reading.record, reconciledAtEpochMs: 0 } : reading;
  return JSON.stringify([record, vault.made, vault.versions.at(-1), sealed?.body, fallback.items.length]);
};

/** From when on time alone changes what is done about an attempt without an end, or a dead grant: a look before then finds nothing new. */
export const nextChangeEpochMs = (reading: ControlReading, nowEpochMs: number): number => {
  if (reading.kind !== 'record') return nowEpochMs;
  const { phase, failures } = reading.record;
  const pausedUntilEpochMs = coolDownEnd(failures, nowEpochMs);
  if (phase.state === 'intent') {
    const decision = decideAmbiguous(phase, nowEpochMs, pausedUntilEpochMs);
    return decision.kind === 'wait' ? decision.untilEpochMs : nowEpochMs;
  }
  if (phase.state !== 'dead') return nowEpochMs;
  const triedAgainEpochMs = (phase.triedEpochMs ?? phase.sinceEpochMs) + DAY_MS;
  const ahead = [pausedUntilEpochMs, triedAgainEpochMs].filter((epochMs) => epochMs > nowEpochMs);
  return Math.min(...ahead, Number.POSITIVE_INFINITY);
};

const readingsOf = oncePerText((id) => oncePerText((body) => readControlRecord(body, id, digestOf)));

export const readingOf = ({ control: { body = '' }, grant: { id } }: RefreshWorld): ControlReading =>
  readingsOf(id)(body);

/** One run of the timer, and the work that its messages ask for. */
export const runTimer = async (
  world: RefreshWorld,
  work: (trigger: RefreshTrigger) => Promise<unknown> = (trigger) => runSolo(world, { trigger }),
  periodMs = PERIOD_MS,
): Promise<void> => {
  const call = async <T>(_name: string, effect: () => T): Promise<T> => effect();
  const ports = worldPorts(world, call, {
    nowEpochMs: () => wallNow(world),
    monotonicMs: () => world.elapsedMs - world.sleptMs,
    sleep: async () => undefined,
  });
  const { grant, profile } = world;
  const summary = await refreshDueGrants(ports, {
    grants: [{ grant, profile }],
    periodSeconds: periodMs / 1000,
  });
  for (const { trigger } of summary.sent) await work(trigger);
};

/** Nothing is under way and nothing will come by itself: more runs would find nothing to do. */
const isAtRest = ({ watchdog }: RefreshWorld, reading: ControlReading): boolean =>
  watchdog.dueMs.length === 0 &&
  reading.kind === 'record' &&
  ['idle', 'dead'].includes(reading.record.phase.state) &&
  reading.record.failures.consecutive === 0;
