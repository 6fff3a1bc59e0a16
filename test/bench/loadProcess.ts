import { constants, createRequire, enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { answer, inputOf } from './childProcess.ts';
import { costOf } from './cost.ts';

/** One load of a bundle in a process of its own. */
export interface LoadInput {
  readonly folder: string;
  /** Where V8 keeps compiled code between two starts; absent: every start compiles anew. */
  readonly compileCacheFolder?: string;
}

const { folder, compileCacheFolder } = inputOf<LoadInput>();
if (compileCacheFolder !== undefined) {
  const { status, message } = enableCompileCache(compileCacheFolder);
  if (status !== constants.compileCacheStatus.ENABLED) throw new Error(`no compile cache: ${message}`);
}
const requireThere = createRequire(join(folder, 'driver.cjs'));
// The worker has its own module in place before it loads an app.
const core = requireThere('@azure/functions-core') as { registered: unknown[] };
const { wallMs, cpuMs } = await costOf(() => requireThere('./index.cjs') as unknown);
const loaded = { wallMs, cpuMs, functions: core.registered.length };
export type LoadResult = typeof loaded;
await answer(loaded);
process.disconnect();
