import { partOfApp } from './app.ts';
import { proverOf } from './proverOf.ts';

/** The prover of this process. */
export const prover = partOfApp(async ({ config, connections, ending }) =>
  proverOf(config, await connections(), ending),
);
