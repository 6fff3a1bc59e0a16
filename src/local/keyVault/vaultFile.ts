import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { VaultSnapshot } from './vaultStore.ts';

const FORMAT = 1;

/**
 * Where a vault of the stand-in lives between two runs: one file, replaced whole by a rename, so that
 * a process killed at any moment leaves either the old state or the new one.
 */
export interface VaultFile {
  readonly load: () => VaultSnapshot | undefined;
  readonly save: (snapshot: VaultSnapshot) => void;
}

export const vaultFile = (folder: string, vaultName: string): VaultFile => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${vaultName}.vault.json`);
  return {
    load() {
      if (!existsSync(path)) return undefined;
      const stored = parse(path);
      if (stored.format === FORMAT) return stored.objects;
      throw new Error(`${path} has format ${String(stored.format)}, this version reads ${FORMAT}: delete it`);
    },
    save: (objects) => replaceFile(path, JSON.stringify({ format: FORMAT, objects })),
  };
};

const parse = (path: string): { format: unknown; objects: VaultSnapshot } => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Error(`${path} is not a vault of the local stand-in: delete it to start afresh`, { cause });
  }
};

/** Writes a private file so that a reader sees the old content or the new one, never half of it. */
export const replaceFile = (path: string, content: string): void => {
  const next = `${path}.next`;
  writeFileSync(next, content, { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, path);
};
