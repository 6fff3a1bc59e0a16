import { readEnvironment } from './environment.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  readonly hasColour: boolean;
  /** Columns that results have room in; `undefined` where they go to a file or a pipe. */
  readonly width: number | undefined;
  print(line: string): void;
  note(line: string): void;
  /** Replaces the progress line; shown on an interactive terminal only. An empty text removes it. */
  progress(text: string): void;
}

/** The process's own terminal. Colour follows NO_COLOR and FORCE_COLOR, else whether output is a terminal. */
export const processTerminal = (): Terminal => {
  const environment = readEnvironment();
  const isInteractive = process.stderr.isTTY === true && environment['CI'] === undefined;
  const clear = isInteractive ? '\r\u001b[2K' : '';
  const write = (line: string) => process.stdout.write(`${line}\n`);
  return {
    hasColour: environment['NO_COLOR']
      ? false
      : environment['FORCE_COLOR']
        ? true
        : process.stdout.isTTY === true,
    // 0 is what a terminal that does not know says.
    width: (process.stdout.isTTY === true && process.stdout.columns) || undefined,
    print: (line) => {
      if (isInteractive) process.stderr.write(clear);
      write(line);
    },
    note: (line) => void process.stderr.write(`${clear}${line}\n`),
    progress: (text) => {
      if (isInteractive) process.stderr.write(`${clear}${text}`);
    },
  };
};
