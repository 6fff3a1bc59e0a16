import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { answer, inputOf } from './childProcess.ts';
import { type RefreshRun, type RefreshRunInput, runRefresher } from './refreshRun.ts';

export interface RefreshInput extends RefreshRunInput {
  /** How many grants are refreshed when the memory is measured. */
  readonly inspectMemoryAfter: readonly number[];
}

export interface RefreshResult extends RefreshRun {
  readonly cpuMs: number;
  /** Of each measurement, after a forced collection. */
  readonly heapBytes: readonly number[];
}

const { inspectMemoryAfter, ...input } = inputOf<RefreshInput>();
const { gc } = globalThis;
if (gc === undefined) throw new Error('memory is only measured after a collection: --expose-gc');
const heapBytes: number[] = [];
const before = process.cpuUsage();
const run = await runRefresher(input, systemClock, (count) => {
  if (!inspectMemoryAfter.includes(count)) return;
  gc();
  heapBytes.push(process.memoryUsage().heapUsed);
});
const { user, system } = process.cpuUsage(before);
const result: RefreshResult = { ...run, cpuMs: (user + system) / 1000, heapBytes };
await answer(result);
