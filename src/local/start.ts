import { EXIT } from '../cli/exit.ts';
import { counted } from '../cli/report/humanTime.ts';
import { isoDate } from '../lib/kernel/instant.ts';
import { printable } from '../lib/kernel/printable.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { DAY_MS } from '../lib/kernel/time.ts';
import { msToEndOfQuietMinutes } from '../lib/refresh/rules/refreshDue.ts';
import { TAGS } from '../lib/scan/rules/tags.ts';
import { createLocalClock, type LocalClock } from './clock.ts';
import { openDataFolder, temporaryDataFolder } from './dataFolder.ts';
import { runFirstTime } from './firstRun.ts';
import type { HostLogEntry, Invocation } from './functionsHost/invoker.ts';
import { type LocalApp, startLocalApp } from './localApp.ts';
import type { SeededObject } from './seed/seededObject.ts';
import { serveUntilStopped } from './serve.ts';

export interface StartOptions {
  /** One run of every timer, a table, done; nothing is kept. */
  readonly once: boolean;
  /** How far local time is ahead of this machine's. */
  readonly days: number;
  /** Where HTTP is served; the next free one is taken when it is not free. */
  readonly port: number;
  /** Where data is kept from run to run. */
  readonly folder: string;
}

/** Local mode, up and at its local time, with a list that invocations which failed are added to. */
export const startApp = async (
  { once, days, folder: path }: Pick<StartOptions, 'once' | 'days' | 'folder'>,
  terminal: Terminal,
) => {
  const clock = createLocalClock();
  const failures: Invocation[] = [];
  const folder = once ? temporaryDataFolder() : openDataFolder(path);
  terminal.progress('starting the stand-ins …');
  const app = await startLocalApp({
    folder,
    clock,
    log: (entry) => logTo(terminal, clock, entry, once),
    finished: (invocation) => {
      if (!invocation.outcome.ok) failures.push(invocation);
    },
    notice: (sentence) => terminal.note(sentence),
  });
  // The company is as of today, and then time passes: that is what makes credentials end and grants fall due.
  clock.moveForward(days * DAY_MS);
  if (once) clock.moveForward(msToEndOfQuietMinutes(clock.nowEpochMs()));
  terminal.progress('');
  return { app, clock, failures };
};

/** Runs everything of Keywatch on this machine, with stand-ins for Azure. Gives the exit code. */
export const start = async (options: StartOptions, terminal: Terminal): Promise<number> => {
  const { app, clock, failures } = await startApp(options, terminal);
  const { once } = options;
  let isAskedToStop = false;
  const ended = endOnSignal(() => {
    isAskedToStop = true;
    terminal.note('stopping: what is running is waited for, up to 30 s (once more to stop at once) …');
  });
  try {
    describeStandIns(app, options, clock).forEach(terminal.print);
    terminal.print('');
    const run = await Promise.race([runFirstTime(app, clock, terminal, failures), ended]);
    if (run === 'signal') return EXIT.quiet;
    if (once) return run.ok ? EXIT.quiet : EXIT.failed;
    await serveUntilStopped(app, { port: options.port, clock, terminal, ended });
    return EXIT.quiet;
  } finally {
    await app.close();
    // npm gives the prompt back at once: only this line says when the data folder is free again.
    if (isAskedToStop) terminal.note('Keywatch has stopped.');
  }
};

const describeStandIns = (app: LocalApp, { once, days }: StartOptions, clock: LocalClock): string[] => {
  const { vaults, ignoredSettings } = app;
  const { company, standIn } = vaults;
  const held = company.reduce((sum, { name }) => sum + standIn.vault(name).seed.count(), 0);
  const ignored = company.flatMap((vault) => vault.objects).filter(isIgnored).length;
  const { objects, found } = vaults.certificates;
  const taken =
    found === 0
      ? 'this machine shows no certificate authorities, so none of its certificates are among them'
      : `${objects.length} are certificates of this machine's own trust store (of ${found}), the soonest to end`;
  return [
    `Keywatch on this machine, without Azure${once ? ': one run' : ''}.`,
    ...vaults.standIn.vaults.map(({ name, url }) => `  vault      ${name.padEnd(24)} ${url}`),
    `  storage    ${'Azurite (blobs, queues)'.padEnd(24)} ${new URL(app.azurite.queueServiceUrl).origin} (queues)`,
    '  telemetry  the real SDK into DuckDB in this process; the deployed alert queries run over it',
    vaults.seeded === 0
      ? '  company    as it was left last time'
      : `  company    ${counted(held, 'object')} of Contoso, ${ignored} of which a tag says to ignore; ${taken}`,
    ...(days > 0 ? [`  time       ${isoDate(clock.nowEpochMs())}, ${counted(days, 'day')} ahead`] : []),
    ...(ignoredSettings.length === 0
      ? []
      : [`  ignored    ${ignoredSettings.join(', ')}: local mode uses stand-ins only`]),
  ];
};

const isIgnored = ({ tags }: SeededObject): boolean => tags?.[TAGS.ignore] === 'true';

/** Resolves at the first signal to stop; the second one ends the process at once. */
const endOnSignal = (onFirst: () => void): Promise<'signal'> =>
  new Promise((resolve) => {
    let signals = 0;
    const onSignal = () => {
      signals += 1;
      if (signals > 1) process.exit(EXIT.failed);
      onFirst();
      resolve('signal');
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });

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
