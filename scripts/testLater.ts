import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DAYS_AHEAD } from '../test/later/daysAhead.ts';

/** Runs the tests with the clock of every process ahead: children inherit the environment, and with it the clock. */
const { NODE_OPTIONS: given = '' } = process.env;
const preload = new URL('../test/later/preload.ts', import.meta.url).href;
const vitest = new URL('../node_modules/vitest/vitest.mjs', import.meta.url);

console.log(`The clock is ${DAYS_AHEAD} days ahead.`);
const { status } = spawnSync(process.execPath, [fileURLToPath(vitest), 'run', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, NODE_OPTIONS: `${given} --import=${preload}`.trim() },
});
process.exitCode = status ?? 1;
