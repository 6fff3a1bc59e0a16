import { partOfApp } from './app.ts';

export const scanner = partOfApp(async ({ config, connections }) => {
  const { createScanner } = await import('../scan/scanner.ts');
  return createScanner(config, await connections());
});
