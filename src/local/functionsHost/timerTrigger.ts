import type { Clock } from '../../lib/kernel/clock.ts';
import type { RegisteredFunction } from './functionApp.ts';
import type { HostLog, Invocation, Invoker } from './invoker.ts';
import { parseSchedule, type Schedule } from './schedule.ts';
import { triggerOf } from './triggers.ts';

/** A sleep is cut at this length, so that no timer asks for more than `setTimeout` can count. */
const LONGEST_SLEEP_MS = 6 * 60 * 60_000;

export interface TimerTrigger {
  readonly functionName: string;
  readonly schedule: Schedule;
  /** Fires on schedule until the signal aborts; never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** Fires now, after a run that is under way: as a lock would have it, no timer overlaps itself. */
  fire(): Promise<Invocation>;
  /** `undefined` when the schedule has no occurrence any more. */
  nextEpochMs(): number | undefined;
}

export interface TimerTriggerOptions {
  readonly invoker: Invoker;
  readonly clock: Clock;
  readonly log: HostLog;
}

/** Its past is that of this process: an occurrence that went by while nothing ran is not made up for. */
export const createTimerTrigger = (
  fn: RegisteredFunction,
  { invoker, clock, log }: TimerTriggerOptions,
): TimerTrigger => {
  const { name: functionName } = fn.metadata;
  const { name: bindingName, binding } = triggerOf(fn);
  const schedule = parseSchedule(String(binding['schedule']));
  let lastRun: Promise<unknown> = Promise.resolve();
  let lastEpochMs: number | undefined;
  let updatedEpochMs = clock.nowEpochMs();
  let nextEpochMs = schedule.nextAfter(updatedEpochMs);

  const fireOnce = async (): Promise<Invocation> => {
    const firedEpochMs = clock.nowEpochMs();
    const json = JSON.stringify({
      Schedule: { AdjustForDST: true },
      ScheduleStatus: {
        Last: lastEpochMs === undefined ? NEVER : isoOf(lastEpochMs),
        Next: nextEpochMs === undefined ? NEVER : isoOf(nextEpochMs),
        LastUpdated: isoOf(updatedEpochMs),
      },
      IsPastDue: false,
    });
    const invocation = await invoker.invoke(fn, { inputData: [{ name: bindingName, data: { json } }] });
    lastEpochMs = firedEpochMs;
    updatedEpochMs = firedEpochMs;
    nextEpochMs = schedule.nextAfter(firedEpochMs);
    return invocation;
  };

  const fire = (): Promise<Invocation> => {
    const run = lastRun.then(fireOnce);
    lastRun = run.catch(() => undefined);
    return run;
  };

  const runUntilAborted = async (signal: AbortSignal): Promise<void> => {
    // Local time may have been moved since this was made: what went by then was missed by nobody.
    if (lastEpochMs === undefined) nextEpochMs = schedule.nextAfter(clock.nowEpochMs());
    while (!signal.aborted && nextEpochMs !== undefined) {
      const leftMs = nextEpochMs - clock.nowEpochMs();
      if (leftMs > 0) await clock.sleep(Math.min(leftMs, LONGEST_SLEEP_MS), signal);
      else await fire();
    }
  };

  return {
    functionName,
    schedule,
    fire,
    nextEpochMs: () => nextEpochMs,
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

const isoOf = (epochMs: number): string => new Date(epochMs).toISOString();
