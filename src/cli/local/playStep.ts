import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import { MINUTE_MS } from '../../lib/kernel/time.ts';
import { within } from '../../lib/kernel/within.ts';
import { consentAt } from '../../local/gameDay/consent.ts';
import type { Step } from '../../local/gameDay/gameDay.ts';
import type { Stage } from '../../local/gameDay/stage.ts';
import { runCommandLine } from '../commandLine.ts';

/** A step that takes longer waits for somebody. */
const TIMEOUT_MS = 60_000;
const ROOT = join(import.meta.dirname, '../../..');

export interface Played {
  readonly stage: Pick<Stage, 'app' | 'ahead'>;
  readonly terminal: Pick<Terminal, 'print'>;
  readonly stop: AbortSignal;
}

type CommandStep = Extract<Step, { readonly run: unknown }>;

/** Follows one step as a person does. Rejects where it fails. */
export const playStep = async (step: Step, { stage, terminal, stop }: Played): Promise<void> => {
  if ('act' in step) return step.act();
  if ('minutes' in step) return stage.ahead(step.minutes * MINUTE_MS);
  const { path } = stage.app.folder;
  const { output, exitCode } =
    'program' in step ? await runProgram(step.program, path) : await runCommand(step, path, stop);
  for (const line of output.trimEnd().split('\n')) terminal.print(`     > ${line}`);
  if (exitCode !== 0) throw new Error(`it ended with exit code ${exitCode}`);
};

interface Ended {
  /** Both streams. */
  readonly output: string;
  readonly exitCode: number | null;
}

const runProgram = async (program: string, folder: string): Promise<Ended> => {
  const environment = join(folder, 'programs', `${program}.env`);
  const child = spawn(process.execPath, [`--env-file=${environment}`, 'samples/program.mjs'], {
    cwd: ROOT,
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [exitCode] = await once(child, 'close');
  return { output, exitCode };
};

/** In this process: to load the libraries of a command anew takes five times as long as the command. */
const runCommand = async ({ run, input, consents }: CommandStep, folder: string, stop: AbortSignal) => {
  const signals = new EventEmitter();
  const interrupt = (): void => void signals.emit('SIGINT');
  let output = '';
  let consenting: Promise<unknown> | undefined;
  const consent = (link: string) =>
    consentAt(link).catch((error: Error) => {
      say(`The consent failed: ${error.message}`);
      interrupt();
    });
  const say = (line: string): void => {
    output += `${line}\n`;
    const [link] = /http:\/\/\S+\/connect\/\S+$/.exec(line) ?? [];
    if (consents && link !== undefined) consenting ??= consent(link);
  };
  stop.addEventListener('abort', interrupt);
  const [name, ...args] = run;
  const running = runCommandLine([name, '--local', folder, ...args], {
    terminal: {
      ...{ hasColour: false, width: undefined, print: say, note: say, progress: () => undefined },
      printAll: async (lines) => [...lines].forEach(say),
    },
    input: input === undefined ? Readable.from([]) : createReadStream(input),
    signals,
  });
  const isInTime = await within(TIMEOUT_MS, running);
  stop.removeEventListener('abort', interrupt);
  if (!isInTime) {
    interrupt();
    return { output, exitCode: null };
  }
  await consenting;
  return { output, exitCode: await running };
};
