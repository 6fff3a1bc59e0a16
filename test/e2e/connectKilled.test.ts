import { request } from 'node:http';
import { expect, it } from 'vitest';
import { people } from '../../src/local/seed/people.ts';
import { consentingBrowser } from '../fakes/consentingBrowser.ts';
import { startConnect, startPartner } from './startConnect.ts';

const [onCall] = people;
if (!onCall) throw new Error('nobody is seeded');

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

it('loses nothing but a click where it is killed between consent and answer, and while it takes the answer', {
  timeout: 300_000,
}, async () => {
  const first = await startConnect();
  const { folder, url, link } = first;
  const again = () => startConnect({ folder, more: ['--port', new URL(url).port] });
  const browser = consentingBrowser({ login: onCall.id, answer: 'approve', meant: 'yes' }, navigate);
  await first.breakGrant();
  const { url: callback } = await browser.open(link, isCallback);
  await first.kill();

  const second = await again();
  const { text } = await browser.open(callback);
  expect([text.includes('could not be connected'), text.includes('start again')]).toEqual([true, true]);
  const { url: newCallback } = await browser.open(link, isCallback);
  const answered = browser.send(newCallback).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 40));
  await second.kill();
  await answered;

  const third = await again();
  expect((await browser.open(link)).text).toContain('salesforce-orders is connected');
  // The refused token makes it refresh: what was stored is the grant's.
  const { partner, seen } = await startPartner();
  expect((await third.fetchAs('order-sync')(partner)).status).toBe(200);
  expect(new Set(seen).size).toBe(2);
  await third.stop();
});
