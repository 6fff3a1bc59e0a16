import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { argsFor, compiledBeside } from '../bundleWorker.ts';
import type { WorldSetup } from '../refresh/realPorts.ts';
import {
  type Answer,
  EVENT_STREAM,
  type FromWorker,
  type Message,
  type Said,
  type ToWorker,
} from './protocol.ts';

/** For what was sent to arrive while the worker stands still, and its way through sockets of this process. */
const [ARRIVAL_MS, ARRIVAL_TURNS] = [20, 20];
const letArrive = async (): Promise<void> => {
  await delay(ARRIVAL_MS);
  for (let passed = 0; passed < ARRIVAL_TURNS; passed += 1) await turn();
};

/** Between `WorkerTerminate` and the kill, as the host does it. */
const GRACE_MS = 5_000;

export interface HostedWorker {
  send(message: ToWorker): void;
  signal(name: NodeJS.Signals): void;
  /** The terminate message, and five seconds later the kill. */
  terminate(): void;
  /** Breaks every connection of the host, as its death does. */
  hostDies(): void;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Calls to the outside that ended, in order, by grant. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
  /** What the host was reported of the invocations that it was reported, by grant. */
  readonly answers: Readonly<Record<string, Answer>>;
}

export interface Run {
  /** Holds the bundle of the app. */
  readonly folder: string;
  /** The bundle of `worker.ts`. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly setup: WorldSetup;
  /** Everything that the worker writes to its standard error is added. */
  readonly printed: string[];
  readonly messages: readonly Message[];
  /** Called when the worker has halted; without a halt, when it has answered everything, or after that. */
  readonly end: (worker: HostedWorker) => void;
  readonly endAfter?: Promise<unknown> | undefined;
}

/** Starts a worker under a host of its own, hands it the messages, and ends it. Resolves when it is gone. */
export const runHosted = async ({
  folder,
  program,
  environment,
  setup,
  printed,
  messages,
  end,
  endAfter,
}: Run): Promise<Ending> => {
  const server = new Server();
  const streams: ServerDuplexStream<FromWorker, ToWorker>[] = [];
  const answers: Record<string, Answer> = {};
  const calls = Object.fromEntries(messages.map(({ grantId }) => [grantId, [] as string[]]));
  const isHalting = messages.some(({ haltAfter }) => haltAfter !== undefined);
  let hasHalted = false;

  server.register(
    EVENT_STREAM.path,
    (stream: ServerDuplexStream<FromWorker, ToWorker>) => {
      streams.push(stream);
      stream.on('error', () => undefined);
      stream.on('data', (message: FromWorker) => {
        if (message.kind === 'started') return void stream.write({ kind: 'invoke', messages });
        answers[message.grantId] = message;
        if (endAfter === undefined && !isHalting && Object.keys(answers).length === messages.length)
          end(worker);
      });
    },
    EVENT_STREAM.responseSerialize,
    EVENT_STREAM.requestDeserialize,
    'bidi',
  );
  const grpcPort = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    ),
  );
  const line = await severableLine(grpcPort);
  const child = spawn(process.execPath, [...argsFor(program), folder, String(line.port)], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...environment, ...compiledBeside(program) },
    cwd: folder,
  });
  const release = child.stdio[3] as Writable;
  release.on('error', () => undefined);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const worker: HostedWorker = {
    send: (message) => void streams.at(-1)?.write(message),
    signal: (name) => void child.kill(name),
    terminate() {
      worker.send({ kind: 'terminate' });
      setTimeout(kill, GRACE_MS).unref();
    },
    hostDies: line.sever,
  };
  void endAfter?.then(() => end(worker));
  createInterface({ input: child.stdout }).on('line', (text) => {
    const said: Said = JSON.parse(text);
    if ('call' in said) calls[said.grantId]?.push(said.call);
    else {
      hasHalted = true;
      end(worker);
      void letArrive().then(() => release.write('.'));
    }
  });
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  child.stdin.end(`${JSON.stringify(setup)}\n`);
  const [code, signal] = (await once(child, 'close')) as [Ending['code'], Ending['signal']];
  process.off('exit', kill);
  line.sever();
  server.forceShutdown();
  if (isHalting && !hasHalted) throw new Error(`the worker ended by itself: ${printed.at(-1)}`);
  return { code, signal, calls, answers };
};

/** A way to the host that can be cut as a dying process cuts it. */
const severableLine = async (target: number) => {
  const sockets = new Set<Socket>();
  const line = createServer((near) => {
    const far = openSocket(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  });
  line.listen(0, '127.0.0.1');
  await once(line, 'listening');
  return {
    port: (line.address() as AddressInfo).port,
    sever() {
      line.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};
