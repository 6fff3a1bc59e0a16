import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { readEnvironment } from './environment.ts';

/** Where a command writes: results to standard output, everything else to standard error. */
export interface Terminal {
  readonly hasColour: boolean;
  /** Columns that results have room in; `undefined` where they go to a file or a pipe. */
  readonly width: number | undefined;
  print(line: string): void;
  /** Prints any number of lines, as fast as they are read; stops where nobody reads any more. */
  printAll(lines: Iterable<string>): Promise<void>;
  note(line: string): void;
  /** Replaces the progress line; shown on an interactive terminal only. An empty text removes it. */
  progress(text: string): void;
}

/**
 * The process's own terminal. Colour follows NO_COLOR and FORCE_COLOR, else whether output is a terminal. One that calls
 * itself dumb shows every escape as it is, and takes none.
 */
export const processTerminal = (): Terminal => {
  const environment = readEnvironment();
  const isDumb = environment['TERM'] === 'dumb';
  const isInteractive = process.stderr.isTTY === true && !isDumb && environment['CI'] === undefined;
  const clear = isInteractive ? '\r\u001b[2K' : '';
  const write = (line: string) => process.stdout.write(`${line}\n`);
  return {
    hasColour: environment['NO_COLOR']
      ? false
      : environment['FORCE_COLOR']
        ? true
        : process.stdout.isTTY === true && !isDumb,
    // 0 is what a terminal that does not know says.
    width: (process.stdout.isTTY === true && process.stdout.columns) || undefined,
    print: (line) => {
      if (isInteractive) process.stderr.write(clear);
      write(line);
    },
    async printAll(lines) {
      if (isInteractive) process.stderr.write(clear);
      await writeLines(process.stdout, lines);
    },
    note: (line) => void process.stderr.write(`${clear}${line}\n`),
    progress: (text) => {
      if (isInteractive) process.stderr.write(`${clear}${text}`);
    },
  };
};

/** Lines that a person enters, one after the other; `undefined` when there are no more, or the signal aborts. */
export const lineReader = (input: Readable): ((signal: AbortSignal) => Promise<string | undefined>) => {
  const lines = createInterface({ input, terminal: false })[Symbol.asyncIterator]();
  return async (signal) => {
    if (signal.aborted) return undefined;
    const aborted = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    return Promise.race([aborted, lines.next().then(({ done, value }) => (done ? undefined : value))]);
  };
};

/** A write for each line would cost more than the lines. */
const CHUNK_CHARACTERS = 64 * 1024;

/** Writes lines into a stream, and waits while it is full. Never rejects: what breaks the stream is its listeners'. */
export const writeLines = async (stream: Writable, lines: Iterable<string>): Promise<void> => {
  let chunk = '';
  const send = async (): Promise<void> => {
    const hasRoom = stream.write(chunk);
    chunk = '';
    if (hasRoom || !stream.writable) return;
    const end = new AbortController();
    const { signal } = end;
    const waits = ['drain', 'close', 'error'].map((event) => once(stream, event, { signal }));
    await Promise.race(waits).catch(() => undefined);
    end.abort();
    await Promise.allSettled(waits);
  };
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length >= CHUNK_CHARACTERS) await send();
    if (!stream.writable) return;
  }
  if (chunk !== '') await send();
};
