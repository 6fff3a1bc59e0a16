import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../commands/arguments.ts';

/** Where local mode keeps its things. Only the user of this machine may look into it. */
export interface DataFolder {
  readonly path: string;
  /** False for a temporary one, which goes with `close`. */
  readonly isKept: boolean;
  close(): void;
}

const LOCK = 'running.pid';

/**
 * Opens the folder for this process alone.
 * @throws UsageError when another process that is still there uses it: two would write the same files.
 */
export const openDataFolder = (path: string): DataFolder => {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const lock = join(folder, LOCK);
  takeLock(lock, folder);
  return { path: folder, isKept: true, close: () => rmSync(lock, { force: true }) };
};

/** A folder for one round, gone afterwards. */
export const temporaryDataFolder = (): DataFolder => {
  const path = mkdtempSync(join(tmpdir(), 'keywatch-'));
  return { path, isKept: false, close: () => rmSync(path, { recursive: true, force: true }) };
};

const takeLock = (lock: string, folder: string): void => {
  const write = () => writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
  try {
    write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder !== process.pid && isAlive(holder))
      throw new UsageError(
        `process ${holder} already runs Keywatch with the data in ${folder}; stop it first, or look at one round with npm start -- --once`,
      );
    // Left behind by a process that was killed.
    rmSync(lock, { force: true });
    write();
  }
};

const isAlive = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
