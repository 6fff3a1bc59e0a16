import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

/** What `npm start` runs, up to the name of the command. */
const [, ...KEYWATCH] = packageJson.scripts.start.split(' ').slice(0, -1);

export interface Running {
  readonly child: ChildProcess;
  /** Both streams so far. */
  output(): string;
  /** Resolves as soon as they match; rejects where it ends before. */
  seen(pattern: RegExp): Promise<void>;
  ended: Promise<number | null>;
}

/** Takes what ends something, to be called when a test, or all of a file, is over. */
export type AtEnd = (end: () => void | Promise<void>) => unknown;

/** `keywatch start` as a user runs it, in a process of its own that dies with the test. */
export const runStart = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  atEnd?: AtEnd,
): Running => runKeywatch(['start', ...args], { environment, ...(atEnd && { atEnd }) });

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** The descriptor that standard output goes to; absent: what `output` gives. */
  readonly stdout?: number;
  readonly atEnd?: AtEnd;
}

/** Any command as a user runs it, in a process of its own that dies with the test. */
export const runKeywatch = (args: readonly string[], options?: RunOptions): Running =>
  runProgram(process.execPath, [...KEYWATCH, ...args], options);

/** What comes before the name of a command in a line for `runShell`. */
export const KEYWATCH_LINE = [process.execPath, ...KEYWATCH].join(' ');

/** A line of a terminal. */
export const runShell = (line: string): Running => runProgram('/bin/sh', ['-c', `exec ${line}`]);

const runProgram = (
  program: string,
  args: readonly string[],
  { environment = {}, stdout, atEnd = onTestFinished }: RunOptions = {},
): Running => {
  const child = spawn(program, args, {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...environment },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const seen = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => pattern.test(output) && resolve();
      look();
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
      void ended.then(() => reject(new Error(`It ended, and ${pattern} was not seen: ${output}`)));
    });
  atEnd(() => void child.kill('SIGKILL'));
  return { child, output: () => output, seen, ended };
};

/** Standard output that takes nothing, as on a full disk: a file opened for reading. */
export const unwritable = (): number => {
  const descriptor = openSync(import.meta.filename, 'r');
  onTestFinished(() => closeSync(descriptor));
  return descriptor;
};

const MINUTES_AHEAD = new URL('../later/minutesAhead.ts', import.meta.url).href;
const MINUTE = 10;

/** The environment of processes for which it is that minute of the hour: around the full one no grant is refreshed. */
export const amidTheHour = (): NodeJS.ProcessEnv => ({
  MINUTES_AHEAD: String((60 + MINUTE - new Date().getUTCMinutes()) % 60),
  NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${MINUTES_AHEAD}`,
});

/** A data folder that goes with the test. */
export const newFolder = (atEnd: AtEnd = onTestFinished): string => {
  const parent = mkdtempSync(join(tmpdir(), 'keywatch-start-'));
  atEnd(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, '.keywatch');
};
