import { expect, it } from 'vitest';
import { returnPathOf } from '../../../src/lib/callers/rules/returnPath.ts';
import { SESSION_COOKIE } from '../../../src/lib/callers/sessions.ts';
import { PUBLIC_URL } from '../../fakes/composeCallers.ts';
import { PAGE, reconnectScene } from '../../fakes/reconnectScene.ts';
import { startConsentProvider } from '../../fakes/startConsentProvider.ts';

const PROVIDER = await startConsentProvider();
const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

/** A browser that is about to come back with a code. */
const comingBack = async () => {
  const at = await reconnectScene(PROVIDER);
  const browser = await at.browserOf('a');
  const { url } = await browser.open(PAGE, (next) => next.includes('/callback/'));
  return { at, browser, url };
};

it('whatever follows addresses without the cookies of the browser spends no answer', async () => {
  const { at, browser, url } = await comingBack();
  expect((await at.request(url, {})).status).toBe(401);
  expect((await at.request(url, { headers: NAVIGATION })).status).toBe(303);
  expect((await at.request(url, { method: 'HEAD' })).status).toBe(404);
  expect(at.exchanged).toEqual([]);
  await browser.send(url);
  expect(at.connected()).toMatchObject([{ outcome: 'connected' }]);
});

it('a session that ended at the provider costs a sign-in, after which the answer counts', async () => {
  const { at, browser, url } = await comingBack();
  const handle = browser.cookie(PUBLIC_URL, SESSION_COOKIE) ?? '';
  browser.setCookie(PUBLIC_URL, SESSION_COOKIE, 'x'.repeat(43));
  const { headers } = await browser.send(url, { headers: NAVIGATION });
  const to = new URL(headers.get('location') ?? '').searchParams.get('to');
  expect(`${PUBLIC_URL}${returnPathOf(to)}`).toBe(url);
  browser.setCookie(PUBLIC_URL, SESSION_COOKIE, handle);
  await browser.send(url);
  expect(at.connected()).toMatchObject([{ outcome: 'connected' }]);
});

it('a page that is older than the sign-in is told so, with the way to a new one', async () => {
  const at = await reconnectScene(PROVIDER);
  const [earlier, browser] = [await at.browserOf('a'), await at.browserOf('a')];
  const csrf = /name="csrf" value="([^"]+)"/.exec(await (await earlier.send(PAGE)).text())?.[1] ?? '';
  const headers = { ...NAVIGATION, origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' };
  const answer = await browser.send(PAGE, { method: 'POST', headers, body: new URLSearchParams({ csrf }) });
  const text = await answer.text();
  expect(answer.status).toBe(403);
  expect(text).toContain('older than your last sign-in');
  expect(text).toContain('href="/api/grants/crm/reconnect"');
});
