import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { listen, stop } from '../../src/local/listen.ts';
import { chromiumPath, startChromium } from './chromium.ts';
import { newFolder, runStart } from './runStart.ts';

/** The local app with a browser in which nobody is signed in. */
const started = async () => {
  const app = runStart(['--data', newFolder(), '--port', '0']);
  const address = () => /GET +(http:\/\/127\.0\.0\.1:\d+)\/api\/health/.exec(app.output())?.[1];
  await expect.poll(address, { timeout: 60_000 }).toBeDefined();
  const { newPage } = await startChromium(onTestFinished);
  return { origin: address() ?? '', newPage };
};

/** A page of another origin with one button, which sends a form somewhere. */
const pageWithForm = async (action: string): Promise<string> => {
  const page = `<!doctype html><form method="post" action="${action}"><button>Win a prize</button></form>`;
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(page);
  });
  onTestFinished(() => stop(server));
  return listen(server, 0);
};

it.skipIf(chromiumPath === undefined)(
  'signs a person in with a browser, keeps the session from other sites, takes no answer twice, and signs out',
  async () => {
    const { origin, newPage } = await started();
    const page = await newPage();
    // By another name of this machine than that of the settings: browsers keep cookies of each apart.
    await page.open(`${origin.replace('127.0.0.1', 'localhost')}/api/whoami?from=a%20link`);
    expect(await page.url()).not.toContain(origin);
    await page.click('Robin, on call');
    expect(await page.url()).toBe(`${origin}/api/whoami?from=a%20link`);
    expect(JSON.parse(await page.text())).toMatchObject({
      ...{ kind: 'user', via: 'session', roles: ['Keywatch.Read', 'Keywatch.Reconnect'] },
    });

    for (const site of ['127.0.0.1', 'localhost']) {
      const elsewhere = await pageWithForm(`${origin}/api/sign-out`);
      await page.open(elsewhere.replace('127.0.0.1', site));
      await page.click('Win a prize');
      expect(page.status()).toBe(site === 'localhost' ? 401 : 403);
    }
    await page.open(`${origin}/api/whoami`);
    expect(await page.text()).toContain('"via":"session"');

    await page.open(`${origin}/api/sign-in/callback?code=seen&state=${'x'.repeat(43)}`);
    expect(page.status()).toBe(400);
    expect(await page.text()).toContain('was used already');
    await page.click('Sign in');
    await page.click('Sam, auditor');
    expect(await page.url()).toBe(`${origin}/api/board`);
    await page.open(`${origin}/api/grants/salesforce-orders/reconnect`);
    expect(page.status()).toBe(403);
    expect(await page.text()).toContain('does not have the role');
    await page.click('Sign out');
    expect(await page.text()).toContain('You are signed out');
    await page.open(`${origin}/api/board`);
    expect(await page.url()).not.toContain(origin);
  },
);
