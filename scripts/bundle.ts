import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin, transform } from 'esbuild';
import { fewFiles, loadedWith } from './bundleFiles.ts';
import { NO_REMOTE_SETTINGS, SIGNED_ON_USE, USED_LIBRARIES } from './bundleLibraries.ts';

const ROOT = join(import.meta.dirname, '..');
const ENTRY = 'index.cjs';
/** The older of the versions that Flex Consumption runs: what falls back to it must parse. */
const TARGET = 'node22';

/** The Azure SDKs ask of every request whether its body is a form, which none is: to ask loads Node's whole fetch. */
export const NO_FORMS = { FormData: 'undefined' };

/**
 * Everything that is deployed, needing no node_modules. `@azure/functions-core` is the worker's own.
 * What the code imports dynamically stays in files of its own: V8 would take longer to compile the
 * telemetry SDK than the worker takes to start, and a cold start needs none of it.
 */
const OPTIONS = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: TARGET,
  // Only this format splits; the files become CommonJS afterwards.
  format: 'esm',
  define: NO_FORMS,
  mainFields: ['module', 'main'],
  splitting: true,
  outExtension: { '.js': '.cjs' },
  chunkNames: '[name]-[hash]',
  external: ['@azure/functions-core'],
  minify: true,
  // Names of functions and classes are read: in stacks, in exceptions' types, in the SDKs' own checks.
  keepNames: true,
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  write: false,
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/** These packages stay where they are: in a folder that has none, loading one is an error. */
const leavingOut = (packages: readonly string[]): Plugin => ({
  name: 'leaving-out',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(?:${packages.join('|')})$`) }, ({ path }) => ({
      path,
      external: true,
    }));
  },
});

export interface BundledFile {
  readonly name: string;
  readonly bytes: number;
  readonly atStart: boolean;
}

/**
 * Writes `index.cjs`, what it loads at start and what it loads on first use into a folder.
 * @param options.sourceMaps also a map beside each: half of the package, and read only by a Node that is told to
 * @param options.without packages that are not bundled, because nobody will load them
 */
export const bundleFunctions = async (
  folder: string,
  entry = 'src/functions/deployed.ts',
  {
    sourceMaps = false,
    without = [],
  }: { readonly sourceMaps?: boolean; readonly without?: readonly string[] } = {},
): Promise<{ readonly files: readonly BundledFile[]; readonly metafile: Metafile }> => {
  const entryPoints = [{ in: entry, out: basename(ENTRY, '.cjs') }];
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    sourcemap: sourceMaps ? 'inline' : false,
    entryPoints,
    outdir: folder,
    plugins: [leavingOut(without), await fewFiles(entry), NO_REMOTE_SETTINGS, USED_LIBRARIES, SIGNED_ON_USE],
  });
  mkdirSync(folder, { recursive: true });
  const atStart = new Set([...loadedWith(metafile, ENTRY)].map((output) => basename(output)));
  const files = await Promise.all(
    outputFiles.map(async (file) => {
      const { name, bytes } = await writeCommonJs(folder, file, sourceMaps);
      return { name, bytes, atStart: atStart.has(name) };
    }),
  );
  return { files, metafile };
};

/**
 * CommonJS: the `require` that bundled CommonJS packages call is then the real one, and the worker
 * starts it sooner than ES modules.
 */
const writeCommonJs = async (
  folder: string,
  { path, text }: OutputFile,
  sourceMaps: boolean,
): Promise<Pick<BundledFile, 'name' | 'bytes'>> => {
  const name = basename(path);
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    supported: { 'dynamic-import': false },
    minify: true,
    charset: 'utf8',
    sourcemap: sourceMaps ? 'external' : false,
    sourcesContent: false,
    sourcefile: name,
    legalComments: 'none',
  });
  writeFileSync(join(folder, name), sourceMaps ? `${code}//# sourceMappingURL=${name}.map\n` : code);
  if (sourceMaps) writeFileSync(join(folder, `${name}.map`), map);
  return { name, bytes: Buffer.byteLength(code) };
};
