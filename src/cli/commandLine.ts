import { nearestName } from '../lib/kernel/nearestName.ts';
import { printable } from '../lib/kernel/printable.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { readArguments } from './arguments.ts';
import type { Command, Surroundings } from './command.ts';
import { EXIT } from './exit.ts';

const USAGE = `keywatch: watches over credentials that end

  npm start                    everything on this machine, no Azure; keeps running
  npm start -- --once          one run of every timer, a table, done
  npm run scan -- --vault URL  scan real vaults with your own Azure login
  npm run refresh              refresh OAuth grants by hand; --dry-run says what would be done
  npm run connect              get a refresh token by a person's consent, in a browser of this machine
  npm run prove                use credentials as their consumers would, every step shown
  npm run alerts               whether each alert rule would fire now, here or in a live workspace
  npm run check                check the configuration and what this identity may do
  npm run secret               write a secret of the company that npm start runs

Each command explains its options with --help.`;

/** Commands are loaded when they are asked for: none pays for the others' libraries. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map(
  Object.entries({
    alerts: async () => (await import('./alerts.ts')).alertsCommand,
    check: async () => (await import('./check.ts')).checkCommand,
    connect: async () => (await import('./connect.ts')).connectCommand,
    prove: async () => (await import('./prove.ts')).proveCommand,
    refresh: async () => (await import('./refresh.ts')).refreshCommand,
    scan: async () => (await import('./scan.ts')).scanCommand,
    secret: async () => (await import('./secret.ts')).secretCommand,
    start: async () => (await import('./start.ts')).startCommand,
  }),
);

const run = async (
  [name = 'help', ...args]: readonly string[],
  surroundings: Surroundings,
): Promise<number> => {
  if (['help', '--help', '-h'].includes(name)) {
    readArguments(args, {});
    surroundings.terminal.print(USAGE);
    return EXIT.quiet;
  }
  const load = COMMANDS.get(name);
  if (load === undefined) {
    const names = [...COMMANDS.keys()];
    const near = nearestName(name, names);
    const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
    throw new UsageError(`There is no command "${printable(name)}"; ${hint}`);
  }
  return (await load())(args, surroundings);
};

/** Mistakes of the user are said in words; only a fault of the program shows where it happened. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return ['UsageError', 'ConfigError'].includes(error.name) ? error.message : (error.stack ?? error.message);
};

/** Runs a command by its name and its arguments. Never rejects: what went wrong is said. @returns the exit code */
export const runCommandLine = async (
  line: readonly string[],
  surroundings: Surroundings,
): Promise<number> => {
  try {
    return await run(line, surroundings);
  } catch (error) {
    surroundings.terminal.note(explain(error));
    return EXIT.failed;
  }
};
