import { onTestFinished } from 'vitest';
import { loadFunctionApp } from '../../src/local/functionsHost/functionApp.ts';
import {
  createFunctionsHost,
  type FunctionsHostOptions,
} from '../../src/local/functionsHost/functionsHost.ts';
import { parseHostJson } from '../../src/local/functionsHost/hostJson.ts';
import type { HostLogEntry, Invocation } from '../../src/local/functionsHost/invoker.ts';
import { manualClock } from './manualClock.ts';

/** Runs what `register` registers in a host that ends with the test, and remembers what it said and ran. */
export const startFunctionsHost = async (
  register: () => unknown,
  {
    hostJson = {},
    ...options
  }: Partial<Omit<FunctionsHostOptions, 'hostJson'>> & { readonly hostJson?: object } = {},
) => {
  const logged: HostLogEntry[] = [];
  const finished: Invocation[] = [];
  const host = await createFunctionsHost({
    app: await loadFunctionApp(register),
    hostJson: parseHostJson(JSON.stringify({ version: '2.0', ...hostJson })),
    settings: {},
    clock: manualClock(),
    log: (entry) => logged.push(entry),
    finished: (invocation) => finished.push(invocation),
    ...options,
  });
  onTestFinished(() => host.stop());
  return { host, logged, finished };
};
