import { beforeEach, describe, expect, it } from 'vitest';
import { loopbackBrowser } from '../../../src/lib/connect/loopback/loopbackBrowser.ts';
import { pastedAddress } from '../../../src/lib/connect/pastedAddress.ts';
import { systemClock } from '../../../src/lib/kernel/systemClock.ts';
import type { CodeCall } from '../../../src/lib/oauth/ports.ts';
import { connectScene } from '../../fakes/connectScene.ts';
import { consentingBrowser } from '../../fakes/consentingBrowser.ts';
import { startConsentProvider } from '../../fakes/startConsentProvider.ts';

const PROVIDER = await startConsentProvider(['http://127.0.0.1/callback/strict']);
const scene = () => connectScene(PROVIDER);
/** For a browser that never asks for the last page. */
const LEAVING = loopbackBrowser({ clock: systemClock, lingerMs: 0 });

let at: ReturnType<typeof scene>;
beforeEach(() => {
  at = scene();
});
const latest = () => at.world.vault.versions.at(-1);

describe('a grant that has no token yet', () => {
  it('has one after a click, is reported once, and refreshes by it', async () => {
    const { outcome, page } = await at.connectAs('crm-owner');
    expect(outcome).toMatchObject({ kind: 'refreshed', rotated: true, seq: 1 });
    expect(at.world.telemetry.eventsNamed('keywatch.grant.refreshed')).toMatchObject([
      { outcome: 'refreshed', credentialId: 'grant/crm' },
    ]);
    expect(at.world.telemetry.eventsNamed('keywatch.grant.connected')).toMatchObject([
      { outcome: 'connected', credentialId: 'grant/crm' },
    ]);
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('terminal') });
    expect(latest()).toMatchObject({
      enabled: true,
      tags: { 'keywatch-seq': '1', 'keywatch-state': 'ok', 'keywatch-consented-at': expect.any(String) },
    });
    expect(await at.refresher.refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({
      kind: 'refreshed',
      rotated: true,
      seq: 2,
    });
    expect(at.world.telemetry.failures).toEqual([]);
  });

  it('shows the browser neither code nor token, names both as secrets, and forgets them when it is done', async () => {
    const { page } = await at.connectAs('crm-owner');
    expect(at.exchanged).toHaveLength(1);
    expect(page.url).not.toContain(at.exchanged[0]?.code);
    expect(page.text).not.toContain(at.exchanged[0]?.code);
    const [call] = at.exchanged;
    const secrets = [call?.code, call?.codeVerifier, latest()?.value, 'secret-of-the-client'];
    expect([...at.everHeld]).toEqual(expect.arrayContaining(secrets));
    expect([...at.held]).toEqual([]);
  });
});

describe('a dead grant', () => {
  it('is alive after a click, and its alert over', async () => {
    await at.connectAs('crm-owner');
    const stored = latest();
    // The server forgets the token with its whole grant once it was used twice.
    await at.refresher.refresh({ grantId: 'crm', trigger: 'manual' });
    at.world.vault.versions.splice(0, Number.POSITIVE_INFINITY, { ...stored, version: 'restored' } as never);
    const { control } = at.world;
    control.body = undefined;
    expect(await at.refresher.refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({ kind: 'dead' });
    expect((await at.connectAs('crm-owner')).outcome).toMatchObject({ kind: 'refreshed' });
    expect(await at.refresher.refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({
      kind: 'refreshed',
    });
  });
});

describe('a grant that is alive', () => {
  beforeEach(async () => void (await at.connectAs('crm-owner')));

  it('is left alone unless that is meant', async () => {
    const { done } = at.connect();
    expect((await done).outcome).toMatchObject({ kind: 'not_connected', failure: { code: 'grant_alive' } });
    expect((await at.connectAs('crm-owner', { replace: true })).outcome).toMatchObject({ kind: 'refreshed' });
  });

  it('does not become the grant of another account unless that is meant', async () => {
    const before = latest()?.value;
    const { outcome } = await at.connectAs('somebody-else', { replace: true });
    expect(outcome).toMatchObject({ kind: 'not_connected', failure: { code: 'other_account' } });
    expect(latest()?.value).toBe(before);
    const meant = await at.connectAs('somebody-else', { replace: true, isOtherAccountMeant: true });
    expect(meant.outcome).toMatchObject({ kind: 'refreshed' });
    expect(latest()?.value).not.toBe(before);
  });
});

describe('what comes to the callback', () => {
  /** Opens the link up to the redirect back, and changes what it carries. */
  const arriving = async (
    change: (url: URL) => void,
    who = consentingBrowser({ login: 'a', password: 'b' }),
  ) => {
    const { done, link } = at.connect({}, { browser: LEAVING });
    const { url } = await who.open(await link, (next) => next.includes('/callback/'));
    const callback = new URL(url);
    change(callback);
    return { done, url, callback: callback.href, who };
  };

  it('with another state is ignored, and the right one still counts', async () => {
    const { done, url, callback, who } = await arriving((to) => to.searchParams.set('state', 'forged'));
    expect((await who.send(callback)).status).toBe(400);
    expect((await who.send(url)).status).toBe(303);
    expect((await done).outcome).toMatchObject({ kind: 'refreshed' });
  });

  it('from another browser than the one that opened the link is ignored', async () => {
    const { url, callback, who, done } = await arriving(() => undefined);
    expect((await consentingBrowser({}).send(callback)).status).toBe(400);
    await who.send(url);
    expect((await done).outcome).toMatchObject({ kind: 'refreshed' });
  });

  it('a second time is refused, and no code is sent twice', async () => {
    const gate = Promise.withResolvers<void>();
    const { done, link } = at.connect(
      {},
      {
        browser: LEAVING,
        server: {
          async exchangeCode(call) {
            at.exchanged.push(call);
            await gate.promise;
            return { kind: 'ambiguous', reason: 'the connection broke' };
          },
        },
      },
    );
    const who = consentingBrowser({ login: 'a', password: 'b' });
    const { url } = await who.open(await link, (next) => next.includes('/callback/'));
    const both = await Promise.all([who.send(url), who.send(url)]);
    expect(both.map(({ status }) => status).sort()).toEqual([303, 400]);
    gate.resolve();
    expect((await done).outcome).toMatchObject({ kind: 'not_connected', failure: { code: 'answer_lost' } });
    expect(at.exchanged).toHaveLength(1);
    expect(at.world.vault.versions).toEqual([]);
  });

  it.each([
    [undefined, 'leave authorization.accountIdentity out'],
    ['of-another-request', 'Start again'],
  ])('with an ID token whose nonce is %s changes nothing, and what to do is said', async (nonce, action) => {
    const server = {
      async exchangeCode(call: CodeCall) {
        const answer = await at.exchange.exchangeCode(call);
        return answer.kind === 'tokens' ? { ...answer, nonce } : answer;
      },
    };
    const { done, link } = at.connect({}, { server });
    await consentingBrowser({ login: 'a', password: 'b' }).open(await link);
    expect((await done).outcome).toMatchObject({
      failure: { code: 'nonce_mismatch', action: expect.stringContaining(action) },
    });
    expect(at.world.vault.versions).toEqual([]);
    expect(at.world.telemetry.eventsNamed('keywatch.grant.connected')).toMatchObject([
      { outcome: 'refused', reason: 'nonce_mismatch' },
    ]);
  });

  it('is waited for no longer where the input of the person ends', async () => {
    const redirectUri = 'https://localhost/callback/strict';
    const browser = pastedAddress({ redirectUri, say: () => undefined, read: async () => undefined });
    const { outcome } = await scene().connect({}, { browser }).done;
    expect(outcome).toMatchObject({ kind: 'not_connected', failure: { code: 'nobody_consented' } });
  });
});
