import { UsageError } from '../lib/kernel/usageError.ts';
import { ask } from '../local/control.ts';
import { wholeNumber } from './arguments.ts';
import { command } from './command.ts';
import { EXIT } from './exit.ts';
import { grantOption } from './grantOption.ts';
import { DEFAULT_FOLDER } from './local/startApp.ts';

const HELP = `npm start [-- --days N] [--port N] [--data FOLDER] [--connect ID] [--all]
npm start -- --once [--days N] [--all]
npm start -- --game-day NAME|list|all [--play] [--port N]
npm start -- --break ID | --ahead N | --outside STEP  [--data FOLDER]

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

/** What each of these options heeds beside itself; none of them given: what keeps running. */
const HEEDED: Readonly<Record<string, readonly string[]>> = {
  break: ['data'],
  ahead: ['data'],
  outside: ['data'],
  'game-day': ['play', 'port'],
  once: ['days', 'all'],
};
const HEEDED_OTHERWISE = ['days', 'port', 'data', 'connect', 'all'];

/** @throws UsageError for an option that would do nothing: whoever gave it meant something by it */
const refuseUnheeded = (options: Readonly<Record<string, unknown>>): void => {
  const given = Object.keys(options).filter((name) => options[name] !== undefined && options[name] !== false);
  const task = Object.keys(HEEDED).find((name) => given.includes(name));
  const heeded = task === undefined ? HEEDED_OTHERWISE : [task, ...(HEEDED[task] ?? [])];
  const idle = given.find((name) => !heeded.includes(name));
  if (idle === undefined) return;
  const where = task === undefined ? 'without --game-day' : `with --${task}`;
  throw new UsageError(`--${idle} does nothing ${where}; npm start -- --help says what goes together`);
};

export const startCommand = command({
  help: HELP,
  options: {
    once: { type: 'boolean', default: false },
    days: { type: 'string' },
    port: { type: 'string' },
    data: { type: 'string' },
    connect: { type: 'string' },
    break: { type: 'string' },
    ahead: { type: 'string' },
    outside: { type: 'string' },
    'game-day': { type: 'string', multiple: true },
    play: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
  run: async (options, terminal) => {
    refuseUnheeded(options);
    const { once, all, data = DEFAULT_FOLDER } = options;
    const days = wholeNumber('--days', options.days ?? '0', 0, 3650);
    const port = wholeNumber('--port', options.port ?? '7071', 0, 65_535);
    const connect = grantOption(options.connect);
    const broken = grantOption(options.break);
    const order = async (name: string, argument: string): Promise<number> => {
      terminal.print(String(await ask(data, name, argument)));
      return EXIT.quiet;
    };
    if (broken !== undefined) return order('break', broken);
    if (options.ahead !== undefined)
      return order('ahead', String(wholeNumber('--ahead', options.ahead, 1, 1_000_000)));
    if (options.outside !== undefined) return order('outside', options.outside);
    const { 'game-day': gameDays, play } = options;
    if (gameDays !== undefined) {
      const { playGameDays } = await import('./local/playGameDays.ts');
      return playGameDays(gameDays, { isPlayed: play, port }, terminal);
    }
    const { start } = await import('./local/start.ts');
    return start({ once, days, port, folder: once ? undefined : data, connect, all }, terminal);
  },
});
