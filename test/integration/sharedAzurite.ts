import { type Azurite, startAzurite } from '../../src/local/azurite.ts';

let started: Promise<Azurite> | undefined;

/** One for all files that a process of vitest runs, one after the other; it ends with that process. */
export const sharedAzurite = (): Promise<Azurite> => {
  started ??= startAzurite();
  return started;
};
