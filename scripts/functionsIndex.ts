import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../src/functions');
/** What registers a function or a hook when it is loaded. */
const REGISTERS = /^(?:serve|app\.[\w.]+)\(/m;

/** src/functions/index.ts: every file beside it that registers something. The bundle needs the list written out. */
export const functionsIndex = (): string => {
  const files = readdirSync(FOLDER).filter((file) =>
    REGISTERS.test(readFileSync(join(FOLDER, file), 'utf8')),
  );
  return [
    '// Made by `npm run docs` from the files beside it: do not edit.',
    ...files.sort().map((file) => `import './${file}';`),
    '',
  ].join('\n');
};
