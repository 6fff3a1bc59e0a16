import { systemClock } from '../kernel/systemClock.ts';
import type { Refresher } from '../refresh/refresher.ts';
import { endApp, partOfApp } from './app.ts';
import { holdEnd } from './processEnd.ts';

/** For the answers of what has ended to reach a host that is still there. */
const ANSWERS_LEAVE_MS = 250;

let current: Refresher | undefined;

export const refresher = partOfApp(async ({ config, connections, ending }) => {
  const { refresherOf } = await import('./refresherOf.ts');
  current = refresherOf(config, await connections(), ending);
  return current;
});

/** Sends nothing more to any token endpoint, and resolves when what was sent is answered, stored and reported. */
export const finishRefreshes = async (): Promise<void> => {
  endApp();
  await current?.settled();
};

/** Lets no end of this process, neither by a signal nor by the worker's own hand, cut off a refresh. */
export const endInOrder = (): void =>
  holdEnd(process, {
    isBusy: () => current?.isBusy() ?? false,
    async finish() {
      await finishRefreshes();
      await systemClock.sleep(ANSWERS_LEAVE_MS);
    },
  });
