import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { newFolder, runStart } from './runStart.ts';

/** Milliseconds after the refreshes were asked for at which the process is killed: around every step of them. */
const KILL_AFTER_MS = [0, 40, 90, 180];
const LOST = /outcome: (dead|not_stored|misconfigured|preflight_failed)|Grant dead/;

/**
 * What a kill leaves in doubt is waited out for up to an hour of the store's own time, so a second start
 * shows such a grant as waiting; test/integration/refreshProcesses.test.ts moves that time and sees the end.
 */
describe('npm start killed with SIGKILL', () => {
  for (const afterMs of KILL_AFTER_MS) {
    it(`${afterMs} ms into its refreshes finds no grant lost when it is started again`, async () => {
      const folder = newFolder();
      const start = (days: number) => runStart(['--port', '0', '--data', folder, '--days', String(days)]);
      const killed = start(0);
      await expect
        .poll(killed.output, { timeout: 40_000, interval: 5 })
        .toMatch(/refreshTimer grant|One run of/);
      await delay(afterMs);
      killed.child.kill('SIGKILL');
      await killed.ended;

      const again = start(1);
      await expect.poll(again.output, { timeout: 40_000 }).toContain('Functions host');
      again.child.kill('SIGTERM');
      expect(await again.ended).toBe(0);
      expect(killed.output() + again.output()).not.toMatch(LOST);
    });
  }
});
