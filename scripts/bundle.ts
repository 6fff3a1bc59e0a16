import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin, transform } from 'esbuild';
import { OTHER_EXPORTERS } from '../src/lib/telemetry/otherExporters.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'src');
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

/** What Node adds to the names of a CommonJS package, and an ES module has not. */
const MARKS = new Set(['default', '__esModule', 'module.exports']);

/**
 * Gives a package that is imported dynamically the names that Node gives it. Of a CommonJS package esbuild
 * would export `default` alone from a file of its own, and every name destructured from it be undefined.
 */
const NAMES_AS_IN_NODE: Plugin = {
  name: 'names-as-in-node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind, importer, namespace }) =>
      kind === 'dynamic-import' && namespace === 'file' && importer.startsWith(SOURCES)
        ? { path, namespace: 'lazy' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'lazy' }, async ({ path }) => {
      const names = Object.keys((await import(path)) as object).filter((name) => !MARKS.has(name));
      return { contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)};`, resolveDir: ROOT };
    });
  },
};

/**
 * Takes out the exporter's poll of settings.sdk.monitor.azure.com, which no option turns off and which may
 * switch disk storage on again from afar. Where the packages lie on disk `remoteSettings.ts` stops it.
 */
const NO_REMOTE_SETTINGS: Plugin = {
  name: 'no-remote-settings',
  setup({ onLoad }) {
    onLoad({ filter: /monitor-opentelemetry-exporter\/.*\/configurationWorker\.js$/ }, () => ({
      contents: 'export class ConfigurationWorker { shutdown() {} }',
    }));
  },
};

/** A half of what an instance would compile for its first fact. */
const NO_OTHER_EXPORTERS: Plugin = {
  name: 'no-other-exporters',
  setup({ onLoad }) {
    onLoad({ filter: IN_OTHER_EXPORTERS }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
  },
};
const IN_OTHER_EXPORTERS = new RegExp(`node_modules/(?:${OTHER_EXPORTERS.join('|')})/`);

export interface BundledFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * Writes `index.cjs` and the files that it loads on first use into a folder.
 * @param options.sourceMaps also a map beside each: half of the package, and read only by a Node that is told to
 */
export const bundleFunctions = async (
  folder: string,
  entry = 'src/functions/deployed.ts',
  { sourceMaps = false }: { readonly sourceMaps?: boolean } = {},
): Promise<{ readonly files: readonly BundledFile[]; readonly metafile: Metafile }> => {
  const entryPoints = [{ in: entry, out: basename(ENTRY, '.cjs') }];
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    sourcemap: sourceMaps ? 'inline' : false,
    entryPoints,
    outdir: folder,
    plugins: [NAMES_AS_IN_NODE, NO_REMOTE_SETTINGS, NO_OTHER_EXPORTERS],
  });
  mkdirSync(folder, { recursive: true });
  const files = await Promise.all(outputFiles.map((file) => writeCommonJs(folder, file, sourceMaps)));
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
): Promise<BundledFile> => {
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
