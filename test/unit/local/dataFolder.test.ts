import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDataFolder, temporaryDataFolder } from '../../../src/local/dataFolder.ts';
import { enterLocalEnvironment } from '../../../src/local/environment.ts';

const newPath = (): string => {
  const parent = mkdtempSync(join(tmpdir(), 'keywatch-data-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, '.keywatch');
};

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
    expect(() => openDataFolder(path)).toThrow(`process ${process.ppid} already runs Keywatch`);
    writeFileSync(join(path, 'running.pid'), '999999999\n');
    openDataFolder(path).close();
  });

  it('is gone after one round', () => {
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
