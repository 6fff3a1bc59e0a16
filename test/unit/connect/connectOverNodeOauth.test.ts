import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listen, stop } from '../../../src/local/listen.ts';
import { connectScene } from '../../fakes/connectScene.ts';
import { startNodeOauthConsents } from '../../fakes/startNodeOauthConsents.ts';

const aside = createServer();
const port = Number(new URL(await listen(aside, 0)).port);
await stop(aside);
const { consents, facts, isUsable } = await startNodeOauthConsents([
  `http://127.0.0.1:${port}/callback/strict`,
]);
const scene = () => connectScene(facts);

describe('at a second authorization server', () => {
  it('a grant is connected by a redirect address that has its port, and refreshes', async () => {
    const at = scene();
    const { outcome } = await at.connectAs('anna', { port });
    expect(outcome).toMatchObject({ kind: 'refreshed' });
    expect(await isUsable(at.world.vault.versions.at(-1)?.value ?? '')).toBe(true);
    expect(await at.refresher.refresh({ grantId: 'crm', trigger: 'manual' })).toMatchObject({
      kind: 'refreshed',
      rotated: true,
    });
  });

  it('a consent to more than was asked for is taken in, and reported as such', async () => {
    const at = scene();
    consents.scope = ['api.read', 'api.write'];
    expect((await at.connectAs('anna', { port })).outcome).toMatchObject({ kind: 'refreshed' });
    expect(at.world.telemetry.eventsNamed('keywatch.finding.observed')).toMatchObject([
      { detail: expect.stringContaining('1 of its scopes') },
    ]);
  });
});
