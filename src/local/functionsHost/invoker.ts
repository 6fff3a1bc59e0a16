import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../lib/kernel/clock.ts';
import type {
  Binding,
  CoreInvocationContext,
  CoreLogLevel,
  HttpData,
  InvocationContextObject,
  InvocationModel,
  InvocationRequest,
  TypedData,
} from './coreTypes.ts';
import type { FunctionApp, RegisteredFunction } from './functionApp.ts';

export interface HostLogEntry {
  readonly level: CoreLogLevel;
  readonly message: string;
  /** Absent for the host's own words. */
  readonly functionName?: string;
  readonly invocationId?: string;
}

export type HostLog = (entry: HostLogEntry) => void;

export interface Invocation {
  readonly functionName: string;
  readonly invocationId: string;
  readonly startedEpochMs: number;
  readonly durationMs: number;
  /** W3C Trace Context: what the function reports has it, too. */
  readonly traceParent: string;
  /** Of an HTTP function: what was asked, as it came. */
  readonly http?: HttpData | undefined;
  readonly outcome:
    | { readonly ok: true; readonly returnValue: TypedData | null | undefined }
    | { readonly ok: false; readonly error: unknown };
}

/** Executes what a function put out beside its return value; a failure fails the invocation. */
export type OutputWriter = (binding: Binding, data: TypedData) => Promise<void>;

export interface Invoker {
  /** Runs one function with its hooks and outputs. Never rejects: a failure is an outcome. */
  invoke(fn: RegisteredFunction, request: InvocationRequest): Promise<Invocation>;
  /** Of those that run now, with the ones they start meanwhile. */
  readonly running: number;
  idle(): Promise<void>;
}

export interface InvokerOptions {
  readonly app: FunctionApp;
  readonly clock: Clock;
  readonly log: HostLog;
  readonly writeOutput: OutputWriter;
  readonly finished?: ((invocation: Invocation) => void) | undefined;
}

export const createInvoker = (options: InvokerOptions): Invoker => {
  const inFlight = new Set<Promise<unknown>>();
  const { clock, log, finished } = options;

  const invoke = async (fn: RegisteredFunction, request: InvocationRequest): Promise<Invocation> => {
    const invocationId = randomUUID();
    const functionName = fn.metadata.name;
    const startedMs = clock.monotonicMs();
    const startedEpochMs = clock.nowEpochMs();
    const traceParent = traceParentOf(request);
    const traced = { ...request, traceContext: { traceParent } };
    const outcome = await runHooked(options, fn, traced, invocationId).then(
      (returnValue) => ({ ok: true, returnValue }) as const,
      (error: unknown) => ({ ok: false, error }) as const,
    );
    const durationMs = clock.monotonicMs() - startedMs;
    const http = httpOf(request);
    const invocation = { functionName, invocationId, startedEpochMs, durationMs, traceParent, http, outcome };
    if (!outcome.ok)
      log({ level: 'error', functionName, invocationId, message: `failed: ${describeError(outcome.error)}` });
    finished?.(invocation);
    return invocation;
  };

  return {
    invoke(fn, request) {
      const promise = invoke(fn, request);
      inFlight.add(promise);
      void promise.finally(() => inFlight.delete(promise));
      return promise;
    },
    get running() {
      return inFlight.size;
    },
    async idle() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };
};

const httpOf = ({ inputData }: InvocationRequest): HttpData | undefined =>
  inputData.find(({ data }) => data.http !== undefined)?.data.http;

/** A span of its own, in the trace of the caller where an HTTP request names one. */
const traceParentOf = (request: InvocationRequest): string => {
  const given = httpOf(request)?.nullableHeaders?.['traceparent']?.value;
  const [, traceId] = /^00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(given ?? '') ?? [];
  return `00-${traceId ?? randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
};

export const describeError = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);

/** The order of the worker: arguments, preInvocation, the function, postInvocation, the answer. */
const runHooked = async (
  { app, log, writeOutput }: InvokerOptions,
  { metadata, callback }: RegisteredFunction,
  request: InvocationRequest,
  invocationId: string,
): Promise<TypedData | null | undefined> => {
  const core: CoreInvocationContext = {
    invocationId,
    request,
    metadata,
    log: (level, _category, message) =>
      level !== 'none' && log({ level, message, functionName: metadata.name, invocationId }),
  };
  const model = app.programmingModel.getInvocationModel(core);
  const { context, inputs } = await model.getArguments();

  const before = { invocationContext: context, functionCallback: callback, inputs };
  core.state = 'preInvocationHooks';
  for (const hook of app.hooks('preInvocation')) await hook(before);

  core.state = 'invocation';
  const after: { result: unknown; error: unknown } & Record<string, unknown> = {
    ...before,
    result: undefined,
    error: undefined,
  };
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error('the function threw nothing');
  }
  core.state = 'postInvocationHooks';
  for (const hook of app.hooks('postInvocation')) await hook(after);
  if (after.error !== undefined && after.error !== null) throw after.error;
  return writeAnswer(model, context, after.result, { metadata, writeOutput });
};

const writeAnswer = async (
  model: InvocationModel,
  context: InvocationContextObject,
  result: unknown,
  { metadata, writeOutput }: Pick<InvokerOptions, 'writeOutput'> & Pick<RegisteredFunction, 'metadata'>,
): Promise<TypedData | null | undefined> => {
  const { outputData = [], returnValue } = await model.getResponse(context, result);
  const outputs = outputData.flatMap(({ name, data }) => {
    const binding = metadata.bindings[name];
    return binding === undefined ? [] : [{ binding, data }];
  });
  for (const { binding, data } of outputs) await writeOutput(binding, data);
  return returnValue;
};
