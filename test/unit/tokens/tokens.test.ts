import { describe, expect, it } from 'vitest';
import type { StoreFailureReason } from '../../../src/lib/kernel/storeFailure.ts';
import type { RotationClass } from '../../../src/lib/oauth/rules/providerProfile.ts';
import { accessTokenDigest } from '../../../src/lib/refresh/protocol/keepAccessToken.ts';
import { AT_ONCE } from '../../../src/lib/tokens/callerRates.ts';
import type { TokenWish } from '../../../src/lib/tokens/rules/tokenRequest.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import { ACCESS_CANARY, handingOut } from '../../fakes/refresh/handingOut.ts';
import { copyOf, type RefreshWorld, refreshWorld } from '../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../fakes/refresh/soloWorker.ts';
import { failRequests } from '../../fakes/refresh/worldEvents.ts';
import { callerOf, tokenInstances } from '../../fakes/tokenInstances.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const STRICT: RotationClass = { kind: 'strict' };

/** One instance of a grant whose access token, of an hour, was obtained just now. */
const scene = async (rotation = STRICT, change: (world: RefreshWorld) => RefreshWorld = handingOut) => {
  const world = change(refreshWorld(rotation));
  await runSolo(world, { trigger: 'access_token' });
  const [instance = expect.unreachable()] = tokenInstances(world, 1);
  const ask = (wish: TokenWish = {}, name = 'orders', grantId = 'crm') =>
    instance.tokens.handOut({ grantId, caller: callerOf(name), wish });
  return { world, ask, calls: instance.calls };
};
/** The same, where so many looks into the envelope of an access token fail. */
const sceneOfUnopened = async (reason: StoreFailureReason, times: number) => {
  const { world } = await scene();
  let left = times;
  const [{ tokens } = expect.unreachable()] = tokenInstances(world, 1, async (name, effect) =>
    name === 'seal.unseal' && left-- > 0 ? (failure('seal', reason) as ReturnType<typeof effect>) : effect(),
  );
  return { world, unopened: () => tokens.handOut({ grantId: 'crm', caller: callerOf('orders'), wish: {} }) };
};
const digestOfToken = (number: number) => accessTokenDigest(`${ACCESS_CANARY}-${number}`);

describe('an access token that is asked for', () => {
  it('comes with what is left of its life, its scope and its number', async () => {
    const { world, ask } = await scene(STRICT, (given) =>
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
    const { ask } = await scene(STRICT, (world) => (grantId === 'crm' ? world : handingOut(world)));
    expect(await ask({}, 'orders', grantId)).toEqual({ kind: 'unknown' });
  });
});

describe('while a refresh is in trouble', () => {
  it('the old token goes on until its end, and after that callers are told when to come back', async () => {
    const { world, ask } = await scene();
    failRequests(world, 'refused_connection', 1_000);
    world.elapsedMs += HOUR_MS - 60_000;
    expect(await ask()).toMatchObject({ kind: 'token', source: 'kept', accessToken: `${ACCESS_CANARY}-1` });
    expect(await ask()).toMatchObject({ kind: 'token', source: 'kept' });
    world.elapsedMs += 60_000;
    expect(await ask()).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('cools down') });
    expect(world.server.state.requests).toBe(1);
    world.network.requestsToFault = 0;
    world.elapsedMs += HOUR_MS;
    expect(await ask()).toMatchObject({ kind: 'token', source: 'refreshed' });
  });

  it('a provider that was away for hours serves again within minutes of its return', async () => {
    const { world, ask } = await scene();
    world.elapsedMs += HOUR_MS;
    failRequests(world, 'refused_connection', 1_000);
    for (let minutes = 0; minutes < 4 * 60; minutes += 2) {
      await ask();
      world.elapsedMs += 2 * MINUTE_MS;
    }
    expect(world.server.state.requests).toBe(1);
    world.network.requestsToFault = 0;
    world.elapsedMs += 10 * MINUTE_MS;
    expect(await ask()).toMatchObject({ kind: 'token', source: 'refreshed' });
  });

  it('the record cannot be read: callers come back soon', async () => {
    const { world, ask } = await scene();
    world.control.down = true;
    expect(await ask()).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
    expect(world.telemetry.failures).toMatchObject([{ code: 'control_unavailable' }]);
  });

  it.each(['key_gone', 'tampered'] as const)(
    'a token that no later try opens (%s) is replaced, and why is reported',
    async (reason) => {
      const { world, unopened } = await sceneOfUnopened(reason, 1);
      expect(await unopened()).toMatchObject({ kind: 'token', accessToken: `${ACCESS_CANARY}-2` });
      expect(world.telemetry.failures).toMatchObject([
        { code: `seal_${reason}`, subject: { credentialId: 'grant/crm' } },
      ]);
      expect(world.telemetry.eventsNamed('keywatch.token.reported')).toEqual([]);
    },
  );

  it('a token that cannot be opened now is not replaced: its key may only be away', async () => {
    const { world, unopened } = await sceneOfUnopened('unavailable', 1);
    expect(await unopened()).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
    expect(await unopened()).toMatchObject({ kind: 'token', accessToken: `${ACCESS_CANARY}-1` });
    expect(world.telemetry.failures).toMatchObject([{ code: 'seal_unavailable' }]);
  });

  it('no provider is asked without end where no token opens, nor is that reported with every call', async () => {
    const { world, unopened } = await sceneOfUnopened('key_gone', 1_000);
    for (let calls = 0; calls < 10; calls++)
      expect(await unopened()).toMatchObject({
        kind: 'unavailable',
        reason: expect.stringContaining('no use'),
      });
    expect(world.server.state.requests).toBe(2);
    expect(world.telemetry.failures).toHaveLength(1);
  });

  it('an attempt whose end is unknown is waited out, and its token is not sent a second time', async () => {
    const { world, ask, calls } = await scene();
    world.elapsedMs += HOUR_MS;
    failRequests(world, 'answer_lost');
    expect(await ask()).toMatchObject({ kind: 'unavailable' });
    world.elapsedMs += 10_000 + 10 * MINUTE_MS;
    const waiting = await ask();
    expect(waiting).toMatchObject({ kind: 'unavailable', retryAfterSeconds: expect.any(Number) });
    expect(waiting.kind === 'unavailable' && waiting.retryAfterSeconds).toBeGreaterThan(45 * 60);
    const before = calls.length;
    await ask();
    expect(calls.slice(before)).toEqual(['control.read']);
    expect(world.server.state).toMatchObject({ requests: 2, familyKills: 0 });
  });

  it('another instance that stands still with the lease is waited for, and no longer than that', async () => {
    const { world, ask } = await scene();
    world.elapsedMs += HOUR_MS;
    const { calls } = await runSolo(copyOf(world), { trigger: 'access_token' });
    await runSolo(world, { trigger: 'access_token', crashAfterCalls: calls.indexOf('control.acquire') + 1 });
    const patience = setInterval(() => {
      world.elapsedMs += 2_000;
    }, 50);
    expect(await ask()).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('refreshed') });
    clearInterval(patience);
  });
});

describe('a dead grant', () => {
  it('gives its last token until that ends, and then the way to a new consent', async () => {
    const { world, ask } = await scene();
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
    const { world, ask } = await scene();
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
    const { ask } = await scene();
    const replies = await Promise.all(Array.from({ length: AT_ONCE + 100 }, () => ask()));
    const refused = replies.filter(({ kind }) => kind === 'too_many').length;
    expect([refused > 50, refused <= 100]).toEqual([true, true]);
    expect(await ask({}, 'somebody else')).toMatchObject({ kind: 'token' });
  });
});

describe('what is reported of hand-outs', () => {
  it('is each token at once, and then their number once a minute', async () => {
    const { world, ask } = await scene();
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
    const { world, ask } = await scene();
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
    const { world, ask } = await scene();
    failRequests(world, 'refused_connection');
    expect(await ask({ refused: digestOfToken(1) })).toMatchObject({ kind: 'unavailable' });
    expect(world.telemetry.eventsNamed('keywatch.token.reported')).toHaveLength(1);
  });
});
