import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { app as application } from '../../lib/app/app.ts';
import { DAY_MS } from '../../lib/kernel/time.ts';
import type { LocalClock } from '../clock.ts';
import type { Fault, InjectedFault } from '../keyVault/faults.ts';
import type { LocalApp } from '../localApp.ts';
import { replaceFile } from '../stateFile.ts';

/** On a busy machine: what has not arrived is not judged. */
const FLUSH_TIMEOUT_MS = 60_000;
export type TimerName = 'proveTimer' | 'refreshTimer' | 'rotateTimer' | 'scanTimer';

/** The timer that runs most often. */
const PACER: TimerName = 'refreshTimer';

/** The company, with what a game day does to it. */
export interface Stage {
  readonly app: LocalApp;
  readonly clock: LocalClock;
  /** Names of timers that do not run any more. */
  readonly stopped: Set<string>;
  /**
   * Lets the time pass until the refresh timer is due, runs the timers once and works off the queues; all that was
   * reported is in the telemetry when it resolves.
   */
  run(): Promise<void>;
  /** The same company, where nobody looks at what other timers do: they are left out of its runs. */
  runningOnly(timers: readonly TimerName[] | undefined): Stage;
  /** Has one grant refreshed now, as the timer would. */
  refresh(grantId: string): Promise<void>;
  ahead(ms: number): void;
  /** Lets time pass until so many days after the company began. */
  aheadToDay(day: number): void;
  /** Has a vault misbehave until `relent`. */
  refuse(vault: string, fault: Omit<Fault, 'times'>): void;
  relent(): void;
  /** Puts a value into a private file, as the page that shows it once would. @returns its path */
  note(name: string, value?: string): string;
}

export const stageOf = (app: LocalApp, clock: LocalClock): Stage => {
  const stopped = new Set<string>();
  const refusals: InjectedFault[] = [];
  const startedEpochMs = clock.nowEpochMs();
  const settle = async (isMeant: (timer: string) => boolean): Promise<void> => {
    await app.host.runOnce(isMeant);
    await app.telemetry.flush(FLUSH_TIMEOUT_MS);
  };
  const run = async (isRun: (timer: string) => boolean): Promise<void> => {
    // At its time, as the app takes from the pause between two runs what is the first one of an hour.
    const schedule = app.host.timers.find(({ functionName }) => functionName === PACER)?.schedule;
    const now = clock.nowEpochMs();
    clock.moveForward((schedule?.nextAfter(now) ?? now) - now);
    await settle((timer) => isRun(timer) && !stopped.has(timer));
  };
  return {
    ...{ app, clock, stopped },
    run: () => run(() => true),
    runningOnly(timers) {
      if (timers === undefined) return this;
      const names: readonly string[] = timers;
      return { ...this, run: () => run((timer) => names.includes(timer)) };
    },
    async refresh(grantId) {
      const { refresh } = await (await application()).connections();
      const sent = await refresh?.dispatch.send({ grantId, trigger: 'manual', reason: 'a game day' }, 0);
      if (sent?.ok !== true) throw new Error(`${grantId} cannot be asked for`);
      await settle(() => false);
    },
    ahead: (ms) => clock.moveForward(ms),
    aheadToDay: (day) => clock.moveForward(Math.max(0, startedEpochMs + day * DAY_MS - clock.nowEpochMs())),
    refuse(vault, fault) {
      refusals.push(
        app.vaults.standIn.vault(vault).faults.inject({ ...fault, times: Number.POSITIVE_INFINITY }),
      );
    },
    relent() {
      for (const refusal of refusals.splice(0)) refusal.remove();
    },
    note(name, value = randomBytes(24).toString('base64url')) {
      const path = join(app.folder.path, name);
      replaceFile(path, value);
      return path;
    },
  };
};
