import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where an authorization server keeps its state between two runs. */
export interface StateFile {
  /** What was written last; `undefined` when nothing was. Throws for a file that is no JSON: it is not ours to discard. */
  read(): unknown;
  /** Replaces the whole state: a process killed in the middle leaves the old one. */
  write(state: unknown): void;
}

/** `NAME.json` in a folder of its own, readable by its owner only; in memory without a folder. */
export const stateFile = (folder: string | undefined, name: string): StateFile => {
  if (folder === undefined) return { read: () => undefined, write: () => undefined };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.json`);
  return {
    read: () => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined),
    write(state) {
      writeFileSync(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
};
