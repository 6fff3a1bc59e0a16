import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../../lib/kernel/terminal.ts';
import { MINUTE_MS } from '../../lib/kernel/time.ts';
import { consentAt } from '../../local/gameDay/consent.ts';
import type { Step } from '../../local/gameDay/gameDay.ts';
import type { Stage } from '../../local/gameDay/stage.ts';

/** A step that takes longer waits for somebody. */
const TIMEOUT_MS = 60_000;
const ROOT = join(import.meta.dirname, '../../..');

/** Follows one step as a person does, in a process of its own where it is a command. Rejects where it fails. */
export const playStep = async (step: Step, stage: Stage, terminal: Terminal): Promise<void> => {
  if ('act' in step) return step.act();
  if ('minutes' in step) return stage.ahead(step.minutes * MINUTE_MS);
  const { path } = stage.app.folder;
  const command =
    'program' in step
      ? [`--env-file=${join(path, 'programs', `${step.program}.env`)}`, 'samples/program.mjs']
      : ['src/cli/cli.ts', step.run[0], '--local', path, ...step.run.slice(1)];
  const child = spawn(process.execPath, command, { cwd: ROOT, timeout: TIMEOUT_MS });
  const ended = once(child, 'close');
  if ('run' in step && step.input !== undefined) createReadStream(step.input).pipe(child.stdin);
  else child.stdin.end();
  let output = '';
  let consenting: Promise<unknown> | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
      const [link] = /http:\/\/\S+\/connect\/\S+(?=\n)/.exec(output) ?? [];
      if ('run' in step && step.consents && link !== undefined) consenting ??= consentAt(link);
    });
  const [code] = await ended;
  await consenting;
  for (const line of output.trimEnd().split('\n')) terminal.print(`     > ${line}`);
  if (code !== 0) throw new Error(`it ended with exit code ${code}`);
};
