import { TAGS } from '../lib/credentials/tagNames.ts';
import { counted } from '../lib/kernel/humanTime.ts';
import { isoDate } from '../lib/kernel/instant.ts';
import type { Terminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import type { LocalClock } from '../local/clock.ts';
import { ask } from '../local/control.ts';
import type { LocalApp } from '../local/localApp.ts';
import type { SeededObject } from '../local/seed/seededObject.ts';
import { wholeNumber } from './arguments.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { grantOption } from './grantOption.ts';
import { connectLocally } from './local/connectLocally.ts';
import { endOnSignal } from './local/endOnSignal.ts';
import { runFirstTime } from './local/firstRun.ts';
import { playGameDays } from './local/playGameDays.ts';
import { serveUntilStopped } from './local/serve.ts';
import { DEFAULT_FOLDER, type StartOptions, startApp } from './local/startApp.ts';

const HELP = `npm start [-- --once] [--days N] [--port N] [--data FOLDER] [--connect ID]
          [--break ID] [--ahead N] [--all]
npm start -- --game-day NAME|list|all [--play]
npm start -- --outside STEP --data FOLDER

Runs everything on this machine, without Azure: three seeded vaults, a directory, storage, the functions on their
schedules, the alert rules over the telemetry.

  --all          the table has every credential, not only what needs attention
  --once         one run of every timer, a table, done; keeps nothing
  --days N       local time that many days ahead, to see what ends by then (0 to 3650)
  --port N       where HTTP is served (7071; the next free one when it is taken; 0 for any)
  --data FOLDER  where data is kept (.keywatch): a folder that is new, empty or Keywatch's own;
                 delete it to begin anew
  --connect ID   consent to this grant of the company in your browser, as npm run connect has it
  --break ID     ends this grant at its provider, for the npm start that runs with the same data in another
                 terminal: its alert comes up there, with the link that mends it
  --ahead N      moves the clock of that npm start N minutes ahead

  --game-day NAME  breaks a company of its own in the way that the alert rule NAME tells of, shows the alert as
                   on-call gets it and what the runbook says, with commands that work there, and waits until it
                   is mended; list names them; may be repeated
  --play           follows the runbook itself
  --outside STEP   does that step of the runbook for whoever has the right to it, with --data FOLDER

Exit code: 0 it ran, whatever needs attention; 1 what broke on a game day is not mended; 2 the run itself failed.`;

/** Reads the options of `keywatch start` and runs local mode. */
export const startCommand = command({
  help: HELP,
  options: {
    once: { type: 'boolean', default: false },
    days: { type: 'string', default: '0' },
    port: { type: 'string', default: '7071' },
    data: { type: 'string', default: DEFAULT_FOLDER },
    connect: { type: 'string' },
    break: { type: 'string' },
    ahead: { type: 'string' },
    outside: { type: 'string' },
    'game-day': { type: 'string', multiple: true },
    play: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
  run: async (options, terminal) => {
    const days = wholeNumber('--days', options.days, 0, 3650);
    const port = wholeNumber('--port', options.port, 0, 65_535);
    const connect = grantOption(options.connect);
    const broken = grantOption(options.break);
    const order = async (name: string, argument: string): Promise<number> => {
      terminal.print(String(await ask(options.data, name, argument)));
      return EXIT.quiet;
    };
    if (broken !== undefined) return order('break', broken);
    if (options.ahead !== undefined)
      return order('ahead', String(wholeNumber('--ahead', options.ahead, 1, 1_000_000)));
    if (options.outside !== undefined) return order('outside', options.outside);
    const { 'game-day': gameDays, play } = options;
    if (gameDays !== undefined) return playGameDays(gameDays, { isPlayed: play, port }, terminal);
    if (connect !== undefined && options.once)
      throw new UsageError('--connect: a person takes longer than --once runs');
    const { once, data, all } = options;
    return start({ once, days, port, folder: once ? undefined : data, connect, all }, terminal);
  },
});

/** Runs everything of Keywatch on this machine, with stand-ins for Azure. Gives the exit code. */
export const start = async (options: StartOptions, terminal: Terminal): Promise<number> => {
  const { app, clock, failures } = await startApp(
    { ...options, port: options.once ? undefined : options.port },
    terminal,
  );
  const { once } = options;
  let isAskedToStop = false;
  const ended = endOnSignal(() => {
    isAskedToStop = true;
    terminal.note('stopping: what is running is waited for, up to 30 s (once more to stop at once) …');
  });
  try {
    describeStandIns(app, options, clock).forEach(terminal.print);
    terminal.print('');
    const run = await Promise.race([
      runFirstTime(app, clock, terminal, { failures, all: options.all }),
      ended,
    ]);
    if (run === 'signal') return EXIT.quiet;
    if (once) return run.ok ? EXIT.quiet : EXIT.failed;
    const connecting = connectLocally(options.connect, { clock, terminal, ended });
    const { alerts } = run;
    await serveUntilStopped(app, { port: options.port, clock, terminal, alerts, ended });
    await connecting;
    return EXIT.quiet;
  } finally {
    await app.close();
    // npm gives the prompt back at once: only this line says when the data folder is free again.
    if (isAskedToStop) terminal.note('Keywatch has stopped.');
  }
};

const describeStandIns = (app: LocalApp, { once, days }: StartOptions, clock: LocalClock): string[] => {
  const { vaults, directory, ignoredSettings } = app;
  const { company, standIn } = vaults;
  const held = company.reduce((sum, { name }) => sum + standIn.vault(name).seed.count(), directory.held);
  const ignored = company.flatMap((vault) => vault.objects).filter(isIgnored).length;
  const { objects, found } = vaults.certificates;
  const taken =
    found === 0
      ? 'this machine shows no certificate authorities, so none of its certificates are among them'
      : `${objects.length} are certificates of this machine's own trust store (of ${found}), the soonest to end`;
  return [
    `Keywatch on this machine, without Azure${once ? ': one run' : ''}.`,
    ...vaults.standIn.vaults.map(({ name, url }) => `  vault      ${name.padEnd(24)} ${url}`),
    `  directory  ${'contoso-entra'.padEnd(24)} ${directory.standIn.url}`,
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
