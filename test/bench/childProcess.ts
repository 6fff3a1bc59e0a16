import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How `npm run scan` and the deployed app start Node: see `package.json` and `infra/modules/functionApp.bicep`. */
export const AS_DEPLOYED: readonly string[] = ['--max-semi-space-size=16'];

/** Without the switch of `npm run bench`: a child that measures a compile cache names its own. */
const { NODE_DISABLE_COMPILE_CACHE: _, ...ENVIRONMENT } = process.env;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface Child<T> {
  /** What it sent first. */
  readonly message: T;
  readonly ended: Promise<unknown>;
  end(): Promise<void>;
}

/** Starts a script of this folder in a process of its own, and waits for the first message that it sends. */
export const startChild = async <T>(
  script: string,
  input: unknown,
  execArgv: readonly string[] = [],
): Promise<Child<T>> => {
  const options = { execArgv: [...execArgv], env: ENVIRONMENT };
  const child = fork(join(import.meta.dirname, script), [JSON.stringify(input)], options);
  running.add(child);
  const ended = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const failed = ended.then((code): never => {
    throw new Error(`${script} ended with ${code} before it said anything`);
  });
  const [message] = (await Promise.race([once(child, 'message'), failed])) as [T];
  failed.catch(() => undefined);
  return {
    message,
    ended,
    async end() {
      child.kill();
      await ended;
    },
  };
};

/** Runs a script of this folder to its end and gives what it sent. */
export const runChild = async <T>(
  script: string,
  input: unknown,
  execArgv: readonly string[] = [],
): Promise<T> => {
  const { message, ended } = await startChild<T>(script, input, execArgv);
  await ended;
  return message;
};

/** What the parent gave to this process. */
export const inputOf = <T>(): T => JSON.parse(process.argv[2] ?? '') as T;

/** Sends the result of this process to its parent. */
export const answer = (result: unknown): Promise<void> =>
  new Promise((resolve, reject) => {
    process.send?.(result, (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
