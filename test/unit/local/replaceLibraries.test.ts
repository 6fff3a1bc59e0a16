import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceLibraries } from '../../../src/local/replaceLibraries.ts';
import { temporaryFolder } from '../../fakes/temporaryFolder.ts';

it('has a library replaced for whoever resolves it so, and never loads it', () => {
  const folder = temporaryFolder();
  for (const name of ['replaced', 'other']) {
    const library = join(folder, 'node_modules', name);
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, 'index.js'), 'throw new Error("it is loaded");');
  }
  const asker = createRequire(join(folder, 'program.js'));
  replaceLibraries(asker, { replaced: { answer: 42 } });
  expect(asker('replaced')).toEqual({ answer: 42 });
  expect(() => asker('other')).toThrow('it is loaded');
});
