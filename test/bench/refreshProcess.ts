import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { answer, inputOf } from './childProcess.ts';
import { costOf } from './cost.ts';
import { type RefreshRunInput, runRefresher } from './refreshRun.ts';

export interface RefreshInput extends RefreshRunInput {
  /** How many grants are refreshed when the memory is measured. */
  readonly inspectMemoryAfter: readonly number[];
}

const { inspectMemoryAfter, ...input } = inputOf<RefreshInput>();
const { gc } = globalThis;
if (gc === undefined) throw new Error('memory is only measured after a collection: --expose-gc');
/** Of each measurement, after a forced collection. */
const heapBytes: number[] = [];
const { result: run, cpuMs } = await costOf(() =>
  runRefresher(input, systemClock, (count) => {
    if (!inspectMemoryAfter.includes(count)) return;
    gc();
    heapBytes.push(process.memoryUsage().heapUsed);
  }),
);
const refreshed = { ...run, cpuMs, heapBytes };
export type RefreshResult = typeof refreshed;
await answer(refreshed);
