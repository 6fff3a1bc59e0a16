import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder, temporaryDataFolder } from '../../../src/local/dataFolder.ts';
import { enterLocalEnvironment } from '../../../src/local/environment.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

const newPath = (): string => join(temporaryFolder(), '.keywatch');

/** What lies in a folder, with its content and mode: it must be the same afterwards. */
const contentsOf = (path: string) => [
  statSync(path).mode & 0o777,
  ...readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
];

describe('a folder that is not ours', () => {
  it.each([
    ['keywatch.config.json', '{"vaults":[]}'],
    ['README.md', 'mine'],
    ['.hidden', ''],
    ['running.pid', '999999999'],
    ['.keywatch-data', 'a file of mine'],
  ])('is refused in one sentence and left as it is where it holds %s', (name, text) => {
    const path = newPath();
    mkdirSync(path, { mode: 0o755 });
    chmodSync(path, 0o755);
    writeFileSync(join(path, name), text);
    const before = contentsOf(path);
    expect(() => openDataFolder(path)).toThrow(
      /^--data: .* is not empty and not Keywatch's own; name a new folder$/,
    );
    expect(contentsOf(path)).toEqual(before);
  });

  it('is taken where it is empty, and keeps its mode', () => {
    const path = newPath();
    mkdirSync(path);
    chmodSync(path, 0o750);
    openDataFolder(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o750);
    openDataFolder(path).close();
  });

  it.each(['', '  '])('is none where its name is "%s"', (path) => {
    const before = readdirSync('.');
    expect(() => openDataFolder(path)).toThrow('--data is empty');
    expect(readdirSync('.')).toEqual(before);
  });

  it('is no folder where it is a file, or below one', () => {
    const path = newPath();
    writeFileSync(path, 'mine');
    for (const asked of [path, join(path, 'below')])
      expect(() => openDataFolder(asked)).toThrow(
        /^--data: .* is no folder; allowed is a folder of your own$/,
      );
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it.runIf(process.platform === 'linux')('is refused where nothing can be written', () => {
    expect(() => openDataFolder('/proc/keywatch')).toThrow(
      /^--data: \/proc\/keywatch cannot be written \(E\w+\)/,
    );
  });
});

/** Counts how often a file is seen empty. */
const LOOK_AT_FILE = `
const { workerData: { file, isOver }, parentPort } = require('node:worker_threads');
const { readFileSync } = require('node:fs');
let empty = 0;
while (Atomics.load(isOver, 0) === 0)
  try { if (readFileSync(file, 'utf8') === '') empty += 1; } catch {}
parentPort.postMessage(empty);
`;

describe('the data folder', () => {
  it('is for the user of this machine alone', () => {
    const path = newPath();
    const folder = openDataFolder(path);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    folder.close();
    expect(existsSync(join(path, 'running.pid'))).toBe(false);
  });

  it('is refused while another living process has it, and taken over from a dead one', () => {
    const path = newPath();
    openDataFolder(path).close();
    writeFileSync(join(path, 'running.pid'), `${process.ppid}\n`);
    expect(() => openDataFolder(path)).toThrow(`Process ${process.ppid} already runs Keywatch`);
    writeFileSync(join(path, 'running.pid'), '999999999\n');
    openDataFolder(path).close();
  });

  it.runIf(process.platform === 'linux')('is taken over where another program has the number by now', () => {
    const path = newPath();
    const lock = join(path, 'running.pid');
    const folder = openDataFolder(path);
    const ours = readFileSync(lock, 'utf8');
    folder.close();
    writeFileSync(lock, ours.replace(String(process.pid), String(process.ppid)));
    openDataFolder(path).close();
  });

  it('is never seen without the number of who has it', async () => {
    const path = newPath();
    openDataFolder(path).close();
    const isOver = new Int32Array(new SharedArrayBuffer(4));
    const looker = new Worker(LOOK_AT_FILE, {
      eval: true,
      workerData: { file: join(path, 'running.pid'), isOver },
    });
    await once(looker, 'online');
    for (let starts = 0; starts < 300; starts++) openDataFolder(path).close();
    Atomics.store(isOver, 0, 1);
    expect(await once(looker, 'message')).toEqual([0]);
    expect(readdirSync(path)).toEqual(['.half-made', '.keywatch-data']);
  });

  it('is gone after one run', () => {
    const folder = temporaryDataFolder();
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    folder.close();
    expect(existsSync(folder.path)).toBe(false);
  });
});

describe('the local environment', () => {
  it('forgets every real place, keeps how things are done, and asks no proxy for loopback', () => {
    const before = { ...process.env };
    onTestFinished(() => {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    });
    Object.assign(process.env, {
      KEYWATCH_VAULTS: 'https://kv-contoso-prod.vault.azure.net',
      KEYWATCH_SCAN_SCHEDULE: '0 9 * * * *',
      APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=real',
      AzureWebJobsStorage__accountName: 'real',
      NO_PROXY: 'intranet',
    });
    const ignored = enterLocalEnvironment({ KEYWATCH_LOCAL: 'true' });
    expect([...ignored].sort()).toEqual([
      'APPLICATIONINSIGHTS_CONNECTION_STRING',
      'AzureWebJobsStorage__accountName',
      'KEYWATCH_VAULTS',
    ]);
    expect(process.env['KEYWATCH_VAULTS']).toBeUndefined();
    expect(process.env['KEYWATCH_SCAN_SCHEDULE']).toBe('0 9 * * * *');
    expect(process.env['KEYWATCH_LOCAL']).toBe('true');
    expect(process.env['NO_PROXY']).toBe('intranet,127.0.0.1,localhost,::1');
  });
});

describe('a folder whose first start was stopped', () => {
  it('begins anew, until it has all that it begins with', () => {
    const path = newPath();
    const start = () => {
      const folder = openDataFolder(path);
      const had = existsSync(join(path, 'vaults'));
      mkdirSync(join(path, 'vaults'), { recursive: true });
      return { folder, had };
    };
    start().folder.close();
    const second = start();
    expect(second.had).toBe(false);
    second.folder.whole();
    second.folder.close();
    const third = start();
    expect(third.had).toBe(true);
    third.folder.close();
  });
});
