import { describe, expect, it, onTestFinished } from 'vitest';
import { profileFrom } from '../../../src/lib/oauth/presets/providerSettings.ts';
import { startAuthorizationServers } from '../../../src/local/authorizationServers/authorizationServers.ts';
import { providerId } from '../../../src/local/authorizationServers/localServer.ts';
import { createLocalClock } from '../../../src/local/clock.ts';
import { connectScene } from '../../fakes/connectScene.ts';
import { consentingBrowser } from '../../fakes/consentingBrowser.ts';

const scene = async () => {
  const clock = createLocalClock();
  const servers = await startAuthorizationServers({ nowEpochMs: clock.nowEpochMs });
  onTestFinished(() => servers.close());
  const { strict: server } = servers;
  const reading = profileFrom('strict', server.provider, { allowLoopback: true });
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  const { clientId, clientSecret } = server;
  const at = connectScene(reading.profile, { clientId, clientSecret, provider: providerId(server) });
  return { clock, server, at };
};

describe('the consent page of a server on this machine', () => {
  it.each([0, 400])('gives a grant a token that works, %i days ahead', async (days) => {
    const { clock, server, at } = await scene();
    clock.moveForward(days * 86_400_000);
    expect((await at.connectAs('anna')).outcome).toMatchObject({ kind: 'refreshed' });
    expect(await server.isUsable(at.world.vault.versions.at(-1)?.value ?? '')).toBe(true);
    expect(await at.refresher.refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({
      kind: 'refreshed',
      rotated: true,
    });
  });

  it('knows whose consent it is', async () => {
    const { at } = await scene();
    await at.connectAs('anna');
    expect((await at.connectAs('ben', { replace: true })).outcome).toMatchObject({
      failure: { code: 'other_account' },
    });
  });

  it('takes a no', async () => {
    const { at } = await scene();
    const { done, link } = at.connect();
    await consentingBrowser({ answer: 'decline' }).open(await link);
    expect((await done).outcome).toMatchObject({ failure: { code: 'access_denied' } });
  });
});
