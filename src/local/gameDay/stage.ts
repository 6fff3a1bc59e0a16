import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { app as application } from '../../lib/app/app.ts';
import type { LocalClock } from '../clock.ts';
import { replaceFile } from '../keyVault/vaultFile.ts';
import type { LocalApp } from '../localApp.ts';

const FLUSH_TIMEOUT_MS = 10_000;
/** The timer that runs most often. */
const PACER = 'refreshTimer';

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
  /** Has one grant refreshed now, as the timer would. */
  refresh(grantId: string): Promise<void>;
  /** Lets time pass. */
  ahead(ms: number): void;
  /** Puts a value into a private file, as the page that shows it once would. @returns its path */
  note(name: string, value?: string): string;
}

export const stageOf = (app: LocalApp, clock: LocalClock): Stage => {
  const stopped = new Set<string>();
  const settle = async (isMeant: (timer: string) => boolean): Promise<void> => {
    await app.host.runOnce(isMeant);
    await app.telemetry.flush(FLUSH_TIMEOUT_MS);
  };
  return {
    ...{ app, clock, stopped },
    async run() {
      // At its time, as the app takes from the pause between two runs what is the first one of an hour.
      const schedule = app.host.timers.find(({ functionName }) => functionName === PACER)?.schedule;
      const now = clock.nowEpochMs();
      clock.moveForward((schedule?.nextAfter(now) ?? now) - now);
      await settle((timer) => !stopped.has(timer));
    },
    async refresh(grantId) {
      const { refresh } = await (await application()).connections();
      const sent = await refresh?.dispatch.send({ grantId, trigger: 'manual', reason: 'a game day' }, 0);
      if (sent?.ok !== true) throw new Error(`${grantId} cannot be asked for`);
      await settle(() => false);
    },
    ahead: (ms) => clock.moveForward(ms),
    note(name, value = randomBytes(24).toString('base64url')) {
      const path = join(app.folder.path, name);
      replaceFile(path, value);
      return path;
    },
  };
};
