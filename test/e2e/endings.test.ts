import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/kernel/systemClock.ts';
import { runKeywatch } from './runStart.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/telemetryProcess.ts');

const run = async (...args: string[]) => {
  const { stdout } = await promisify(execFile)(process.execPath, [FIXTURE, ...args], {
    timeout: 100_000,
    killSignal: 'SIGKILL',
  });
  const told = JSON.parse(stdout);
  return { ...told, heldMs: systemClock.nowEpochMs() - told.doneEpochMs };
};

const scanOfNobody = async () => {
  // Nothing listens there.
  const environment = { KEYWATCH_LOCAL: 'true', KEYWATCH_VAULTS: 'http://127.0.0.1:9' };
  const { child, output, ended } = runKeywatch(['scan'], { environment, atEnd: afterAll });
  let saidMs = 0;
  child.stdout?.on('data', () => {
    saidMs = performance.now();
  });
  const code = await ended;
  return { code, output: output(), heldMs: performance.now() - saidMs };
};

/** Begun at once: they wait, and the others need not wait for them. */
const watched = run('none', '7000');
const scanned = scanOfNobody();

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

it('npm run scan ends when it has said that a vault cannot be reached', async () => {
  const { code, output, heldMs } = await scanned;
  expect(code).toBe(2);
  // Sockets that nobody closes would hold it for half a minute.
  expect(heldMs).toBeLessThan(25_000);
  expect(output).toContain('scan failed after 0 credentials (connection)');
});
