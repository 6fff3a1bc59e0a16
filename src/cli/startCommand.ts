import { start } from '../local/start.ts';
import { wholeNumber } from './arguments.ts';
import { command } from './command.ts';

const HELP = `npm start [-- --once] [--days N] [--port N] [--data FOLDER]

Runs everything on this machine, without Azure: three seeded vaults, storage, the functions on their
schedules, the alert rules over the telemetry.

  --once         one run of every timer, a table, done; keeps nothing
  --days N       local time that many days ahead, to see what ends by then (0 to 3650)
  --port N       where HTTP is served (7071; the next free one when it is taken; 0 for any)
  --data FOLDER  where data is kept (.keywatch): a folder that is new, empty or Keywatch's own;
                 delete it to begin anew

Exit code: 0 it ran, whatever needs attention; 2 the run itself failed.`;

/** Reads the options of `keywatch start` and runs local mode. */
export const startCommand = command({
  help: HELP,
  options: {
    once: { type: 'boolean', default: false },
    days: { type: 'string', default: '0' },
    port: { type: 'string', default: '7071' },
    data: { type: 'string', default: '.keywatch' },
  },
  run: async (options, terminal) => {
    const days = wholeNumber('--days', options.days, 0, 3650);
    const port = wholeNumber('--port', options.port, 0, 65_535);
    return start({ once: options.once, days, port, folder: options.data }, terminal);
  },
});
