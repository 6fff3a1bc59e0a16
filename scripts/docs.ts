import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedDocuments } from './generatedDocuments.ts';

/** Writes the documents that are made from code. `npm test` fails while one is out of step. */
for (const [path, textOf] of Object.entries(generatedDocuments)) {
  const file = join(import.meta.dirname, '..', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, textOf());
  console.log(path);
}
