import { partOfApp } from './app.ts';
import { proverOf } from './proverOf.ts';

export const prover = partOfApp(async ({ config, connections, ending }) =>
  proverOf(config, await connections(), ending),
);
