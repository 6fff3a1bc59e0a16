import { type ModuleHooks, registerHooks } from 'node:module';
import type {
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  ProgrammingModel,
} from './coreTypes.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

/** What one app registered while it was loaded. */
export interface FunctionApp {
  readonly functions: readonly RegisteredFunction[];
  /** In the order of registration. */
  hooks(name: HookName): readonly HookCallback[];
  readonly programmingModel: ProgrammingModel;
}

const CORE = '@azure/functions-core';
const CORE_URL = 'keywatch-local:functions-core';
const SLOT = Symbol.for('keywatch.local.functions-core');

interface Collector {
  readonly functions: RegisteredFunction[];
  readonly hooks: { readonly name: HookName; readonly callback: HookCallback }[];
}

let collector: Collector | undefined;
let programmingModel: ProgrammingModel | undefined;
let systemLog: (level: CoreLogLevel, message: string) => void = () => {};

/**
 * Loads an app and gives what it registered. The library asks for `@azure/functions-core` once in a
 * process; this answers, so that the library's own InvocationContext, HttpRequest and response
 * conversion are used. One app at a time; a module is evaluated once in a process, as ever.
 */
export const loadFunctionApp = async (
  load: () => unknown,
  log: typeof systemLog = () => {},
): Promise<FunctionApp> => {
  if (collector !== undefined) throw new Error('another app is being loaded');
  const hooks = answerForCore();
  systemLog = log;
  const collected: Collector = { functions: [], hooks: [] };
  collector = collected;
  try {
    await load();
  } finally {
    collector = undefined;
    hooks.deregister();
  }
  if (programmingModel === undefined)
    throw new Error('the app registered nothing: it never called app.… of @azure/functions');
  return {
    functions: collected.functions,
    hooks: (name) => collected.hooks.filter((hook) => hook.name === name).map(({ callback }) => callback),
    programmingModel,
  };
};

/** For as long as an app is loaded: with a hook, Node takes a slower way for every module. */
const answerForCore = (): ModuleHooks => {
  Object.defineProperty(globalThis, SLOT, { value: coreApi });
  const source = `module.exports = globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(SLOT))})];`;
  return registerHooks({
    resolve: (specifier, context, next) =>
      specifier === CORE
        ? { url: CORE_URL, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url === CORE_URL ? { format: 'commonjs', source, shortCircuit: true } : next(url, context),
  });
};

const collecting = (what: string): Collector => {
  if (collector === undefined) throw new Error(`${what} after the app was loaded: it would never run`);
  return collector;
};

const coreApi = {
  version: '3.9.1',
  hostVersion: '4.0.0-local',
  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback) {
    const { functions } = collecting(`function ${metadata.name} was registered`);
    if (functions.some((known) => known.metadata.name.toLowerCase() === metadata.name.toLowerCase()))
      throw new Error(`function ${metadata.name} is registered twice`);
    functions.push({ metadata, callback });
  },
  registerHook(name: HookName, callback: HookCallback) {
    collecting(`hook ${name} was registered`).hooks.push({ name, callback });
  },
  setProgrammingModel(model: ProgrammingModel) {
    programmingModel = model;
  },
  getProgrammingModel: () => programmingModel,
  log: (level: CoreLogLevel, _category: CoreLogCategory, message: string) => systemLog(level, message),
};
