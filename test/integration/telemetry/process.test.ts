import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';

const FIXTURE = join(import.meta.dirname, '../../fixtures/telemetryProcess.ts');

const run = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, [FIXTURE, ...args], {
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  const told = JSON.parse(stdout);
  // Without the start of Node, which takes seconds on a busy machine.
  return { ...told, tookMs: systemClock.nowEpochMs() - told.begunEpochMs };
};

it('a process that used telemetry and closed nothing ends by itself within 5 s', async () => {
  const { arrived, finished, tookMs } = await run('none', '0');
  expect({ arrived, finished }).toEqual({ arrived: 3, finished: true });
  expect(tookMs).toBeLessThan(5_000);
});

it('one that closed it ends within 5 s, too, when ingestion never answers', async () => {
  const { finished, tookMs } = await run('hang', '0');
  expect(finished).toBe(false);
  expect(tookMs).toBeLessThan(5_000);
});

it('nobody but ingestion is ever called: no metadata endpoint, no statistics, no remote settings', async () => {
  const { reached } = await run('none', '7000');
  expect(reached).toEqual([]);
});
