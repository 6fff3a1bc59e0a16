import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { printable } from '../lib/kernel/printable.ts';
import { UsageError } from '../lib/kernel/usageError.ts';
import { shellWord } from './shellWord.ts';

/** Where local mode keeps its things. Only the user of this machine may look into it. */
export interface DataFolder {
  readonly path: string;
  /** False for a temporary one, which goes with `close`. */
  readonly isKept: boolean;
  /** To be called when all is there that a new folder begins with: until then the next start begins anew. */
  whole(): void;
  close(): void;
}

const LOCK = 'running.pid';
/** Only a folder that holds it is written to again. */
const MARKER = '.keywatch-data';
/** There from a folder's first moment until it has all that it begins with: a start that was stopped leaves half of it. */
const HALF = '.half-made';
const MARK =
  'Made by `npm start` of Keywatch, which may overwrite all that is here. Delete the folder to begin anew.\n';

/**
 * Opens a folder for this process alone: one that is not there yet, an empty one, or Keywatch's own. The mode of
 * a folder that is there already is its owner's affair.
 * @throws UsageError in one sentence for any other, for one that cannot be written, and when another process
 * that is still there uses it: two would write the same files.
 */
export const openDataFolder = (path: string): DataFolder => {
  if (path.trim() === '') throw new UsageError('--data is empty; allowed is the path of a folder');
  const folder = resolve(path);
  try {
    make(folder);
    claim(folder);
    const lock = join(folder, LOCK);
    takeLock(lock, folder);
    const half = join(folder, HALF);
    if (existsSync(half)) removeHalf(folder);
    return {
      path: folder,
      isKept: true,
      whole: () => rmSync(half, { force: true }),
      close: () => rmSync(lock, { force: true }),
    };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const isFile = code === 'EEXIST' || code === 'ENOTDIR';
    const why = isFile ? 'is no folder' : `cannot be written (${code})`;
    throw new UsageError(`--data: ${printable(folder)} ${why}; allowed is a folder of your own`);
  }
};

/** One level after the other: Node's own recursion never ends where the kernel refuses, as below /proc. */
const make = (folder: string): void => {
  if (existsSync(folder)) return;
  make(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
};

const claim = (folder: string): void => {
  const entries = readdirSync(folder);
  const isOurs = entries.includes(MARKER) && readFileSync(join(folder, MARKER), 'utf8') === MARK;
  if (!isOurs && entries.length > 0)
    throw new UsageError(
      `--data: ${printable(folder)} is not empty and not Keywatch's own; name a new folder`,
    );
  if (isOurs) return;
  writeFileSync(join(folder, MARKER), MARK, { flag: 'wx', mode: 0o600 });
  writeFileSync(join(folder, HALF), '', { mode: 0o600 });
};

const removeHalf = (folder: string): void => {
  for (const name of readdirSync(folder))
    if (![MARKER, HALF, LOCK].includes(name)) rmSync(join(folder, name), { recursive: true });
};

/** A folder for one run, gone afterwards. */
export const temporaryDataFolder = (): DataFolder => {
  const path = mkdtempSync(join(tmpdir(), 'keywatch-'));
  return {
    path,
    isKept: false,
    whole: () => undefined,
    close: () => rmSync(path, { recursive: true, force: true }),
  };
};

const takeLock = (lock: string, folder: string): void => {
  try {
    writeLock(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const [holder = '', began = ''] = readFileSync(lock, 'utf8').trim().split(' ');
    const begins = beginOf(Number(holder));
    const isUnsure = began === '' || begins === '';
    if (Number(holder) !== process.pid && isAlive(Number(holder)) && (isUnsure || began === begins)) {
      const doubt = isUnsure ? ` (as ${LOCK} there says: delete it where that is another program)` : '';
      throw new UsageError(
        `Process ${holder} already runs Keywatch with the data in ${printable(folder)}${doubt}; stop it first, name another folder (npm start -- --data OTHER), look at one run (npm start -- --once), or work beside it, as with npm run connect -- --local ${shellWord(printable(folder, 500))}`,
      );
    }
    // Left behind by a process that was killed.
    rmSync(lock, { force: true });
    writeLock(lock);
  }
};

/** Whole from its first instant: an empty one looks like that of a process that was killed. */
const writeLock = (lock: string): void => {
  const own = `${lock}.${process.pid}`;
  const text = `${process.pid} ${beginOf(process.pid)}\n`;
  writeFileSync(own, text, { mode: 0o600 });
  try {
    linkSync(own, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // Some file systems have no links.
    writeFileSync(lock, text, { flag: 'wx', mode: 0o600 });
  } finally {
    rmSync(own, { force: true });
  }
};

/** When a process began, in ticks since the boot of Linux: its number may be another's by now. Elsewhere nothing. */
const beginOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
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
