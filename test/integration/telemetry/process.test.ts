import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';

const FIXTURE = join(import.meta.dirname, '../../fixtures/telemetryProcess.ts');

const run = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, [FIXTURE, ...args], {
    timeout: 100_000,
    killSignal: 'SIGKILL',
  });
  const told = JSON.parse(stdout);
  return { ...told, heldMs: systemClock.nowEpochMs() - told.doneEpochMs };
};

/** Begun at once: it waits, and the others need not wait for it. */
const watched = run('none', '7000');

/** A request of the exporter that nobody ends would hold it for 15 s, a timer for a minute. */
const HELD_MS = 12_000;

it('a process that used telemetry and closed nothing ends by itself', async () => {
  const { arrived, finished, heldMs } = await run('none', '0');
  expect({ arrived, finished }).toEqual({ arrived: 3, finished: true });
  expect(heldMs).toBeLessThan(HELD_MS);
});

it('one that closed it ends, too, at twice the limit at most, when ingestion never answers', async () => {
  const { closed, heldMs } = await run('hang', '0');
  expect(closed).toEqual({ inTime: true, finished: false });
  expect(heldMs).toBeLessThan(HELD_MS);
});

it('nobody but ingestion is ever called: no metadata endpoint, no statistics, no remote settings', async () => {
  const { reached } = await watched;
  expect(reached).toEqual([]);
});
