import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** The code of a folder, each file by its path from the root. */
export const sourceFiles = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)'([^']+)'/g;

/** What a file imports: files by their path from the root, packages by name. */
export const importsOf = (file: string): string[] =>
  [...textOf(file).matchAll(IMPORT)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? relative(ROOT, join(ROOT, file, '..', specifier)) : specifier,
  );
