import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const PREPARE = join(import.meta.dirname, '../../scripts/prepareNode.cjs');

/** The folder that a script, and so its child processes, are told of. */
const folderOf = (env: Readonly<Record<string, string>>): string =>
  execFileSync(process.execPath, ['--require', PREPARE, '-p', 'process.env.NODE_COMPILE_CACHE ?? ""'], {
    env,
    encoding: 'utf8',
  }).trim();

describe('what Node compiled', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'keywatch-home-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
  });

  it('is kept in a folder that no other user may open', () => {
    const folder = join(home, '.cache/keywatch');
    expect(folderOf({ HOME: home, XDG_CACHE_HOME: 'a/path/that/is/relative' })).toBe(folder);
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).not.toEqual([]);
  });

  it.each([0o777, 0o775, 0o755])('is not kept in a folder of mode %o', (mode) => {
    const folder = join(home, 'keywatch');
    mkdirSync(folder);
    chmodSync(folder, mode);
    expect(folderOf({ HOME: home, XDG_CACHE_HOME: home })).toBe('');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not kept where there is no home for it', () => {
    expect(folderOf({ HOME: '/dev/null' })).toBe('');
  });

  it('is kept where the user says', () => {
    expect(folderOf({ HOME: home, NODE_COMPILE_CACHE: join(home, 'own') })).toBe(join(home, 'own'));
    expect(folderOf({ HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' })).toBe('');
    expect(readdirSync(home)).toEqual(['own']);
  });
});
