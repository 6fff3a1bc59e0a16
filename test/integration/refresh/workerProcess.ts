import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { RefreshOutcome } from '../../../src/lib/refresh/refreshOutcome.ts';
import { argsFor, compiledBeside } from '../bundleWorker.ts';
import type { WorkerSetup } from './refreshWorker.ts';

export interface WorkerRun {
  readonly outcome: RefreshOutcome | 'killed';
  /** Calls to the outside that ended, in order. */
  readonly calls: readonly string[];
}

type Said =
  | { readonly look: number; readonly call: string }
  | { readonly outcomes: readonly RefreshOutcome[] };

export interface WorkerProcess {
  /** Lets it look at each of its grants once. */
  run(): Promise<WorkerRun[]>;
  /** SIGKILL, and wait until it is gone. */
  kill(): Promise<void>;
  /** Ends it in good order. */
  end(): Promise<void>;
}

/** Starts a worker from its bundle; everything that it ever prints is added to `printed`. */
export const startWorker = (bundle: string, setup: WorkerSetup, printed: string[]): WorkerProcess => {
  const child = spawn(process.execPath, argsFor(bundle), {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...compiledBeside(bundle) },
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'close').then(() => process.off('exit', kill));
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(setup)}\n`);
  return {
    async run() {
      child.stdin.write('\n');
      const calls: string[][] = setup.looks.map(() => []);
      for (;;) {
        const line = await lines.next();
        if (line.done) {
          await exited;
          if (child.signalCode !== 'SIGKILL')
            throw new Error(`the worker ended by itself: ${printed.slice(-3).join(' ')}`);
          return calls.map((ended) => ({ outcome: 'killed', calls: ended }));
        }
        printed.push(line.value);
        const said: Said = JSON.parse(line.value);
        if ('outcomes' in said)
          return said.outcomes.map((outcome, look) => ({ outcome, calls: calls[look] ?? [] }));
        calls[said.look]?.push(said.call);
      }
    },
    async kill() {
      kill();
      await exited;
    },
    async end() {
      child.stdin.end();
      await exited;
    },
  };
};
