import type { ParseArgsConfig } from 'node:util';
import { processTerminal, type Terminal } from '../lib/kernel/terminal.ts';
import { readArguments } from './arguments.ts';
import { EXIT } from './exit.ts';

const HELP_OPTION = { help: { type: 'boolean', short: 'h', default: false } } as const;

interface CommandDefinition<O extends NonNullable<ParseArgsConfig['options']>> {
  /** What `--help` prints. */
  readonly help: string;
  /** Beside `--help`, which every command has. */
  readonly options: O;
  /** @returns the exit code */
  readonly run: (options: OptionsOf<O>, terminal: Terminal) => Promise<number>;
}

type OptionsOf<O extends NonNullable<ParseArgsConfig['options']>> = ReturnType<typeof readArguments<O>>;

/** A command of the command line: reads its options from arguments, explains itself, or runs. */
export const command =
  <const O extends NonNullable<ParseArgsConfig['options']>>({ help, options, run }: CommandDefinition<O>) =>
  async (args: readonly string[]): Promise<number> => {
    const given = readArguments<O & typeof HELP_OPTION>(args, { ...options, ...HELP_OPTION });
    const terminal = processTerminal();
    if ((given as { help?: boolean }).help !== true) return run(given as OptionsOf<O>, terminal);
    terminal.print(help);
    return EXIT.quiet;
  };
