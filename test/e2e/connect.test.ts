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
    it('signs a person in as whom it chose', async () => {
      const { url, stop } = await start();
      const { newPage } = await startChromium();
      const page = await newPage();
      await page.open(`${url}/api/sign-in?to=/api/whoami`);
      await page.click(auditor.name);
      expect(await page.text()).toContain(auditor.id);
      await stop();
    });
  },
);
