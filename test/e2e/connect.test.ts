import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { people } from '../../src/local/seed/people.ts';
import { chromiumPath, startChromium } from './chromium.ts';
import { newFolder, runStart } from './runStart.ts';

const [onCall, auditor] = people;
if (!onCall || !auditor) throw new Error('nobody is seeded');

const start = async () => {
  const folder = newFolder();
  const { output, child, ended } = runStart(['--port', '0', '--data', folder]);
  await expect.poll(output, { timeout: 60_000 }).toContain('Functions host');
  const url = /GET +(http:\/\/127\.0\.0\.1:\d+)\/api\/health/.exec(output())?.[1] ?? '';
  return {
    ...{ output, url },
    async breakGrant() {
      const breaking = runStart(['--break', 'grant/salesforce-orders', '--data', folder]);
      expect(await breaking.ended).toBe(0);
      await expect
        .poll(output, { timeout: 30_000 })
        .toMatch(/alert fires: Grant dead.*grant\/salesforce-orders/);
    },
    async runProgram(name: string) {
      const program = join(import.meta.dirname, '../../samples/program.mjs');
      const environment = `--env-file=${join(folder, 'programs', `${name}.env`)}`;
      return (await promisify(execFile)(process.execPath, [environment, program])).stdout;
    },
    async stop() {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
  };
};

it('gives the access token of a grant to one program and not to another, and says at once that it is dead', async () => {
  const { breakGrant, runProgram, stop } = await start();
  expect(await runProgram('order-sync')).toMatch(/^200 a Bearer token for \d+ seconds\n$/);
  expect(await runProgram('newsletter')).toContain('404');
  await breakGrant();
  await stop();
});

describe.skipIf(chromiumPath === undefined)(
  'in a browser (skipped where there is no chromium on the PATH)',
  () => {
    it('mends a dead grant by the link of its alert, for whoever may', async () => {
      const { url, output, breakGrant, runProgram, stop } = await start();
      await breakGrant();
      const link = `${url}/api/grants/salesforce-orders/reconnect`;

      const { newPage, said } = await startChromium();
      const page = await newPage();
      await page.open(link);
      await page.click(onCall.name);
      expect(await page.url()).toBe(link);
      expect(await page.text()).toContain('Dead: the provider refuses its refresh token for good.');
      await page.click('Go to strict');
      await page.click('Approve');
      expect(await page.text()).toContain('salesforce-orders is connected');
      await expect.poll(output, { timeout: 30_000 }).toMatch(/alert is over: Grant dead.*salesforce-orders/);
      expect(await runProgram('order-sync')).toContain('200');
      await page.click('The board');
      expect([page.status(), await page.url()]).toEqual([200, `${url}/api/board`]);
      // Of the refusal that follows Chromium itself says so.
      expect(said).toEqual([]);

      const other = await newPage();
      await other.open(link);
      await other.click(auditor.name);
      expect([other.status(), await other.url()]).toEqual([403, link]);
      await stop();
    });
  },
);
