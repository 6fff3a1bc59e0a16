import { createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { answer, inputOf } from './childProcess.ts';

/** One load of a bundle in a process of its own. */
export interface LoadInput {
  readonly folder: string;
  /** Where V8 keeps compiled code between two starts; absent: every start compiles anew. */
  readonly compileCacheFolder?: string;
}

export interface LoadResult {
  readonly loadMs: number;
  readonly cpuMs: number;
  readonly functions: number;
}

const { folder, compileCacheFolder } = inputOf<LoadInput>();
if (compileCacheFolder !== undefined) enableCompileCache(compileCacheFolder);
const requireThere = createRequire(join(folder, 'driver.cjs'));
// The worker has its own module in place before it loads an app.
const core = requireThere('@azure/functions-core') as { registered: unknown[] };

const startedMs = performance.now();
const startedCpu = process.cpuUsage();
requireThere('./index.cjs');
const { user, system } = process.cpuUsage(startedCpu);
const result: LoadResult = {
  loadMs: performance.now() - startedMs,
  cpuMs: (user + system) / 1000,
  functions: core.registered.length,
};
await answer(result);
process.disconnect();
