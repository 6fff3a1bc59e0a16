import { AsyncLocalStorage } from 'node:async_hooks';
import { readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client, credentials } from '@grpc/grpc-js';
import { createLocalClock } from '../../../src/local/clock.ts';
import { loadFunctionApp } from '../../../src/local/functionsHost/functionApp.ts';
import { createInvoker } from '../../../src/local/functionsHost/invoker.ts';
import { meetingPoint } from '../refresh/meetingPoint.ts';
import { EVENT_STREAM, type FromWorker, type Message, say, type ToWorker } from './protocol.ts';

/**
 * The Node.js worker as far as its end goes (`node worker.ts FOLDER PORT`), after GrpcClient.ts, Worker.ts and
 * terminateWorker.ts of azure-functions-nodejs-worker 3.9.1: no handler of signals, `process.exit` when the
 * stream ends, an uncaught exception when it breaks. The setup comes as one line of standard input.
 */
const RELEASE_FD = 3;

type Point = ReturnType<ReturnType<typeof meetingPoint>>;

interface Invocation {
  readonly grantId: string;
  readonly point: Point;
  readonly logs: string[];
}

const [folder = '', port = ''] = process.argv.slice(2);

const { path, requestSerialize, responseDeserialize } = EVENT_STREAM;
const stream = new Client(`127.0.0.1:${port}`, credentials.createInsecure()).makeBidiStreamRequest(
  path,
  requestSerialize,
  responseDeserialize,
);
stream.on('end', () => {
  stream.end();
  process.exit();
});
stream.on('error', (error) => {
  throw error;
});
process.on('uncaughtException', (error) => {
  console.error(`Worker uncaught exception: ${error.stack}`);
  process.exit(1);
});
const write = (message: FromWorker): void => void stream.write(message);

const setupLine = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
/** The invocation that a call or a log belongs to. */
const current = new AsyncLocalStorage<Invocation>();
const afterCall = async (call: string): Promise<void> => {
  const { grantId, point } = current.getStore() as Invocation;
  say({ grantId, call });
  await point.halted();
};
Object.defineProperty(globalThis, Symbol.for('keywatch.test.stage'), {
  value: { setup: JSON.parse(setupLine.value ?? '{}'), afterCall },
});

const app = await loadFunctionApp(() => createRequire(join(folder, 'worker.cjs'))('./index.cjs'));
const invoker = createInvoker({
  app,
  clock: createLocalClock(),
  log: ({ message }) => void current.getStore()?.logs.push(message),
  writeOutput: async () => undefined,
});

const invoke = async ({ grantId, point, logs }: Invocation): Promise<void> => {
  const refreshGrant = app.functions.find(({ metadata }) => metadata.name === 'refreshGrant');
  const bindings = Object.values(refreshGrant?.metadata.bindings ?? {});
  const [name] = bindings.flatMap(({ direction, name }) => (direction === 'in' ? [String(name)] : []));
  if (refreshGrant === undefined || name === undefined) throw new Error('there is no refreshGrant');
  const message = JSON.stringify({ grantId, trigger: 'manual', reason: 'asked for' });
  const { outcome } = await invoker.invoke(refreshGrant, {
    inputData: [{ name, data: { string: message } }],
    triggerMetadata: {},
  });
  const answer = { ok: outcome.ok, logs };
  point.ended(answer);
  write({ kind: 'answered', grantId, ...answer });
};

const invokeAll = (messages: readonly Message[]): void => {
  const halting = meetingPoint(messages, () => {
    say({ halted: true });
    // Stands still until whoever ends this worker has acted: what was done to it is the next that it sees.
    readSync(RELEASE_FD, Buffer.alloc(1));
  });
  for (const message of messages) {
    const invocation = { grantId: message.grantId, point: halting(message), logs: [] };
    void current.run(invocation, () => invoke(invocation));
  }
};

stream.on('data', async (message: ToWorker) => {
  if (message.kind === 'invoke') return invokeAll(message.messages);
  if (message.kind === 'reject_unhandled') return void Promise.reject(new Error('of another function'));
  for (const hook of app.hooks('appTerminate')) await hook({});
  stream.end();
  process.exit(0);
});
write({ kind: 'started' });
