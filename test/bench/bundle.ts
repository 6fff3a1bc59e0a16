import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../scripts/bundle.ts';
import { runChild } from './childProcess.ts';
import { inRounds, medianOf, type Report, ratioFigure } from './figures.ts';
import type { LoadInput, LoadResult } from './loadProcess.ts';

const RUNS = 31;

/** The module that the Functions worker brings along: takes what is registered. */
const CORE = `const registered = [];
module.exports = {
  registered,
  version: '3.0.0', hostVersion: '4.0.0',
  registerFunction: (metadata) => (registered.push(metadata), new module.exports.Disposable()),
  registerHook: () => new module.exports.Disposable(),
  setProgrammingModel() {}, getProgrammingModel() {}, log() {},
  Disposable: class { dispose() {} },
};`;

const APPS = { keywatch: 'src/functions/index.ts', oneTimer: 'test/bench/oneTimer.ts' } as const;
type App = keyof typeof APPS;
const NAMES = Object.keys(APPS) as App[];

/** Loading the bundle that is deployed, beside an app with one timer, bundled in the same way. */
export const measureBundle = async (note: (line: string) => void): Promise<Report> => {
  const root = mkdtempSync(join(tmpdir(), 'keywatch-bench-'));
  try {
    return await measureIn(root, note);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

const measureIn = async (root: string, note: (line: string) => void): Promise<Report> => {
  const coreFolder = join(root, 'node_modules/@azure/functions-core');
  mkdirSync(coreFolder, { recursive: true });
  writeFileSync(join(coreFolder, 'index.js'), CORE);
  const loadedBytes = { keywatch: 0, oneTimer: 0 };
  for (const app of NAMES) {
    const { files } = await bundleFunctions(join(root, app), APPS[app]);
    loadedBytes[app] = files.reduce((sum, { bytes, atStart }) => sum + (atStart ? bytes : 0), 0);
  }
  const load = async (app: App, compileCacheFolder?: string): Promise<LoadResult> => {
    const input: LoadInput = {
      folder: join(root, app),
      ...(compileCacheFolder === undefined ? {} : { compileCacheFolder }),
    };
    const result = await runChild<LoadResult>('loadProcess.ts', input);
    if (result.functions === 0) throw new Error(`${app} registered no function`);
    return result;
  };

  const caches = { keywatch: join(root, 'cache-keywatch'), oneTimer: join(root, 'cache-oneTimer') };
  // The first start fills the cache and does not count.
  for (const app of NAMES) await load(app, caches[app]);
  const loads = await inRounds(NAMES, RUNS, async (app, run) => {
    if (run % 10 === 0) note(`${app}: ${run} of ${RUNS} runs`);
    return { compiled: await load(app), cached: await load(app, caches[app]) };
  });

  const middle = (app: App, how: 'compiled' | 'cached', of: keyof LoadResult) =>
    medianOf(
      loads[app].map((each) => each[how]),
      of,
    );
  const ratio = (how: 'compiled' | 'cached', of: keyof LoadResult) =>
    middle('keywatch', how, of) / middle('oneTimer', how, of);
  const ms = (app: App) =>
    `${middle(app, 'compiled', 'wallMs').toFixed(1)} ms, ${middle(app, 'cached', 'wallMs').toFixed(1)} ms`;
  const kib = (app: App) => `${Math.round(loadedBytes[app] / 1024)} KiB`;
  return {
    title: `Load of the bundle, in fresh processes; medians of ${RUNS} runs`,
    figures: [
      ratioFigure('wall, compiled anew: bundle / one timer', ratio('compiled', 'wallMs'), 1.5),
      ratioFigure('wall, with the compile cache: bundle / one timer', ratio('cached', 'wallMs'), 1.5),
      ratioFigure('CPU, compiled anew: bundle / one timer', ratio('compiled', 'cpuMs')),
      { what: 'bundle: compiled anew, with the compile cache', value: ms('keywatch') },
      { what: 'one timer: compiled anew, with the compile cache', value: ms('oneTimer') },
      { what: 'code loaded at start: bundle, one timer', value: `${kib('keywatch')}, ${kib('oneTimer')}` },
      { what: 'functions registered', value: String(middle('keywatch', 'compiled', 'functions')) },
    ],
  };
};
