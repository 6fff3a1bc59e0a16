import { describe, expect, it } from 'vitest';
import { endOutages, runHealthy, runTimer } from '../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { CLASSES, type ClassName } from './crashTable.ts';
import { isKept } from './keptTokens.ts';

const PERIOD_MS = 5 * 60_000;
/** Longer than the last resort of a strict provider. */
const SILENT_RUNS = 18;

/** Vault and leased are down once the token was sent, and come back; the fallback store takes it and is silent then. */
const runWithSilentSink = async (className: ClassName, crashAfterCalls: number | undefined) => {
  const world = refreshWorld(CLASSES[className]);
  const { outcome, calls } = await runSolo(world, {
    crashAfterCalls,
    beforeCall: (_index, name) => {
      if (name === 'server.refresh') setStoresDown(world, true);
    },
  });
  setStoresDown(world, false);
  world.fallback.down = true;
  for (let run = 0; run < SILENT_RUNS; run++) {
    world.elapsedMs += PERIOD_MS;
    await runTimer(world);
  }
  endOutages(world);
  const unkept = world.server.state.issued.some((token) => !isKept(world, token));
  await runHealthy(world, 26 * 3_600_000);
  return { outcome, calls, unkept, works: storedTokenWorks(world) };
};

const setStoresDown = (world: RefreshWorld, down: boolean): void => {
  world.vault.down = down;
  world.control.down = down;
};

describe('a fallback store that took the token and then is silent for an hour and a half', () => {
  for (const className of ['keeps_old', 'grace 10 min', 'strict'] as const) {
    it(`${className}: gives it back in the end, wherever the worker ended`, async () => {
      const whole = await runWithSilentSink(className, undefined);
      expect(whole).toMatchObject({ works: true, unkept: false });
      expect(whole.calls).toContain('fallback.put');
      const from = whole.calls.indexOf('server.refresh') + 1;
      let kept = 0;
      for (let end = from; end <= Math.min(whole.calls.length, from + 40); end++) {
        const { works, unkept } = await runWithSilentSink(className, end);
        expect(works || unkept, `ended after ${end} calls`).toBe(true);
        if (!unkept) kept += 1;
      }
      expect(kept).toBeGreaterThan(20);
    });
  }
});
