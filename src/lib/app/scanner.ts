import { partOfApp } from './app.ts';

/** The scanner of this process. */
export const scanner = partOfApp(async ({ config, connections }) => {
  const { createScanner } = await import('../scan/scanner.ts');
  return createScanner(config, await connections());
});
