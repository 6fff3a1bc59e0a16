import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { amidTheHour, newFolder, runStart } from './runStart.ts';

/**
 * Days ahead at which it is killed, so that grants are due again and none outlives its 90 days unrefreshed, and
 * milliseconds after the refreshes were asked for: around every step of them.
 */
const KILLS = [
  { days: 0, afterMs: 0 },
  { days: 1, afterMs: 40 },
  { days: 31, afterMs: 90 },
  { days: 61, afterMs: 180 },
];
const LOST = /grant \S+: (dead|not_stored|misconfigured|preflight_failed)$|Grant dead/m;

it('npm start loses no grant, killed with SIGKILL at one step of its refreshes after the other', {
  timeout: 300_000,
}, async () => {
  const folder = newFolder();
  const environment = amidTheHour();
  const startAhead = (days: number) =>
    runStart(['--port', '0', '--data', folder, '--days', String(days)], environment);
  let outputs = '';
  for (const { days, afterMs } of KILLS) {
    const { output, seen, child, ended } = startAhead(days);
    await seen(/refreshTimer grant|One run of/);
    await delay(afterMs);
    child.kill('SIGKILL');
    await ended;
    outputs += output();
  }

  const last = startAhead(62);
  await last.seen(/Functions host/);
  last.child.kill('SIGTERM');
  expect(await last.ended).toBe(0);
  expect(outputs + last.output()).not.toMatch(LOST);
  expect(outputs).not.toContain('not at the top of the hour');
});
