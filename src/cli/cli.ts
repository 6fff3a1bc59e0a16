import { nearestName } from '../lib/kernel/nearestName.ts';
import { printable } from '../lib/kernel/printable.ts';
import { processTerminal } from '../lib/kernel/terminal.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { readArguments } from './arguments.ts';
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

type Command = (args: readonly string[]) => Promise<number>;

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

const main = async ([name = 'help', ...args]: readonly string[]): Promise<number> => {
  const terminal = processTerminal();
  if (['help', '--help', '-h'].includes(name)) {
    readArguments(args, {});
    terminal.print(USAGE);
    return EXIT.quiet;
  }
  const load = COMMANDS.get(name);
  if (load === undefined) {
    const names = [...COMMANDS.keys()];
    const near = nearestName(name, names);
    const hint = near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
    throw new UsageError(`There is no command "${printable(name)}"; ${hint}`);
  }
  return (await load())(args);
};

/** Mistakes of the user are said in words; only a fault of the program shows where it happened. */
const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return ['UsageError', 'ConfigError'].includes(error.name) ? error.message : (error.stack ?? error.message);
};

// What cannot be written ends no command before its end: a refresh may be under way. A reader that has seen
// enough (`| head`) is no fault of ours; a full disk loses what was asked for, and that is one.
let hasLostOutput = false;
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || hasLostOutput) return;
    hasLostOutput = true;
    process.stderr.write(
      `The output is incomplete, it cannot be written: ${printable(error.message, 400)}\n`,
    );
  });

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = EXIT.failed;
}

// The SDKs leave the timer of a request that failed to run out, half a minute after the last word was said. So a
// command that is done ends here, as soon as what it wrote is on its way.
for (const stream of [process.stdout, process.stderr])
  await new Promise<void>((resolve) => void stream.write('', () => resolve()));
process.exit(hasLostOutput ? EXIT.failed : process.exitCode);
