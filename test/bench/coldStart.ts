import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions } from '../../scripts/bundle.ts';
import { type AzureServices, deployedSettings } from '../fakes/startAzure.ts';
import type { AzureInput } from './azureProcess.ts';
import { startChild } from './childProcess.ts';
import { type Figure, inRounds, medianOf, type Report, ratioFigure } from './figures.ts';
import { type ColdStart, coldStart, type StartedApp, workerFolder } from './functionsWorker.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 11);
const LATENCY_MS = 20;
/** The goal was 40 ms on a machine on which an empty app took 21. */
const MOST_OF_AN_EMPTY_ENTRY = 1.9;
const VAULT_URL = 'https://kv-bench.vault.azure.net';
const ROOT = join(import.meta.dirname, '../..');
const APPS = ['keywatch', 'usual', 'empty'] as const;
type App = (typeof APPS)[number];

/**
 * A cold start in the real worker with the settings of a deployment, beside what others would deploy. The entry is
 * judged by processor time, which a busy machine stretches less than time itself.
 */
export const measureColdStart = async (note: (line: string) => void): Promise<Report> => {
  const title = `Cold start in the Node.js worker of Azure Functions, as deployed, every answer after ${LATENCY_MS} ms; medians of ${ROUNDS} rounds`;
  const worker = workerFolder();
  if (worker === undefined) {
    const value =
      'not measured: FUNCTIONS_NODE_WORKER names no built copy of github.com/Azure/azure-functions-nodejs-worker';
    return { title, figures: [{ what: 'cold start', value }] };
  }
  const root = mkdtempSync(join(tmpdir(), 'keywatch-bench-'));
  const input: AzureInput = { latencyMs: LATENCY_MS, vaultUrl: VAULT_URL };
  const azure = await startChild<AzureServices>('azureProcess.ts', input);
  try {
    const apps = await makeApps(root, azure.message);
    // The first start of each warms the disk's cache and does not count.
    for (const app of APPS) await coldStart(worker, apps[app]);
    const starts = await inRounds(APPS, ROUNDS, (app, round) => {
      note(`cold start of ${app}: ${round} of ${ROUNDS} rounds`);
      return coldStart(worker, apps[app]);
    });
    return { title, figures: figuresOf(starts) };
  } finally {
    await azure.end();
    rmSync(root, { recursive: true, force: true });
  }
};

const makeApps = async (root: string, azure: AzureServices): Promise<Readonly<Record<App, StartedApp>>> => {
  const certificateFile = join(root, 'certificate.pem');
  writeFileSync(certificateFile, azure.certificate);
  const environment = { NODE_EXTRA_CA_CERTS: certificateFile, ...deployedSettings(azure, VAULT_URL) };
  const folderOf = (app: App): string => {
    const folder = join(root, app);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: app, main: 'index.cjs' }));
    return folder;
  };
  const [keywatch, usual, empty] = APPS.map(folderOf) as [string, string, string];
  await bundleFunctions(keywatch);
  await bundleFunctions(empty, 'test/bench/oneTimer.ts');
  copyFileSync(join(ROOT, 'test/bench/usualImports.cjs'), join(usual, 'index.cjs'));
  symlinkSync(join(ROOT, 'node_modules'), join(usual, 'node_modules'));
  return {
    keywatch: { folder: keywatch, functionName: 'scanTimer', environment },
    usual: { folder: usual, functionName: 'oneTimer', environment },
    empty: { folder: empty, functionName: 'oneTimer', environment },
  };
};

const figuresOf = (starts: Readonly<Record<App, readonly ColdStart[]>>): Figure[] => {
  const middle = (app: App, of: keyof ColdStart) => medianOf(starts[app], of);
  const row = (app: App): Figure => ({
    what: `${app}: entry (of it processor time), index, first invocation, together; CPU of the worker; second invocation`,
    value: `${middle(app, 'entryMs').toFixed(0)} (${middle(app, 'entryCpuMs').toFixed(0)}), ${(['indexMs', 'firstMs', 'totalMs', 'cpuMs', 'secondMs'] as const).map((of) => middle(app, of).toFixed(0)).join(', ')} ms`,
  });
  return [
    ratioFigure(
      "entry, as processor time from the worker's first word until it has loaded the app: keywatch / empty",
      middle('keywatch', 'entryCpuMs') / middle('empty', 'entryCpuMs'),
      MOST_OF_AN_EMPTY_ENTRY,
    ),
    ratioFigure(
      'to the end of the first invocation: keywatch / usual imports',
      middle('keywatch', 'totalMs') / middle('usual', 'totalMs'),
      1,
    ),
    ratioFigure(
      'CPU of the worker until then: keywatch / usual imports',
      middle('keywatch', 'cpuMs') / middle('usual', 'cpuMs'),
    ),
    ...APPS.map(row),
  ];
};
