import { basename, dirname, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'src/');
/** Imports dynamically what every invocation loads before it does anything. */
const APP = 'src/lib/app/app.ts';

/** What Node adds to the names of a CommonJS package, and an ES module has not. */
const MARKS = new Set(['default', '__esModule', 'module.exports']);

/**
 * Whatever is imported dynamically imports first what is loaded by then anyway. esbuild would make a file of each of
 * our modules that another set of files shares, and a small file takes longer to find than to run.
 *
 * It also gives a package the names that Node gives it. Of a CommonJS package esbuild would export `default` alone
 * from a file of its own, and every name destructured from it be undefined.
 */
export const fewFiles = async (entry: string): Promise<Plugin> => {
  const contents = (await loadedBefore(entry))
    .map((path) => `import ${JSON.stringify(`./${path}`)};`)
    .join('');
  return {
    name: 'few-files',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /\.ts$|^[^./]/ }, ({ path, kind, importer, resolveDir, namespace }) =>
        kind === 'dynamic-import' && namespace === 'file' && importer.startsWith(SOURCES)
          ? { path: path.startsWith('.') ? join(resolveDir, path) : path, namespace: 'lazy' }
          : undefined,
      );
      onLoad({ filter: /./, namespace: 'lazy' }, async ({ path }) => ({
        contents: `import 'loaded-before'; export ${await namesOf(path)} from ${JSON.stringify(path)};`,
        resolveDir: ROOT,
      }));
      onResolve({ filter: /^loaded-before$/ }, ({ path }) => ({ path, namespace: path }));
      onLoad({ filter: /./, namespace: 'loaded-before' }, () => ({ contents, resolveDir: ROOT }));
    },
  };
};

const namesOf = async (path: string): Promise<string> => {
  if (path.startsWith(SOURCES)) return '*';
  const names = Object.keys((await import(path)) as object).filter((name) => !MARKS.has(name));
  return `{ ${names.join(', ')} }`;
};

/** Our modules that are loaded before any other that is imported dynamically: with the entry, and by its first use. */
const loadedBefore = async (entry: string): Promise<readonly string[]> => {
  const { [entry]: _, ...atStart } = await importedOutright([entry]);
  const onFirstUse = (atStart[APP]?.imports ?? [])
    .filter(({ kind }) => kind === 'dynamic-import')
    .map(({ path }) => join(dirname(APP), path));
  return Object.keys({ ...atStart, ...(await importedOutright(onFirstUse)) });
};

/** The modules of ours that these import, and not dynamically. */
const importedOutright = async (entryPoints: readonly string[]): Promise<Metafile['inputs']> => {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [...entryPoints],
    outdir: 'nowhere',
    bundle: true,
    write: false,
    metafile: true,
    plugins: [OURS_OUTRIGHT],
  });
  return metafile.inputs;
};

const OURS_OUTRIGHT: Plugin = {
  name: 'ours-outright',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'dynamic-import' || (kind === 'import-statement' && !path.startsWith('.'))
        ? { path, external: true }
        : undefined,
    );
  },
};

/** The outputs that are loaded with the one of this name, because it imports them outright. */
export const loadedWith = ({ outputs }: Metafile, name: string): ReadonlySet<string> => {
  const loaded = new Set(Object.keys(outputs).filter((output) => basename(output) === name));
  for (const output of loaded)
    for (const { path, kind, external } of outputs[output]?.imports ?? [])
      if (kind !== 'dynamic-import' && external !== true) loaded.add(path);
  return loaded;
};
