import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createLocalClock } from '../../src/local/clock.ts';
import { loadFunctionApp } from '../../src/local/functionsHost/functionApp.ts';
import { createInvoker } from '../../src/local/functionsHost/invoker.ts';
import { createTimerTrigger } from '../../src/local/functionsHost/timerTrigger.ts';

/**
 * A program of its own (`fireTimer.ts FOLDER NAME`): loads the bundle of a folder as the worker would, and fires one
 * of its timers for every message of its parent. What it sends is the error of that invocation, empty where it has none.
 */
const [, , folder = '.', name] = process.argv;
const requireThere = createRequire(join(folder, 'driver.cjs'));
const app = await loadFunctionApp(() => requireThere('./index.cjs'));
const timer = app.functions.find(({ metadata }) => metadata.name === name);
if (timer === undefined) throw new Error(`there is no function ${name}`);
const common = { clock: createLocalClock(), log: () => undefined };
const invoker = createInvoker({ app, ...common, writeOutput: async () => undefined });
const trigger = createTimerTrigger(timer, { invoker, ...common });
process.on('message', () => {
  void trigger.fire().then(({ outcome }) => process.send?.(outcome.ok ? '' : String(outcome.error)));
});
process.send?.('loaded');
