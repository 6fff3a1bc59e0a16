import { describe, expect, it } from 'vitest';
import { PUBLIC_URL } from '../../fakes/composeCallers.ts';
import { PAGE, reconnectScene } from '../../fakes/reconnectScene.ts';
import { startConsentProvider } from '../../fakes/startConsentProvider.ts';

const PROVIDER = await startConsentProvider();
const scene = () => reconnectScene(PROVIDER);
type Scene = Awaited<ReturnType<typeof scene>>;

describe('a grant without a token', () => {
  it('is connected by a click and a consent, and refreshes: the page says so, and who did it is on record', async () => {
    const at = await scene();
    const browser = await at.browserOf('crm-owner');
    const page = await browser.open(PAGE);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('crm is connected') });
    expect(page.text).toContain('crm-owner');
    expect(at.latest()).toMatchObject({ enabled: true, tags: { 'keywatch-seq': '1' } });
    expect(at.connected()).toMatchObject([
      {
        credentialId: 'grant/crm',
        outcome: 'connected',
        objectId: expect.any(String),
        tenantId: expect.any(String),
      },
    ]);
    expect(at.telemetry.eventsNamed('keywatch.grant.refreshed')).toMatchObject([{ outcome: 'refreshed' }]);
    expect(at.telemetry.failures).toEqual([]);
  });

  it('leaves neither code nor token in a page, an address that stays open, or telemetry', async () => {
    const at = await scene();
    const browser = await at.browserOf('crm-owner');
    const page = await browser.open(PAGE);
    const [call] = at.exchanged;
    const secrets = [call?.code ?? '', call?.codeVerifier ?? '', at.latest()?.value ?? ''];
    const seen = JSON.stringify([page.text, page.url, at.telemetry.events, at.telemetry.failures]);
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(seen).not.toContain(secret);
      expect(at.everHeld).toContain(secret);
    }
    expect([...at.held]).toEqual([]);
    expect(JSON.stringify([...at.tickets.kept.keys()])).not.toContain(
      new URL(page.url).searchParams.get('result'),
    );
  });

  it('is not begun by opening its page', async () => {
    const at = await scene();
    const answer = await (await at.browserOf('a')).send(PAGE);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(at.tickets.kept.size).toBe(0);
  });
});

describe('a grant that is connected', () => {
  const connected = async () => {
    const at = await scene();
    const browser = await at.browserOf('crm-owner');
    await browser.open(PAGE);
    return { at, browser };
  };

  it('says so, and is replaced where that is meant', async () => {
    const { at, browser } = await connected();
    const before = at.latest()?.value;
    expect(await (await browser.send(PAGE)).text()).toContain('only where that is meant');
    expect(await browser.open(PAGE)).toMatchObject({ text: expect.stringContaining('is connected') });
    expect(at.latest()?.value).not.toBe(before);
  });

  it('is not replaced by a form that says nothing of it', async () => {
    const { at, browser } = await connected();
    const html = await (await browser.send(PAGE)).text();
    const csrf = /name="csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const headers = { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' };
    const answer = await browser.send(PAGE, { method: 'POST', headers, body: new URLSearchParams({ csrf }) });
    expect([answer.status, await answer.text()]).toEqual([
      409,
      expect.stringContaining('not known to be dead'),
    ]);
    expect(at.latest()?.tags['keywatch-seq']).toBe('1');
  });

  it('does not become the grant of another account before somebody says that it is meant', async () => {
    const { at } = await connected();
    const before = at.latest()?.value;
    const browser = await at.browserOf('somebody-else');
    const { url } = await browser.open(PAGE, (next) => next.includes('?result='));
    const asking = await browser.send(url);
    const html = await asking.text();
    expect(html).toContain('Is this the account of crm?');
    expect(html).toContain('crm-owner');
    expect(html).toContain('somebody-else');
    expect(at.latest()?.value).toBe(before);
    expect(at.connected().at(-1)).toMatchObject({ outcome: 'asked', reason: 'other_account' });
  });

  const answered = async (meant: 'yes' | 'no', change: (at: Scene) => void = () => undefined) => {
    const { at } = await connected();
    const before = at.latest()?.value;
    const browser = await at.browserOf('somebody-else');
    const callback = await browser.open(PAGE, (next) => next.includes('/callback/'));
    at.clock.advance(9 * 60_000);
    const { url } = await browser.open(callback.url, (next) => next.includes('?result='));
    const html = await (await browser.send(url)).text();
    const fields = [...html.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const body = new URLSearchParams({
      ...Object.fromEntries(fields.map(([, name, value]) => [name, value])),
      meant,
    });
    change(at);
    const send = () =>
      browser.send(`${PUBLIC_URL}/api/reconnect/confirm`, {
        method: 'POST',
        headers: { origin: PUBLIC_URL, 'sec-fetch-site': 'same-origin' },
        body,
      });
    const follow = async (answer: Response): Promise<string> => {
      const location = answer.headers.get('location');
      return location === null ? answer.text() : (await browser.send(`${PUBLIC_URL}${location}`)).text();
    };
    return { at, before, send, follow, now: () => at.latest()?.value };
  };

  it('takes in another account without a second exchange, once', async () => {
    const { at, before, send, follow, now } = await answered('yes');
    const exchanges = at.exchanged.length;
    expect(await follow(await send())).toContain('is connected');
    expect(now()).not.toBe(before);
    expect(at.exchanged).toHaveLength(exchanges);
    const after = now();
    expect(await follow(await send())).toContain('is connected');
    expect(now()).toBe(after);
  });

  it('waits ten minutes for the answer, however long the consent took', async () => {
    const { send, follow } = await answered('yes', (at) => void at.clock.advance(9 * 60_000));
    expect(await follow(await send())).toContain('is connected');
  });

  it.each<readonly ['yes' | 'no', (at: Scene) => void, string]>([
    ['no', () => undefined, 'was left as it is'],
    ['yes', (at) => at.clock.advance(10 * 60_000 + 1), 'more than ten minutes'],
    ['yes', (at) => at.compose({ clientId: 'another' }), 'has changed meanwhile'],
  ])(
    'changes nothing for the answer %s, for one that comes too late, or for a client that is no longer asked for',
    async (meant, change, words) => {
      const { before, send, follow, now } = await answered(meant, change);
      expect(await follow(await send())).toContain(words);
      expect(now()).toBe(before);
    },
  );

  it.each(['third', 'crm-owner'])(
    'overwrites nothing where somebody has connected the grant meanwhile, as the account %s',
    async (login) => {
      const { at, send, follow, now } = await answered('yes');
      at.world.elapsedMs += 1_000;
      await (await at.browserOf(login)).open(PAGE);
      const before = now();
      const text = await follow(await send());
      expect([text.includes('connected meanwhile'), now() === before]).toEqual([true, true]);
      expect(text).not.toContain('start again');
      expect(at.connected().at(-1)).toMatchObject({ outcome: 'unneeded', reason: 'connected_meanwhile' });
    },
  );
});
