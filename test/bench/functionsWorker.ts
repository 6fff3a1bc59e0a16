import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { AS_DEPLOYED } from './childProcess.ts';

/**
 * The Node.js worker of Azure Functions as its source is published (Azure/azure-functions-nodejs-worker), built: a
 * folder with `dist/src` and its `node_modules`. This repository does not bring it along.
 */
export const workerFolder = (): string | undefined => {
  const folder = process.env['FUNCTIONS_NODE_WORKER'];
  return folder !== undefined && existsSync(join(folder, 'dist/src/Worker.js')) ? folder : undefined;
};

export interface ColdStart {
  /** From the worker's first word until it has loaded the app and run its start hooks. */
  readonly entryMs: number;
  /** The processor time of it: on a machine that others use too, what it would take on one that they do not. */
  readonly entryCpuMs: number;
  /** Until every function is loaded. */
  readonly indexMs: number;
  readonly firstMs: number;
  readonly totalMs: number;
  /** Of the worker, from its own start to the end of the first invocation. */
  readonly cpuMs: number;
  readonly secondMs: number;
}

export interface StartedApp {
  readonly folder: string;
  readonly functionName: string;
  readonly environment: Readonly<Record<string, string>>;
}

type Message = Readonly<Record<string, unknown>>;
interface FunctionMetadata {
  readonly name: string;
  readonly functionId: string;
  readonly rawBindings: readonly string[];
}
interface Result {
  readonly status: number;
  readonly exception?: { readonly message?: string } | null;
}

const START = `require(process.env.BENCH_WORKER).startNodeWorker([process.argv[0], 'worker', ...process.argv.slice(1)])`;
const MOST_BYTES = 64 * 1024 * 1024;

/** Plays the host for one worker: loads an app, invokes one timer twice, ends it. */
export const coldStart = async (
  worker: string,
  { folder, functionName, environment }: StartedApp,
): Promise<ColdStart> => {
  const server = new Server({ 'grpc.max_receive_message_length': MOST_BYTES });
  const stream = Promise.withResolvers<ServerDuplexStream<Message, Message>>();
  const { method, service } = eventStreamOf(worker);
  server.addService(service, {
    [method]: (call: ServerDuplexStream<Message, Message>) => stream.resolve(call),
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const names = [
    'uri',
    `http://127.0.0.1:${port}/`,
    'worker-id',
    'w',
    'request-id',
    'r',
    'grpc-max-message-length',
    `${MOST_BYTES}`,
  ];
  const options = names.flatMap((text, index) => (index % 2 === 0 ? [`--functions-${text}`] : [text]));
  const child = spawn(process.execPath, [...AS_DEPLOYED, '-e', START, '--', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], BENCH_WORKER: join(worker, 'dist/src/Worker.js'), ...environment },
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const gone = new Promise<never>((_resolve, reject) =>
    child.on('exit', (code) =>
      reject(new Error(`the worker ended with ${code}: ${complaint.slice(0, 2_000)}`)),
    ),
  );
  gone.catch(() => undefined);
  try {
    const call = await Promise.race([stream.promise, gone]);
    const ask = conversation(call, gone);
    await ask.next('startStream');
    const startedCpuMs = cpuMsOf(child.pid);
    const startedMs = performance.now();
    const since = () => performance.now() - startedMs;

    const paths = { functionAppDirectory: folder, workerDirectory: worker };
    await ask.for('workerInitResponse', {
      workerInitRequest: { hostVersion: '4.1000.0', ...paths, capabilities: {}, logCategories: {} },
    });
    const entryMs = since();
    const entryCpuMs = cpuMsOf(child.pid) - startedCpuMs;
    const indexed = await ask.for('functionMetadataResponse', { functionsMetadataRequest: paths });
    const functions = indexed['functionMetadataResults'] as readonly FunctionMetadata[];
    for (const metadata of functions)
      await ask.for('functionLoadResponse', {
        functionLoadRequest: { functionId: metadata.functionId, metadata },
      });
    const indexedMs = since();

    const timer = functions.find(({ name }) => name === functionName);
    if (timer === undefined) throw new Error(`${folder} registered no ${functionName}: ${complaint}`);
    const invoke = (invocationId: string) =>
      ask.for('invocationResponse', { invocationRequest: invocationOf(timer, invocationId) });
    await invoke('one');
    const totalMs = since();
    const cpuMs = cpuMsOf(child.pid);
    await invoke('two');
    const secondMs = since() - totalMs;
    return {
      entryMs,
      entryCpuMs,
      indexMs: indexedMs - entryMs,
      firstMs: totalMs - indexedMs,
      totalMs,
      cpuMs,
      secondMs,
    };
  } finally {
    child.kill('SIGKILL');
    server.forceShutdown();
  }
};

/** The event stream of `FunctionRpc.proto`, as the worker itself reads it. */
const eventStreamOf = (worker: string): { method: string; service: ServiceDefinition } => {
  const requireThere = createRequire(join(worker, 'dist/src/Worker.js'));
  const { fromJSON } = requireThere('@grpc/proto-loader') as {
    fromJSON: (json: unknown, options: object) => Readonly<Record<string, ServiceDefinition>>;
  };
  const json = requireThere('../azure-functions-language-worker-protobuf/src/rpc');
  const packages = fromJSON(json, { objects: true, defaults: true, oneofs: true });
  const service = packages['AzureFunctionsRpcMessages.FunctionRpc'] ?? {};
  const [method = ''] = Object.entries(service)
    .filter(([, { path }]: [string, MethodDefinition<unknown, unknown>]) => path.endsWith('/EventStream'))
    .map(([name]) => name);
  return { method, service };
};

/** Question and answer over a stream on which logs come in between. */
const conversation = (call: ServerDuplexStream<Message, Message>, gone: Promise<never>) => {
  const waiting = new Map<string, (message: Message) => void>();
  const early = new Map<string, Message>();
  call.on('error', () => undefined);
  call.on('data', (message: Message) => {
    const content = String(message['content']);
    const take = waiting.get(content);
    waiting.delete(content);
    if (take === undefined) early.set(content, message);
    else take(message);
  });
  const next = async (content: string): Promise<Message> => {
    const arrived = early.get(content);
    const message =
      arrived ??
      (await Promise.race([gone, new Promise<Message>((resolve) => waiting.set(content, resolve))]));
    const answer = message[content] as Message;
    const result = answer['result'] as Result | undefined | null;
    if (result && result.status !== 1) throw new Error(`${content}: ${result.exception?.message}`);
    return answer;
  };
  return {
    next,
    for: (content: string, question: Message): Promise<Message> => {
      const answer = next(content);
      call.write({ requestId: content, ...question });
      return answer;
    },
  };
};

const invocationOf = ({ functionId, rawBindings }: FunctionMetadata, invocationId: string): Message => {
  const bindings = rawBindings.map((text) => JSON.parse(text) as { name: string; direction: string });
  const now = Date.now();
  const at = (ms: number) => new Date(ms).toISOString();
  const timer = {
    Schedule: { AdjustForDST: false },
    ScheduleStatus: { Last: at(now - 3_600_000), LastUpdated: at(now - 3_600_000), Next: at(now) },
    IsPastDue: false,
  };
  const [{ name } = { name: '' }] = bindings.filter(({ direction }) => direction === 'in');
  return {
    invocationId,
    functionId,
    inputData: [{ name, data: { json: JSON.stringify(timer) } }],
    triggerMetadata: {},
  };
};

/** Of all threads of a process, as Linux counts it: in nanoseconds. */
const cpuMsOf = (pid: number | undefined): number => {
  const tasks = `/proc/${pid}/task`;
  const spent = readdirSync(tasks).map((task) => Number(textOf(`${tasks}/${task}/schedstat`).split(' ')[0]));
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
};

/** Empty where a thread has ended meanwhile. */
const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
