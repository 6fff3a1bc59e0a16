import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InvocationContext } from '@azure/functions';
import { createLocalClock } from '../../src/local/clock.ts';
import { loadFunctionApp } from '../../src/local/functionsHost/functionApp.ts';
import { createFunctionsHost } from '../../src/local/functionsHost/functionsHost.ts';

/**
 * A program of its own (`node runBundle.ts FOLDER`): loads the bundle of a folder as the worker would and
 * prints, as JSON, what it registered, how health answers, and which of its other files could be loaded.
 */
const folder = process.argv[2] ?? '.';
const requireThere = createRequire(join(folder, 'driver.cjs'));
const app = await loadFunctionApp(() => requireThere('./index.cjs'));
const host = await createFunctionsHost({
  app,
  settings: {},
  clock: createLocalClock(),
  log: ({ level, message }) => console.error(level, message),
});
const health = await fetch(`${await host.listen(0)}/api/health`);
// The first scan loads the SDKs of vaults and of telemetry; nobody answers it.
const scanTarget = app.functions.find(({ metadata }) => metadata.name === 'scanTarget');
const message = {
  source: 'keyvault',
  target: process.env['KEYWATCH_VAULTS'],
  runId: randomUUID(),
  mode: 'attention',
};
const logged: string[] = [];
const logHandler = (_level: string, ...words: unknown[]) => void logged.push(words.join(' '));
const context = new InvocationContext({ functionName: 'scanTarget', logHandler });
await Promise.resolve(scanTarget?.callback(message, context)).catch(() => undefined);
const report = {
  logged,
  functions: app.functions.map(({ metadata }) => metadata.name).sort(),
  hooks: app.hooks('postInvocation').length,
  health: health.status,
  loaded: readdirSync(folder)
    .filter((file) => file.endsWith('.cjs'))
    .filter((file) => requireThere(`./${file}`) !== undefined),
};
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
