import { beforeEach, describe, expect, it } from 'vitest';
import { refresher } from '../../../src/lib/app/refresher.ts';
import { PUBLIC_URL } from '../../fakes/composeCallers.ts';
import { PAGE, reconnectScene } from '../../fakes/reconnectScene.ts';
import { startNodeOauthConsents } from '../../fakes/startNodeOauthConsents.ts';

const { consents, facts, isUsable, endConsents } = await startNodeOauthConsents([
  `${PUBLIC_URL}/api/reconnect/callback/strict`,
]);
beforeEach(() => void delete consents.scope);

describe('at a second authorization server', () => {
  it('a dead grant is alive after a click, is told of once, and refreshes', async () => {
    const at = await reconnectScene(facts);
    const browser = await at.browserOf('anna');
    await browser.open(PAGE);
    endConsents();
    const { refresh } = await refresher();
    expect(await refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({ kind: 'dead' });
    expect(await (await browser.send(PAGE)).text()).toContain('refuses its refresh token for good');
    expect((await browser.open(PAGE)).text).toContain('crm is connected');
    const told = at.telemetry.eventsNamed('keywatch.grant.refreshed').map(({ outcome }) => outcome);
    expect(told).toEqual(['refreshed', 'dead', 'refreshed']);
    expect(await isUsable(at.latest()?.value ?? '')).toBe(true);
    expect(await refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({ kind: 'refreshed' });
  });

  it('a consent to less than was asked for changes nothing, and the page says which is missing', async () => {
    const at = await reconnectScene(facts);
    consents.scope = ['other'];
    const { text } = await (await at.browserOf('anna')).open(PAGE);
    expect(text).toContain('does not cover api.read');
    expect(at.latest()).toBeUndefined();
    expect(at.connected()).toMatchObject([{ outcome: 'refused', reason: 'scope_missing' }]);
  });

  it('an answer that was lost is not asked for again: the code was sent once', async () => {
    const at = await reconnectScene(facts);
    at.server.exchangeCode = async (call) => {
      at.exchanged.push(call);
      return { kind: 'ambiguous', reason: 'the connection broke' };
    };
    const { text } = await (await at.browserOf('anna')).open(PAGE);
    expect(text).toContain('it is not sent again');
    expect(at.exchanged).toHaveLength(1);
  });
});
