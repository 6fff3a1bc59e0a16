import { describe, expect, it, onTestFinished } from 'vitest';
import { askProtected } from '../../scripts/askProtected.ts';
import { people } from '../../src/local/seed/people.ts';
import { chromiumPath, startChromium } from './chromium.ts';
import { startConnect, startPartner } from './startConnect.ts';

const [onCall, auditor] = people;
if (!onCall || !auditor) throw new Error('nobody is seeded');

it('refuses whoever proves nothing, as a deployment demands, and replaces a token that a sample reports', async () => {
  const { url, fetchAs, runProgram, stop } = await startConnect();
  const asking = { url, attempts: 1, waitMs: 0, timeoutMs: 20_000 };
  expect(await askProtected({ ...asking, wait: async () => {}, tell: () => {} })).toEqual({ closed: true });
  const { partner, seen } = await startPartner();
  const call = fetchAs('order-sync');
  expect([(await call(partner)).status, (await call(partner)).status]).toEqual([200, 200]);
  expect([seen.length, new Set(seen).size]).toEqual([3, 2]);
  await expect(fetchAs('newsletter')(partner)).rejects.toThrow('Keywatch answered 404');
  expect(await runProgram('order-sync')).toMatch(/^200 a Bearer token for \d+ seconds\n$/);
  expect(await runProgram('newsletter')).toMatch(/^404 There is no such grant/);
  await stop();
});

describe.skipIf(chromiumPath === undefined)(
  'in a browser (skipped where there is no chromium on the PATH)',
  () => {
    it('mends a dead grant by the link of its alert, for whoever may', async () => {
      // Ahead, because a browser reckons by the machine's time and by what servers call theirs.
      const { url, link, output, breakGrant, runProgram, stop } = await startConnect({
        more: ['--port', '0', '--days', '60'],
      });
      await breakGrant();

      const { newPage, said } = await startChromium(onTestFinished);
      const page = await newPage();
      await page.open(link);
      await page.click(onCall.name);
      expect(await page.url()).toBe(link);
      expect(await page.text()).toContain('Dead: the provider refuses its refresh token for good.');
      await page.click('Go to strict');
      await page.click('Approve');
      expect(await page.text()).toContain('salesforce-orders is connected');
      await expect.poll(output, { timeout: 30_000 }).toMatch(/alert is over: Grant dead.*salesforce-orders/);
      // The digest, which counts it too, is of once a day and has no end.
      expect(output()).not.toMatch(/alert (fires|is over): Open today/);
      expect(await runProgram('order-sync')).toContain('200');
      // The other server is by other people, and answers as nobody should.
      await page.open(await breakGrant('loyalty-partner'));
      await page.click('Go to odd');
      await page.click('Approve');
      expect(await page.text()).toContain('loyalty-partner is connected');
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
