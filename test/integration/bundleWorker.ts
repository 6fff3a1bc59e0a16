import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

/** What CommonJS packages call, and an ES module has not. */
const REQUIRE =
  "import * as nodeModule from 'node:module'; const require = nodeModule.createRequire(import.meta.url);";

/** For a bundle: compiled code is kept beside it, and goes with it. */
export const compiledBeside = (bundle: string) => ({ NODE_COMPILE_CACHE: dirname(bundle) });

/** Puts the program of a process and all that it loads into one file of a folder: it is up in a fifth of the time. */
export const bundleWorker = async (program: string, folder: string): Promise<string> => {
  const outfile = join(folder, `${basename(program, '.ts')}.mjs`);
  await build({
    ...{ entryPoints: [program], outfile, bundle: true, platform: 'node', format: 'esm' },
    banner: { js: REQUIRE },
    // The worker's own, there only where an app is loaded.
    external: ['@azure/functions-core'],
    logLevel: 'warning',
  });
  return outfile;
};
