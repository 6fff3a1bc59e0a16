import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../lib/kernel/clock.ts';
import { listen } from '../listen.ts';
import type { FunctionApp } from './functionApp.ts';
import { QUEUE_LIMITS, type QueueLimits, routePrefix } from './hostJson.ts';
import { createHostQueues, type HostSettings } from './hostQueues.ts';
import { createHttpServer } from './httpServer.ts';
import { createInvoker, describeError, type HostLog, type Invocation, type OutputWriter } from './invoker.ts';
import { encodeMessage, messagesOf } from './queueMessage.ts';
import { createQueueTrigger, type QueueTrigger } from './queueTrigger.ts';
import { createRoutes, type Route } from './routes.ts';
import { type RunReport, runOnce } from './runOnce.ts';
import { createTimerTrigger, type TimerTrigger } from './timerTrigger.ts';
import { functionsOf, refuseWhatCannotRun } from './triggers.ts';

const DRAIN_TIMEOUT_MS = 30_000;

/** Said at the start: whoever tests here must know what only Azure will show. */
export const LIMITS_IN_WORDS: readonly string[] = [
  'This is not the Azure Functions host: it runs the registered functions in this one process, for a look',
  'and for tests. It takes no storage lock (two of them fire timers twice), scales to nobody, asks for no',
  'keys (it listens on this machine only), ends no function that runs too long, waits half a minute for',
  'what runs where Azure gives a worker that has to go five seconds or none, knows no retry policies and',
  'no triggers but timers, storage queues, HTTP and Event Grid.',
];

export interface FunctionsHostOptions {
  readonly app: FunctionApp;
  /** App settings: what `connection` in bindings refers to. */
  readonly settings: HostSettings;
  readonly clock: Clock;
  readonly log: HostLog;
  /** Where they are not those of host.json. */
  readonly limits?: Partial<QueueLimits>;
  /** Reported of every invocation that has ended. */
  readonly finished?: (invocation: Invocation) => void;
}

export interface FunctionsHost {
  readonly timers: readonly TimerTrigger[];
  readonly queues: readonly QueueTrigger[];
  readonly routes: readonly Route[];
  /** Names of the functions that Event Grid reaches. */
  readonly eventGridFunctions: readonly string[];
  /** Serves HTTP and Event Grid on 127.0.0.1; 0 takes any free port. Rejects when the port is taken. */
  listen(port: number): Promise<string>;
  /** Fires timers on schedule and polls queues, from now until `stop`. */
  startTriggers(): void;
  /**
   * Fires every timer once, or those that are meant, and works off the queues until they are quiet. Not while
   * triggers run.
   */
  runOnce(isMeant?: (timer: string) => boolean): Promise<RunReport>;
  /** Messages that are still there: failed ones waiting for their next attempt, or ones sent for later. */
  waiting(): Promise<number>;
  /** Stops the triggers, waits for what is running (30 s at most) and runs the appTerminate hooks. */
  stop(): Promise<void>;
}

/**
 * Brings up an app without the Functions host.
 * @throws Error naming every binding that cannot work here.
 */
export const createFunctionsHost = async (options: FunctionsHostOptions): Promise<FunctionsHost> => {
  const { app, settings, clock, log, finished } = options;
  const limits = { ...QUEUE_LIMITS, ...options.limits };
  const { functions } = app;
  refuseWhatCannotRun(functions);
  const hostQueues = createHostQueues(settings);
  const writeOutput: OutputWriter = async (binding, data) => {
    const queueName = String(binding['queueName']);
    const target = await hostQueues.open(queueName);
    for (const message of messagesOf(data)) await target.sendMessage(encodeMessage(message));
    for (const queue of queues) if (queue.queueName === queueName) queue.wake();
  };
  const invoker = createInvoker({ app, clock, log, writeOutput, finished });

  const timers = functionsOf(functions, 'timerTrigger').map((fn) =>
    createTimerTrigger(fn, { invoker, clock, log }),
  );
  const queues = functionsOf(functions, 'queueTrigger').map((fn) =>
    createQueueTrigger(fn, { invoker, queues: hostQueues, limits, clock, log }),
  );
  const routes = createRoutes(functionsOf(functions, 'httpTrigger'), routePrefix);
  const eventGridFunctions = functionsOf(functions, 'eventGridTrigger');

  const stopping = new AbortController();
  const loops: Promise<void>[] = [];
  let server: Server | undefined;
  let stopped: Promise<void> | undefined;

  const stopAll = async (): Promise<void> => {
    stopping.abort();
    const closed = server === undefined ? undefined : closeServer(server);
    const settled = Promise.all([...loops, invoker.idle(), closed]).then(() => true);
    // In real time: a stopped clock must not hang it.
    if (!(await Promise.race([settled, delay(DRAIN_TIMEOUT_MS, false, { ref: false })])))
      log({ level: 'warning', message: `${invoker.running} invocations did not end within 30 s` });
    server?.closeAllConnections();
    for (const hook of app.hooks('appTerminate')) {
      try {
        await hook({});
      } catch (error) {
        log({ level: 'error', message: `an appTerminate hook failed: ${describeError(error)}` });
      }
    }
  };
  const stop = () => {
    stopped ??= stopAll();
    return stopped;
  };

  return {
    timers,
    queues,
    routes,
    eventGridFunctions: eventGridFunctions.map(({ metadata }) => metadata.name),
    async listen(port) {
      const starting = createHttpServer({ routes, eventGridFunctions, invoker, log });
      const url = await listen(starting, port);
      server = starting;
      return url;
    },
    startTriggers() {
      for (const trigger of [...timers, ...queues]) loops.push(trigger.run(stopping.signal));
    },
    runOnce: (isMeant = () => true) =>
      runOnce(
        timers.filter(({ functionName }) => isMeant(functionName)),
        queues,
        invoker,
      ),
    async waiting() {
      const counts = await Promise.all(queues.map((queue) => queue.waiting()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    stop,
  };
};

/** Resolves when every answer under way has been sent; idle connections are closed at once. */
const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
