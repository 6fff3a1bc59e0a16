import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../src/local/control.ts';
import { people } from '../../src/local/seed/people.ts';
import { type BrowserPage, chromiumPath, startChromium } from './chromium.ts';
import { look, overflowOf, tabThrough, violationsOf } from './pageChecks.ts';
import { type AtEnd, runKeywatch } from './runStart.ts';
import { startConnect } from './startConnect.ts';

const [onCall, auditor] = people;
const LOOKS = [
  [{ width: 1280 }, 'everything'],
  [{ width: 360 }, 'everything'],
  [{ width: 1280, scheme: 'dark' }, 'colours'],
] as const;
if (!onCall || !auditor) throw new Error('nobody is seeded');

describe.skipIf(chromiumPath === undefined)(
  'the board in a browser (skipped where there is no chromium on the PATH)',
  () => {
    const ends: (() => void | Promise<void>)[] = [];
    const atEnd: AtEnd = (end) => ends.push(end);
    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    });
    let app: Awaited<ReturnType<typeof startConnect>>;
    let browser: Awaited<ReturnType<typeof startChromium>>;
    beforeAll(async () => {
      [app, browser] = await Promise.all([startConnect({ atEnd }), startChromium(atEnd)]);
    });

    const lastPages = new Map<string, BrowserPage>();
    /** A page of the board, of somebody who signs in for it where no session of theirs goes on. */
    const openAs = async (name: string, path = '/api/board'): Promise<BrowserPage> => {
      const page = await (lastPages.get(name)?.another() ?? browser.newPage());
      lastPages.set(name, page);
      await look(page, { width: 1280 });
      await page.open(`${app.url}${path}`);
      if (!(await page.url()).startsWith(app.url)) await page.click(name);
      return page;
    };
    const cards = async (page: BrowserPage): Promise<string[]> =>
      (await page.evaluate(
        `[...document.querySelectorAll('.card')].map((card) => card.innerText)`,
      )) as string[];

    it('says on its first screen what is broken, what ends next, whose it is, and whether all is seen', async () => {
      const page = await openAs(auditor.name, '/');
      expect(await page.url()).toBe(`${app.url}/api/board`);
      expect(await page.evaluate(`document.querySelector('h1').innerText`)).toMatch(
        /^\d+ broken, the next end is in \d+ (minutes|hours)$/,
      );
      const [broken, next, seen] = await cards(page);
      expect(broken).toMatch(/mastercard-client-mtls\n✗ expired \d+ hours ago\nOwner: security-engineering@/);
      expect(next).toMatch(/powerbi-embed-secret\nends in \d+ hours .* UTC\nOwner: data-platform@contoso/);
      expect(seen).toContain('Yes: 7 places seen whole.');
      const foot = `document.querySelector('.cards').getBoundingClientRect().bottom`;
      expect(await page.evaluate(foot)).toBeLessThan(800);
    });

    it('keeps search and filter in the address, and opens what it lists', async () => {
      const page = await openAs(auditor.name);
      await page.evaluate(`document.querySelector('[name=q]').focus()`);
      await page.call('Input.insertText', { text: 'databricks' });
      await page.evaluate(`document.querySelector('[name=kind]').value = 'secret'`);
      await page.click('Show');
      const address = new URL(await page.url());
      expect([address.searchParams.get('q'), address.searchParams.get('kind')]).toEqual([
        'databricks',
        'secret',
      ]);
      expect(await page.text()).toContain('1 row, worst first');
      const again = await openAs(auditor.name, address.pathname + address.search);
      expect(await again.text()).toContain('1 row, worst first');
      await again.click('databricks-pat');
      expect(await again.text()).toMatch(/^databricks-pat\n+! critical: /m);
      await again.click('data-platform@contoso.example');
      expect(await again.url()).toContain('owner=data-platform');
    });

    it('shows a grant die, and alive again once its consent is renewed', async () => {
      const page = await openAs(onCall.name);
      await app.breakGrant();
      const grant = `${app.url}/api/board/item?id=grant%2Fsalesforce-orders`;
      const standing = async () => {
        await page.open(grant);
        return page.text();
      };
      await expect.poll(standing).toContain('✗ dead');
      await page.open(`${app.url}/api/board?status=broken`);
      await page.click('salesforce-orders');
      expect(await violationsOf(page)).toEqual([]);
      for (const step of ['Consent again', 'Go to strict', 'Decline']) await page.click(step);
      expect([await violationsOf(page), await page.text()]).toEqual([
        [],
        expect.stringContaining('was left as it is'),
      ]);
      for (const step of ['The grant', 'Go to strict', 'Approve']) await page.click(step);
      expect(await page.text()).toContain('salesforce-orders is connected');
      expect(await violationsOf(page)).toEqual([]);
      await page.click('The board');
      await expect.poll(standing).toMatch(/✓ (refreshed|in order)/);
    });

    it('can be used by everybody on every page: wide and narrow, light and dark', async () => {
      const report = join(app.folder, 'report.html');
      const writing = runKeywatch(['scan', '--local', app.folder, '--html', report, '--fail-on', 'never'], {
        atEnd,
      });
      expect(await writing.ended).toBe(0);
      const page = await openAs(auditor.name);
      const paths = [
        ...['/api/board', '/api/board?status=attention&page=2', '/api/board/owners', '/api/board/findings'],
        ...['/api/board/item?id=grant%2Fsalesforce-orders', '/api/board/item?id=client%2Fdynamics-orders'],
        '/api/board/item?id=kv-contoso-integration%2Fsecret%2Fdynamics-app-secret',
        '/api/board/calendar?owner=crm-integration%40contoso.example',
        // Refusals: nothing of that id, a filter that there is not, not his role, an answer that nobody waits for.
        ...['/api/board/item?id=none', '/api/board?status=none', '/api/grants/salesforce-orders/reconnect'],
        ...[
          '/api/reconnect/callback/strict?state=none',
          '/api/sign-in/callback?error=access_denied&state=none',
        ],
      ].map((path) => `${app.url}${path}`);
      for (const address of [...paths, pathToFileURL(report).href]) {
        await page.open(address);
        for (const width of [700, 960]) {
          await look(page, { width });
          expect(await overflowOf(page), `${address} ${width}`).toBe(0);
        }
        for (const [view, changed] of LOOKS) {
          await look(page, view);
          const found = { violations: await violationsOf(page, changed), overflow: await overflowOf(page) };
          expect(found, `${address} ${JSON.stringify(view)}`).toEqual({ violations: [], overflow: 0 });
        }
      }
      await page.open(`${app.url}/api/board`);
      await page.click('Sign out');
      expect(await violationsOf(page)).toEqual([]);
      await page.click('Sign in');
      expect([await violationsOf(page), await overflowOf(page)]).toEqual([[], 0]);
    });

    it('gives a calendar that is read by its address alone, until that is ended', async () => {
      const page = await openAs(auditor.name, '/api/board/calendar?owner=crm-integration%40contoso.example');
      await page.click('Make my address');
      await look(page, { width: 360 });
      expect([await violationsOf(page), await overflowOf(page)]).toEqual([[], 0]);
      const address = String(await page.evaluate(`document.querySelector('main code').innerText`));
      const read = async () => (await fetch(address)).text();
      expect((await read()).replaceAll('\r\n ', '')).toContain(
        'SUMMARY:✗ dynamics-app-secret: expired (kv-contoso-integration)\r\n',
      );
      await page.click('End all addresses of this calendar');
      expect(await read()).toMatch(/^There is no calendar at this address/);
    });

    it('is read without JavaScript, which only adds the time of the reader', async () => {
      const page = await openAs(auditor.name);
      await page.call('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Kolkata' });
      await page.open(`${app.url}/api/board`);
      const withScript = await page.text();
      await page.call('Emulation.setScriptExecutionDisabled', { value: true });
      await page.open(`${app.url}/api/board`);
      const read = (text: string) =>
        text
          .replace(/ \([^()]* here\)/g, '')
          .replace(/\d+ (seconds?|minutes?) ago/g, '')
          .replace(/As of .*/, '');
      expect(withScript).toMatch(/UTC \(.* here\)/);
      expect(read(await page.text())).toBe(read(withScript));
      await page.click('dynamics-app-secret');
      expect(await page.text()).toContain('crm-integration@contoso.example acts:');
    });

    it('is used by keyboard alone, past its header by the first key', async () => {
      const page = await openAs(auditor.name);
      await page.press('Tab');
      expect(await page.evaluate('document.activeElement.getBoundingClientRect().left')).toBeGreaterThan(0);
      await page.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await page.press('Tab');
      expect(await page.evaluate(`document.activeElement === document.querySelector('main a')`)).toBe(true);
      await page.open(`${app.url}/api/board`);
      const { count, faults } = await tabThrough(page);
      expect(faults).toEqual([]);
      expect(count).toBeGreaterThan(100);
    });

    it('says that it is old where it was left open', async () => {
      const page = await openAs(auditor.name);
      const source = `const now = Date.now; let aheadMs = 0; const due = [];
        Date.now = () => now() + aheadMs; setInterval = (run) => due.push(run);
        globalThis.after = (minutes) => { aheadMs = minutes * 6e4; due.forEach((run) => run()); return document.querySelector('main').innerText; }`;
      await page.call('Page.addScriptToEvaluateOnNewDocument', { source });
      await page.open(`${app.url}/api/board`);
      expect(await page.evaluate('after(14)')).toMatch(/^(?!.*load it again)[\s\S]*As of \d{4}-\d\d-\d\d/);
      expect(await page.evaluate('after(16)')).toMatch(
        /^▲ This page is more than 15 minutes old: load it again/,
      );
      expect(await violationsOf(page)).toEqual([]);
    });

    it('prints all of its weeks, and its list as a table', async () => {
      const page = await openAs(auditor.name);
      const paper = { width: 794, height: 1123, deviceScaleFactor: 1, mobile: false };
      await page.call('Emulation.setDeviceMetricsOverride', paper);
      await page.call('Emulation.setEmulatedMedia', { media: 'print' });
      const weeks = `document.querySelector('svg').getBoundingClientRect().right <= document.querySelector('main').clientWidth`;
      const row = `getComputedStyle(document.querySelector('tbody tr')).display`;
      const lines = `Math.max(...[...document.querySelectorAll('#list ~ table thead th')].map((one) => one.innerText && one.clientHeight / parseFloat(getComputedStyle(one).fontSize)))`;
      expect([await page.evaluate(weeks), await page.evaluate(row)]).toEqual([true, 'table-row']);
      // No heading is broken within its word.
      expect(await page.evaluate(lines)).toBeLessThan(3);
      expect(await overflowOf(page)).toBe(0);
    });

    it('shows a credential end as local time moves, and its alert opens', async () => {
      const ahead = (minutes: number) => ask(app.folder, 'ahead', String(minutes));
      expect(app.output()).not.toMatch(/alert fires: Credential expired.*powerbi-embed-secret/);
      await ahead(11 * 60);
      // No scan is waited for: an end comes by the clock. The session is over by then.
      const page = await openAs(onCall.name);
      expect((await cards(page))[0]).toMatch(/powerbi-embed-secret\n✗ expired \d+ minutes ago/);
      const alerted = async () => {
        await ahead(1);
        return app.output();
      };
      await expect
        .poll(alerted, { interval: 2_000 })
        .toMatch(/alert fires: Credential expired.*powerbi-embed-secret/);
    });

    it('leaves nothing in the console but what the browser says of refusals', () => {
      const said = browser.said.filter(
        (one) => !/"source":"network".*the server responded with a status of 4/.test(one),
      );
      expect(said).toEqual([]);
    });
  },
);
