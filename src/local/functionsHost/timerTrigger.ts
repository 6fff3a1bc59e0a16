import type { Clock } from '../../lib/kernel/clock.ts';
import type { RegisteredFunction } from './functionApp.ts';
import type { HostLog, Invocation, Invoker } from './invoker.ts';
import { parseSchedule, type Schedule } from './schedule.ts';
import { type ScheduleMonitor, type ScheduleStatus, statusAtStart } from './scheduleMonitor.ts';
import { triggerOf } from './triggers.ts';

/** A sleep is cut at this length, so that no timer asks for more than `setTimeout` can count. */
const LONGEST_SLEEP_MS = 6 * 60 * 60_000;

export interface TimerTrigger {
  readonly functionName: string;
  readonly schedule: Schedule;
  /** Fires on schedule until the signal aborts; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Fires now, after a run that is under way: as a lock would have it, no timer overlaps itself. */
  fire(isPastDue?: boolean): Promise<Invocation>;
  /** `undefined` when the schedule has no occurrence any more. */
  nextEpochMs(): number | undefined;
}

export interface TimerTriggerOptions {
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly monitor: ScheduleMonitor;
  readonly log: HostLog;
}

/** @throws Error when the schedule is none. */
export const createTimerTrigger = (
  fn: RegisteredFunction,
  { invoker, clock, monitor, log }: TimerTriggerOptions,
): TimerTrigger => {
  const { name: functionName } = fn.metadata;
  const { name: bindingName, binding } = triggerOf(fn);
  const schedule = parseSchedule(String(binding['schedule']));
  const isMonitored = (binding['useMonitor'] ?? true) === true && !schedule.isSubMinute;
  let lastRun: Promise<unknown> = Promise.resolve();
  let unmonitored: ScheduleStatus | undefined;

  const read = () => (isMonitored ? monitor.read(functionName) : unmonitored);
  const write = (status: ScheduleStatus) => {
    if (isMonitored) monitor.write(functionName, status);
    else unmonitored = status;
  };
  const current = () => {
    const start = statusAtStart(schedule, read(), clock.nowEpochMs());
    if (start !== undefined) write(start.status);
    return start;
  };

  const fireOnce = async (isPastDue: boolean): Promise<Invocation> => {
    const status = current()?.status;
    const firedEpochMs = clock.nowEpochMs();
    const json = JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: isMonitored && status !== undefined ? pascalStatus(status) : null,
      IsPastDue: isPastDue,
    });
    const invocation = await invoker.invoke(fn, { inputData: [{ name: bindingName, data: { json } }] });
    const nextEpochMs = schedule.nextAfter(firedEpochMs);
    if (nextEpochMs !== undefined)
      write({ lastEpochMs: firedEpochMs, nextEpochMs, lastUpdatedEpochMs: firedEpochMs });
    return invocation;
  };

  const fire = (isPastDue = false): Promise<Invocation> => {
    const run = lastRun.then(() => fireOnce(isPastDue));
    lastRun = run.catch(() => undefined);
    return run;
  };

  const runUntilAborted = async (signal: AbortSignal): Promise<void> => {
    const start = current();
    if (start?.isPastDue === true && isMonitored) {
      log({ level: 'information', functionName, message: 'missed an occurrence: it runs now' });
      await fire(true);
    } else if (binding['runOnStartup'] === true) await fire();
    while (!signal.aborted) {
      const nextEpochMs = read()?.nextEpochMs;
      if (nextEpochMs === undefined) return;
      const leftMs = nextEpochMs - clock.nowEpochMs();
      if (leftMs > 0) await clock.sleep(Math.min(leftMs, LONGEST_SLEEP_MS), signal);
      else await fire();
    }
  };

  return {
    functionName,
    schedule,
    fire,
    nextEpochMs: () => read()?.nextEpochMs ?? schedule.nextAfter(clock.nowEpochMs()),
    async run(signal) {
      try {
        await runUntilAborted(signal);
      } catch (error) {
        if (!signal.aborted)
          log({ level: 'critical', functionName, message: `its timer stopped: ${String(error)}` });
      }
    },
  };
};

const NEVER = '0001-01-01T00:00:00';

const pascalStatus = ({ lastEpochMs, nextEpochMs, lastUpdatedEpochMs }: ScheduleStatus) => ({
  Last: lastEpochMs === undefined ? NEVER : new Date(lastEpochMs).toISOString(),
  Next: new Date(nextEpochMs).toISOString(),
  LastUpdated: new Date(lastUpdatedEpochMs).toISOString(),
});
