import { expect, it } from 'vitest';
import { newFolder, runStart } from './runStart.ts';

it('brings up the alert of a grant that its provider no longer knows, at once', async () => {
  const folder = newFolder();
  const running = runStart(['--port', '0', '--data', folder]);
  await expect.poll(running.output, { timeout: 60_000 }).toContain('Functions host');
  const breaking = runStart(['--break', 'grant/salesforce-orders', '--data', folder]);
  expect(await breaking.ended).toBe(0);
  await expect
    .poll(running.output, { timeout: 30_000 })
    .toMatch(/alert fires: Grant dead.*grant\/salesforce-orders/);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
});
