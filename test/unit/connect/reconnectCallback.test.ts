import { describe, expect, it } from 'vitest';
import { CONSENT_COOKIE } from '../../../src/lib/connect/reconnectSite.ts';
import { PUBLIC_URL } from '../../fakes/composeCallers.ts';
import { PAGE, reconnectScene } from '../../fakes/reconnectScene.ts';
import { startConsentProvider } from '../../fakes/startConsentProvider.ts';

const PROVIDER = await startConsentProvider();
const scene = () => reconnectScene(PROVIDER);
type Scene = Awaited<ReturnType<typeof scene>>;
type Browser = Awaited<ReturnType<Scene['browserOf']>>;

/** Up to the way back, which is not taken. */
const callbackOf = async (browser: Browser): Promise<URL> => {
  const { url } = await browser.open(PAGE, (next) => next.includes('/callback/'));
  return new URL(url);
};

describe('what comes to the callback', () => {
  const refused = async (change: (url: URL, at: Scene) => void, other?: (at: Scene) => Promise<Browser>) => {
    const at = await scene();
    const browser = await at.browserOf('a');
    const url = await callbackOf(browser);
    change(url, at);
    const sender = other === undefined ? browser : await other(at);
    const answer = await sender.send(url.href);
    const location = answer.headers.get('location');
    const text =
      location === null ? await answer.text() : await (await sender.send(`${PUBLIC_URL}${location}`)).text();
    expect(at.exchanged).toEqual([]);
    expect(at.latest()).toBeUndefined();
    return { at, text, answer, url, browser };
  };

  it.each([
    [
      'with a state of nobody',
      (url: URL) => url.searchParams.set('state', 'x'.repeat(43)),
      'no consent that was begun',
    ],
    ['with no state', (url: URL) => url.searchParams.delete('state'), 'no answer to a consent'],
    [
      'with an error and no state, which it says,',
      (url: URL) =>
        void Object.assign(url, { search: '?error=invalid_scope&error_description=%3Cscript%3E' }),
      'it says invalid_scope',
    ],
    [
      'with an error that is no code, and no state,',
      (url: URL) => void Object.assign(url, { search: '?error=%3Cscript%3E' }),
      'no answer to a consent',
    ],
    ['with two states', (url: URL) => url.searchParams.append('state', 'x'), 'no answer to a consent'],
    ['longer than 8 kB', (url: URL) => url.searchParams.set('x', 'y'.repeat(9000)), 'no answer to a consent'],
    [
      'of another server',
      (url: URL) => url.searchParams.set('iss', 'https://evil.example'),
      'another server',
    ],
    ['of no server', (url: URL) => url.searchParams.delete('iss'), 'another server'],
    [
      'at the address of another provider',
      (url: URL) => Object.assign(url, { pathname: '/api/reconnect/callback/other' }),
      'address of another provider',
    ],
    [
      'after ten minutes',
      (_url: URL, at: Scene) => void at.clock.advance(10 * 60_000 + 1),
      'ten minutes ago',
    ],
    [
      'after the scopes of the grant were changed',
      (_url: URL, at: Scene) => at.compose({ scopes: ['api.write'] }),
      'has changed meanwhile',
    ],
  ])('%s is not exchanged', async (_what, change, words) => {
    expect((await refused(change)).text).toContain(words);
  });

  it('from another browser of the same person is not exchanged', async () => {
    const { text, at } = await refused(
      () => undefined,
      (at) => at.browserOf('a'),
    );
    expect(text).toContain('another browser');
    expect(at.connected()).toMatchObject([{ outcome: 'refused', reason: 'other_browser' }]);
  });

  it("in the same browser under another person's session is not exchanged", async () => {
    const objectId = '55555555-5555-4555-8555-555555555555';
    const at = await scene();
    const browser = await at.browserOf('a');
    const url = await callbackOf(browser);
    const other = await at.browserOf('a', { objectId });
    other.setCookie(PUBLIC_URL, CONSENT_COOKIE, browser.cookie(PUBLIC_URL, CONSENT_COOKIE) ?? '');
    const answer = await other.send(url.href);
    expect(await (await other.send(`${PUBLIC_URL}${answer.headers.get('location')}`)).text()).toContain(
      'somebody else',
    );
    expect(at.exchanged).toEqual([]);
    expect(at.connected()).toMatchObject([{ outcome: 'refused', reason: 'other_person', objectId }]);
  });

  it('twice at once is exchanged once', async () => {
    const at = await scene();
    const browser = await at.browserOf('a');
    const { href } = await callbackOf(browser);
    await Promise.all([browser.send(href), browser.send(href), browser.send(href)]);
    expect(at.exchanged).toHaveLength(1);
    expect(at.latest()?.tags['keywatch-seq']).toBe('1');
  });

  it('sent again shows what came of the first, to nobody else', async () => {
    const at = await scene();
    const browser = await at.browserOf('a');
    const { href } = await callbackOf(browser);
    const location = (await browser.send(href)).headers.get('location');
    const again = await browser.send(href);
    expect(location).toMatch(/\?result=[\w-]{43}$/);
    expect(again.headers.get('location')).toBe(location);
    expect(await (await browser.send(`${PUBLIC_URL}${location}`)).text()).toContain('is connected');
    const stranger = await (await at.browserOf('b')).send(href);
    expect([stranger.status, await stranger.text()]).toEqual([
      400,
      expect.stringContaining('load this page again'),
    ]);
    expect(at.exchanged).toHaveLength(1);
    expect(at.connected()).toMatchObject([{ outcome: 'connected' }]);
  });

  it('of a second tab is not exchanged where the first has connected the grant', async () => {
    const at = await scene();
    const browser = await at.browserOf('a');
    const tabs = [await callbackOf(browser), await callbackOf(browser)] as const;
    await browser.send(tabs[1].href);
    const { headers } = await browser.send(tabs[0].href);
    const page = await (await browser.send(`${PUBLIC_URL}${headers.get('location')}`)).text();
    expect(page).toContain('not known to be dead');
    expect(page).toContain('crm was left as it is');
    expect(page).toContain('nothing is left to do');
    expect(at.connected()).toMatchObject([{ outcome: 'connected' }, { outcome: 'unneeded' }]);
    expect(at.exchanged).toHaveLength(1);
  });

  it('with the code of another attempt is refused by the server: it is bound to the verifier', async () => {
    const at = await scene();
    const theirs = await callbackOf(await at.browserOf('thief'));
    const browser = await at.browserOf('a');
    const ours = await callbackOf(browser);
    ours.searchParams.set('code', theirs.searchParams.get('code') ?? '');
    const answer = await browser.send(ours.href);
    expect(answer.headers.get('location')).toMatch(/^\/api\/grants\/crm\/reconnect\?result=[\w-]{43}$/);
    expect(at.latest()).toBeUndefined();
    expect(at.connected()).toMatchObject([{ outcome: 'refused', reason: 'code_refused' }]);
  });

  it("is a person's no, and not an incident, where they declined", async () => {
    const at = await scene();
    const browser = await at.browserOf('a');
    const url = await callbackOf(browser);
    for (const name of ['code', 'session_state']) url.searchParams.delete(name);
    url.searchParams.set('error', 'access_denied');
    url.searchParams.set('error_description', '<script>alert(1)</script>');
    const { headers } = await browser.send(url.href);
    const page = await (await browser.send(`${PUBLIC_URL}${headers.get('location')}`)).text();
    expect(page).toContain('was left as it is');
    expect(page).not.toContain('alert(1)');
    expect(at.connected()).toMatchObject([{ outcome: 'declined' }]);
    expect(at.telemetry.failures).toEqual([]);
  });
});

describe('a store that is down', () => {
  it('has the person told, and whoever runs the app, before anybody is sent anywhere', async () => {
    const at = await scene();
    const browser = await at.browserOf('a');
    at.tickets.isDown = true;
    expect(await browser.open(PAGE)).toMatchObject({ status: 409, text: expect.stringContaining('is down') });
    expect(at.telemetry.failures).toMatchObject([{ code: 'tickets_unavailable' }]);
  });

  it('after the consent shows at once what came of it, and nothing is lost that was stored', async () => {
    const at = await scene();
    const browser = await at.browserOf('a');
    const { href } = await callbackOf(browser);
    const exchange = at.server.exchangeCode;
    at.server.exchangeCode = async (call) => {
      at.tickets.isDown = true;
      return exchange(call);
    };
    const answer = await browser.send(href);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('crm is connected')]);
    expect(at.latest()?.tags['keywatch-seq']).toBe('1');
  });
});

describe('who may begin', () => {
  const post = { method: 'POST', body: new URLSearchParams({ csrf: 'x' }) };
  const ours = { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' };

  it.each([
    ['another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, undefined],
    ['a sibling site', { origin: 'https://x.example', 'sec-fetch-site': 'same-site' }, undefined],
    ['a form without the token of the session', ours, undefined],
    ['a session without the role', ours, ['Keywatch.Read']],
  ])('is not %s', async (_who, headers, roles) => {
    const at = await scene();
    const browser = await at.browserOf('a', roles && { roles });
    const answer = await browser.send(PAGE, { ...post, headers });
    expect(answer.status).toBeGreaterThanOrEqual(401);
    expect(answer.status).toBeLessThanOrEqual(403);
    expect(at.tickets.kept.size).toBe(0);
  });

  it.each(['unknown', 'crm%0d%0aset-cookie:%20a', '..%2f..%2fhealth', 'CRM'])(
    'has the same words for every grant that is none: %s',
    async (id) => {
      const at = await scene();
      const browser = await at.browserOf('a');
      const answer = await browser.send(`${PUBLIC_URL}/api/grants/${id}/reconnect`);
      expect([answer.status, await answer.text()]).toEqual([
        404,
        expect.stringContaining('There is no such grant'),
      ]);
    },
  );

  it('cannot make the app lead anywhere but to the provider and to its own page', async () => {
    const at = await scene();
    const browser = await at.browserOf('a');
    const { visited, url } = await browser.open(
      `${PAGE}?result=//evil.example&to=https://evil.example&redirect_uri=https://evil.example`,
    );
    expect(
      [...visited, url].filter(
        (one) => !one.startsWith(PUBLIC_URL) && !one.startsWith(PROVIDER.authorization.issuer),
      ),
    ).toEqual([]);
  });
});
