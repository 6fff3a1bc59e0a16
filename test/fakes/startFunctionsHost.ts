import { onTestFinished } from 'vitest';
import { type FunctionApp, loadFunctionApp } from '../../src/local/functionsHost/functionApp.ts';
import {
  createFunctionsHost,
  type FunctionsHostOptions,
} from '../../src/local/functionsHost/functionsHost.ts';
import type { HostLogEntry, Invocation } from '../../src/local/functionsHost/invoker.ts';
import { manualClock } from './manualClock.ts';

type HostOptions = Partial<Omit<FunctionsHostOptions, 'app'>>;

/** Runs an app in a host that ends with the test, and remembers what it said and ran. */
const hostOf = async (app: FunctionApp, options: HostOptions) => {
  const logged: HostLogEntry[] = [];
  const finished: Invocation[] = [];
  const host = await createFunctionsHost({
    app,
    settings: {},
    clock: manualClock(),
    log: (entry) => logged.push(entry),
    finished: (invocation) => finished.push(invocation),
    ...options,
  });
  onTestFinished(() => host.stop());
  return { host, logged, finished };
};

/** The same of what `register` registers. */
export const startFunctionsHost = async (register: () => unknown, options: HostOptions = {}) =>
  hostOf(await loadFunctionApp(register), options);

let whole: Promise<FunctionApp> | undefined;

/** The same of all functions of Keywatch, which register themselves once in a process. */
export const startWholeHost = async (options: HostOptions = {}) => {
  whole ??= loadFunctionApp(() => import('../../src/functions/index.ts'));
  return hostOf(await whole, options);
};
