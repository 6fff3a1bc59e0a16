import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments } from '../src/cli/arguments.ts';
import { bundleFunctions } from './bundle.ts';

/**
 * Makes `dist/`: the folder that is zipped and deployed as it is. With `--source-maps` also a map beside each
 * file, for an app whose `languageWorkers__node__arguments` have `--enable-source-maps`.
 */
const { 'source-maps': sourceMaps } = readArguments(process.argv.slice(2), {
  'source-maps': { type: 'boolean', default: false },
});
const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');
const CONFIG_FILE = 'keywatch.config.json';

rmSync(DIST, { recursive: true, force: true });
const { files } = await bundleFunctions(DIST, undefined, { sourceMaps });
copyFileSync(join(ROOT, 'host.json'), join(DIST, 'host.json'));

const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  name: string;
  version: string;
};
// No "type": the worker loads the bundle as CommonJS.
const manifest = { name, version, private: true, main: 'index.cjs' };
writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

const hasConfig = existsSync(join(ROOT, CONFIG_FILE));
if (hasConfig) copyFileSync(join(ROOT, CONFIG_FILE), join(DIST, CONFIG_FILE));

const kibOf = (bytes: number) => Math.round(bytes / 1024);
const sizeOf = (some: typeof files) => kibOf(some.reduce((sum, { bytes }) => sum + bytes, 0));
const { atStart = [], later = [] } = Object.groupBy(files, (file) => (file.atStart ? 'atStart' : 'later'));
console.log(
  `dist/ is ready: index.cjs (${sizeOf(atStart)} KiB with what it loads at once) and ${later.length} files that it ` +
    `loads when needed (${sizeOf(later)} KiB), host.json, package.json${hasConfig ? `, ${CONFIG_FILE}` : ''}`,
);
if (!hasConfig)
  console.log(`There is no ${CONFIG_FILE} beside package.json: the app will go by its settings alone.`);
