import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../../src/lib/oauth/rules/providerProfile.ts';
import { AT_ONCE } from '../../../src/lib/tokens/callerRates.ts';
import { ACCESS_CANARY, handingOut } from '../../fakes/refresh/handingOut.ts';
import { refreshWorld } from '../../fakes/refresh/refreshWorld.ts';
import { failRequests } from '../../fakes/refresh/worldEvents.ts';
import { callerOf, tokenInstances } from '../../fakes/tokenInstances.ts';
import { digestOfToken, tokenScene } from '../../fakes/tokenScene.ts';

const STRICT: RotationClass = { kind: 'strict' };

describe('an access token that is asked for', () => {
  it('comes with what is left of its life, its scope and its number', async () => {
    const { world, ask } = await tokenScene((given) =>
      handingOut(given, { accessTokenExpiresInSeconds: 3600, scope: 'orders.read' }),
    );
    world.elapsedMs += 10 * MINUTE_MS;
    const reply = await ask();
    expect(reply).toMatchObject({ kind: 'token', scope: 'orders.read', seq: 2, source: 'hit' });
    const { expiresInSeconds } = reply.kind === 'token' ? reply : expect.unreachable();
    expect(Math.abs(expiresInSeconds - 3000)).toBeLessThan(20);
  });

  it('is that of a first refresh where nobody has looked at the grant yet', async () => {
    const world = handingOut(refreshWorld(STRICT));
    const [{ tokens } = expect.unreachable()] = tokenInstances(world, 1);
    expect(await tokens.handOut({ grantId: 'crm', caller: callerOf('orders'), wish: {} })).toMatchObject({
      kind: 'token',
      source: 'refreshed',
    });
  });

  it.each([
    ['another grant', 'other'],
    ['a grant of which none is handed out', 'crm'],
  ])('is of %s: nobody learns which', async (_what, grantId) => {
    const { ask } = await tokenScene((world) => (grantId === 'crm' ? world : handingOut(world)));
    expect(await ask({}, 'orders', grantId)).toEqual({ kind: 'unknown' });
  });
});

describe('a dead grant', () => {
  it('gives its last token until that ends, and then the way to a new consent', async () => {
    const { world, ask } = await tokenScene();
    world.server.consent();
    world.elapsedMs += HOUR_MS - 60_000;
    expect(await ask()).toMatchObject({ kind: 'token', source: 'kept' });
    expect(await ask({ refused: digestOfToken(1) })).toEqual({
      kind: 'dead',
      reconnectUrl: 'https://keywatch.example/reconnect',
    });
    const { requests } = world.server.state;
    world.elapsedMs += HOUR_MS;
    expect(await ask()).toMatchObject({ kind: 'dead' });
    expect(world.server.state.requests).toBe(requests);
  });
});

describe('a token that is reported refused', () => {
  it('is replaced once, and less and less often while each one is', async () => {
    const { world, ask } = await tokenScene();
    const first = await ask({ refused: digestOfToken(1) });
    expect(first).toMatchObject({ kind: 'token', accessToken: `${ACCESS_CANARY}-2` });
    expect(await ask({ refused: digestOfToken(1) })).toMatchObject({ source: 'hit' });
    expect(await ask({ refused: digestOfToken(2) })).toMatchObject({ kind: 'too_many' });
    expect(world.server.state.requests).toBe(2);
    world.elapsedMs += MINUTE_MS + 1_000;
    expect(await ask({ refused: digestOfToken(2) })).toMatchObject({ accessToken: `${ACCESS_CANARY}-3` });
    const again = await ask({ refused: digestOfToken(3) });
    expect(again.kind === 'too_many' && again.retryAfterSeconds).toBeGreaterThan(100);
  });
});

describe('a caller that asks without end', () => {
  it('is slowed down at this grant, and nobody else is', async () => {
    const { ask } = await tokenScene();
    const replies = await Promise.all(Array.from({ length: AT_ONCE + 100 }, () => ask()));
    const refused = replies.filter(({ kind }) => kind === 'too_many').length;
    expect([refused > 50, refused <= 100]).toEqual([true, true]);
    expect(await ask({}, 'somebody else')).toMatchObject({ kind: 'token' });
  });
});

describe('what is reported of hand-outs', () => {
  it('is each token at once, and then their number once a minute', async () => {
    const { world, ask } = await tokenScene();
    const reported = () =>
      world.telemetry
        .eventsNamed('keywatch.token.handed_out')
        .map(({ objectId, seq, handOuts }) => [objectId, seq, handOuts]);
    for (let call = 0; call < 3; call++) await ask();
    await ask({}, 'billing');
    expect(reported()).toEqual([
      ['orders', 2, 1],
      ['billing', 2, 1],
    ]);
    world.elapsedMs += MINUTE_MS;
    await ask();
    await ask({ refused: digestOfToken(1) });
    expect(reported().slice(2)).toEqual([
      ['orders', 2, 3],
      ['orders', 3, 1],
    ]);
  });

  it('is one report of each token that is refused, by the first who says so and says which', async () => {
    const { world, ask } = await tokenScene();
    await Promise.all(['orders', 'billing'].map((name) => ask({ refused: digestOfToken(1) }, name)));
    await ask({ refused: 'fedcba9876543210' }, 'liar');
    expect(world.telemetry.eventsNamed('keywatch.token.reported')).toEqual([
      {
        ...{ credentialId: 'grant/crm', seq: 2, objectId: 'orders' },
        ...{ tenantId: 'tenant', clientId: 'client-of-orders' },
      },
    ]);
  });

  it('is a refused token also where no other one can be had', async () => {
    const { world, ask } = await tokenScene();
    failRequests(world, 'refused_connection');
    expect(await ask({ refused: digestOfToken(1) })).toMatchObject({ kind: 'unavailable' });
    expect(world.telemetry.eventsNamed('keywatch.token.reported')).toHaveLength(1);
  });
});
