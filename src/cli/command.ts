import type { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';
import type { ParseArgsConfig } from 'node:util';
import { processTerminal, type Terminal } from '../lib/kernel/terminal.ts';
import { readArguments } from './arguments.ts';
import { EXIT } from './exit.ts';

const HELP_OPTION = { help: { type: 'boolean', short: 'h', default: false } } as const;

/** What a command has of the process that it runs in, or of whoever runs it in theirs. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly input: Readable;
  /** Where somebody asks it to stop. */
  readonly signals: Pick<EventEmitter, 'once' | 'off'>;
}

export const processSurroundings = (): Surroundings => ({
  terminal: processTerminal(),
  // On first use: to have it is to open it.
  get input() {
    return process.stdin;
  },
  signals: process,
});

/** Takes arguments, and gives the exit code. */
export type Command = (args: readonly string[], surroundings?: Surroundings) => Promise<number>;

interface CommandDefinition<O extends NonNullable<ParseArgsConfig['options']>> {
  readonly help: string;
  /** Beside `--help`, which every command has. */
  readonly options: O;
  /** @returns the exit code */
  readonly run: (options: OptionsOf<O>, terminal: Terminal, surroundings: Surroundings) => Promise<number>;
}

type OptionsOf<O extends NonNullable<ParseArgsConfig['options']>> = ReturnType<typeof readArguments<O>>;

/** A command of the command line: reads its options from arguments, explains itself, or runs. */
export const command =
  <const O extends NonNullable<ParseArgsConfig['options']>>({
    help,
    options,
    run,
  }: CommandDefinition<O>): Command =>
  async (args, surroundings = processSurroundings()) => {
    const given = readArguments<O & typeof HELP_OPTION>(args, { ...options, ...HELP_OPTION });
    const { terminal } = surroundings;
    if ((given as { help?: boolean }).help !== true)
      return run(given as OptionsOf<O>, terminal, surroundings);
    terminal.print(help);
    return EXIT.quiet;
  };
