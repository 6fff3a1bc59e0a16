import { printable } from '../../lib/kernel/printable.ts';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import { DAY_MS } from '../../lib/kernel/time.ts';
import { msToEndOfQuietMinutes } from '../../lib/refresh/rules/refreshDue.ts';
import { createLocalClock, type LocalClock } from '../../local/clock.ts';
import { openDataFolder, temporaryDataFolder } from '../../local/dataFolder.ts';
import type { HostLogEntry, Invocation } from '../../local/functionsHost/invoker.ts';

export const DEFAULT_FOLDER = '.keywatch';

export interface StartOptions {
  /** One run of every timer, a table, done; nothing is kept. */
  readonly once: boolean;
  /** How far local time is ahead of this machine's. */
  readonly days: number;
  /** Where HTTP is served; the next free one is taken when it is not free. */
  readonly port: number;
  /** Where data is kept from run to run; absent: it is not. */
  readonly folder: string | undefined;
  /** The grant to consent to; absent: none. */
  readonly connect?: string | undefined;
  /** Whether the table has what needs no attention too. */
  readonly all?: boolean | undefined;
}

/** Local mode, up and at its local time, with a list that invocations which failed are added to. */
export const startApp = async (
  {
    once,
    days,
    folder: path,
    port,
  }: Pick<StartOptions, 'once' | 'days' | 'folder'> & { readonly port: number | undefined },
  terminal: Terminal,
) => {
  const clock = createLocalClock();
  const failures: Invocation[] = [];
  const folder = path === undefined ? temporaryDataFolder() : openDataFolder(path);
  terminal.progress('starting the stand-ins …');
  // Loaded when a folder is there to start in: who is refused one does not wait for it.
  const { startLocalApp } = await import('../../local/localApp.ts').catch((error: unknown) => {
    folder.close();
    throw error;
  });
  const app = await startLocalApp({
    folder,
    clock,
    port,
    isAlone: once,
    log: (entry) => logTo(terminal, clock, entry, once),
    finished: (invocation) => {
      if (!invocation.outcome.ok) failures.push(invocation);
    },
    notice: (sentence) => terminal.note(sentence),
  });
  folder.whole();
  // The company is as of today, and then time passes: that is what makes credentials end and grants fall due.
  clock.moveForward(days * DAY_MS);
  if (once) clock.moveForward(msToEndOfQuietMinutes(clock.nowEpochMs()));
  terminal.progress('');
  return { app, clock, failures };
};

/** In one run only what went wrong is of interest; a host that runs shows what it does. */
const logTo = (terminal: Terminal, clock: LocalClock, entry: HostLogEntry, once: boolean): void => {
  const { level, message, functionName } = entry;
  const isTrouble = level === 'warning' || level === 'error' || level === 'critical';
  if (!isTrouble && (once || level !== 'information')) return;
  const time = new Date(clock.nowEpochMs()).toISOString().slice(11, 19);
  const [first = '', ...stack] = message.split('\n');
  terminal.note(`${time} ${(functionName ?? 'host').padEnd(12)} ${printable(first, 400)}`);
  for (const line of stack.slice(0, 12)) terminal.note(`    ${printable(line.trim(), 200)}`);
};
