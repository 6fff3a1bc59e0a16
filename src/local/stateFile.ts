import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a stand-in keeps its state between two runs. */
export interface StateFile {
  /** What was written last; `undefined` when nothing was. Throws, in words, for a file that it did not write. */
  read(): unknown;
  /** Replaces the whole state, which only a file asks for: a process killed in the middle leaves the old one. */
  write(stateNow: () => unknown): void;
}

const parse = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is not the state of a local stand-in: delete it to start afresh`, { cause });
  }
};

/** `NAME.json` in a folder of its own, readable by its owner only; in memory without a folder. */
export const stateFile = (folder: string | undefined, name: string): StateFile => {
  if (folder === undefined) return { read: () => undefined, write: () => undefined };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.json`);
  return {
    read: () => (existsSync(path) ? parse(path) : undefined),
    write: (stateNow) => replaceFile(path, JSON.stringify(stateNow())),
  };
};

/** Writes a private file so that a reader sees the old content or the new one, never half of it. */
export const replaceFile = (path: string, content: string): void => {
  const next = `${path}.next`;
  writeFileSync(next, content, { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, path);
};
