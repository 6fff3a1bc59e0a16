import { createServer, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { askProtected } from '../../scripts/askProtected.ts';
import { listen, stop } from '../../src/local/listen.ts';
import { people } from '../../src/local/seed/people.ts';
import { consentingBrowser } from '../fakes/consentingBrowser.ts';
import { chromiumPath, startChromium } from './chromium.ts';
import type { AtEnd } from './runStart.ts';
import { startConnect, startPartner } from './startConnect.ts';

const [onCall, auditor] = people;
if (!onCall || !auditor) throw new Error('nobody is seeded');

/** Because a browser reckons by the machine's time and by what servers call theirs. */
const AHEAD = ['--days', '60'];

const ends: (() => void | Promise<void>)[] = [];
const atEnd: AtEnd = (end) => ends.push(end);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});
let app: Awaited<ReturnType<typeof startConnect>>;
beforeAll(async () => {
  app = await startConnect({ atEnd, more: ['--port', '0', ...AHEAD] });
});
afterAll(() => app.stop());

it('refuses whoever proves nothing, as a deployment demands, and replaces a token that a sample reports', async () => {
  const { url, fetchAs, runProgram } = app;
  const asking = { url, attempts: 1, waitMs: 0, timeoutMs: 20_000 };
  expect(await askProtected({ ...asking, wait: async () => {}, tell: () => {} })).toEqual({ closed: true });
  const { partner, seen } = await startPartner();
  const call = fetchAs('order-sync');
  expect([(await call(partner)).status, (await call(partner)).status]).toEqual([200, 200]);
  expect([seen.length, new Set(seen).size]).toEqual([3, 2]);
  await expect(fetchAs('newsletter')(partner)).rejects.toThrow('Keywatch answered 404');
  expect(await runProgram('order-sync')).toMatch(/^200 a Bearer token for \d+ seconds\n$/);
  expect(await runProgram('newsletter')).toMatch(/^404 There is no such grant/);
});

/** A page of another origin with one button, which sends a form somewhere. */
const pageWithForm = async (action: string): Promise<string> => {
  const page = `<!doctype html><form method="post" action="${action}"><button>Win a prize</button></form>`;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(page);
  });
  onTestFinished(() => stop(server));
  return listen(server, 0);
};

describe.skipIf(chromiumPath === undefined)(
  'in a browser (skipped where there is no chromium on the PATH)',
  () => {
    let browser: Awaited<ReturnType<typeof startChromium>>;
    beforeAll(async () => {
      browser = await startChromium(atEnd);
    });

    it('mends a dead grant by the link of its alert, for whoever may', async () => {
      const { url, link, output, seen, breakGrant, runProgram } = app;
      await breakGrant();
      const page = await browser.newPage();
      await page.open(link);
      await page.click(onCall.name);
      expect(await page.url()).toBe(link);
      expect(await page.text()).toContain('Dead: the provider refuses its refresh token for good.');
      await page.click('Go to strict');
      await page.click('Approve');
      expect(await page.text()).toContain('salesforce-orders is connected');
      await seen(/alert is over: Grant dead.*salesforce-orders/);
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
      expect(browser.said).toEqual([]);

      const other = await browser.newPage();
      await other.open(link);
      await other.click(auditor.name);
      expect([other.status(), await other.url()]).toEqual([403, link]);
    });

    it('signs a person in, keeps the session from other sites, takes no answer twice, and signs out', async () => {
      const { url, link } = app;
      const page = await browser.newPage();
      // By another name of this machine than that of the settings: browsers keep cookies of each apart.
      await page.open(`${url.replace('127.0.0.1', 'localhost')}/api/whoami?from=a%20link`);
      expect(await page.url()).not.toContain(url);
      await page.click(onCall.name);
      expect(await page.url()).toBe(`${url}/api/whoami?from=a%20link`);
      expect(JSON.parse(await page.text())).toMatchObject({
        ...{ kind: 'user', via: 'session', roles: ['Keywatch.Read', 'Keywatch.Reconnect'] },
      });

      for (const site of ['127.0.0.1', 'localhost']) {
        const elsewhere = await pageWithForm(`${url}/api/sign-out`);
        await page.open(elsewhere.replace('127.0.0.1', site));
        await page.click('Win a prize');
        expect(page.status()).toBe(site === 'localhost' ? 401 : 403);
      }
      await page.open(`${url}/api/whoami`);
      expect(await page.text()).toContain('"via":"session"');

      await page.open(`${url}/api/sign-in/callback?code=seen&state=${'x'.repeat(43)}`);
      expect(page.status()).toBe(400);
      expect(await page.text()).toContain('was used already');
      await page.click('Sign in');
      await page.click(auditor.name);
      expect(await page.url()).toBe(`${url}/api/board`);
      await page.open(link);
      expect(page.status()).toBe(403);
      expect(await page.text()).toContain('needs the role Keywatch.Reconnect, which you do not have');
      await page.click('Sign out');
      expect(await page.text()).toContain('You are signed out');
      await page.open(`${url}/api/board`);
      expect(await page.url()).not.toContain(url);
    });
  },
);

/** A request as a browser sends it where a person goes to a page: `fetch` says of itself that it is none. */
const navigate = (url: string, { method = 'GET', headers, body }: RequestInit): Promise<Response> =>
  new Promise((resolve, reject) => {
    const form = body === undefined || body === null ? undefined : String(body);
    const sent = {
      ...(headers as Record<string, string>),
      ...{ accept: 'text/html', 'sec-fetch-mode': 'navigate' },
      ...(form && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': form.length }),
    };
    request(url, { method, headers: sent }, async (answer) => {
      const text = (await answer.toArray()).join('');
      const { statusCode: status = 0, headersDistinct } = answer;
      const pairs = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
        values.map((value): [string, string] => [name, value]),
      );
      resolve(new Response(text === '' ? null : text, { status, headers: pairs }));
    })
      .once('error', reject)
      .end(form);
  });

const isCallback = (url: string) => url.includes('/api/reconnect/callback/');

it('loses nothing but a click where it is killed between consent and answer, and while it takes the answer', async () => {
  const { folder, url, link } = app;
  const newBrowser = () => consentingBrowser({ login: onCall.id, answer: 'approve', meant: 'yes' }, navigate);
  const [late, answering] = [newBrowser(), newBrowser()];
  await app.breakGrant();
  const { url: lateCallback } = await late.open(link, isCallback);
  const { url: callback } = await answering.open(link, isCallback);
  const answered = answering.send(callback).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 40));
  await app.kill();
  await answered;

  app = await startConnect({ atEnd, folder, more: ['--port', new URL(url).port, ...AHEAD] });
  const { text } = await late.open(lateCallback);
  expect(text).toContain('could not be connected');
  expect(text).toContain('start again');
  for (const browser of [answering, late])
    expect((await browser.open(link)).text).toContain('salesforce-orders is connected');
  // The refused token makes it refresh: what was stored is the grant's.
  const { partner, seen } = await startPartner();
  expect((await app.fetchAs('order-sync')(partner)).status).toBe(200);
  expect(new Set(seen).size).toBe(2);
});
