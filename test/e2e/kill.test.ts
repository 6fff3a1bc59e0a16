import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { newFolder, runStart } from './runStart.ts';

/**
 * Days ahead at which it is killed, so that every grant is due again, and milliseconds after the refreshes were asked
 * for: around every step of them.
 */
const KILLS = [
  { days: 0, afterMs: 0 },
  { days: 30, afterMs: 40 },
  { days: 60, afterMs: 90 },
  { days: 90, afterMs: 180 },
];
const LOST = /outcome: (dead|not_stored|misconfigured|preflight_failed)|Grant dead/;

it('npm start loses no grant, killed with SIGKILL at one step of its refreshes after the other', {
  timeout: 300_000,
}, async () => {
  const folder = newFolder();
  const startAhead = (days: number) => runStart(['--port', '0', '--data', folder, '--days', String(days)]);
  let outputs = '';
  for (const { days, afterMs } of KILLS) {
    const { output, seen, child, ended } = startAhead(days);
    await seen(/refreshTimer grant|One run of/);
    await delay(afterMs);
    child.kill('SIGKILL');
    await ended;
    outputs += output();
  }

  const last = startAhead(91);
  await last.seen(/Functions host/);
  last.child.kill('SIGTERM');
  expect(await last.ended).toBe(0);
  expect(outputs + last.output()).not.toMatch(LOST);
});
