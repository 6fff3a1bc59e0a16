import { describe, expect, it } from 'vitest';
import type { StoreFailureReason } from '../../../src/lib/kernel/storeFailure.ts';
import { HOUR_MS, MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import { type ClientSecret, clientSecretOf } from '../../fakes/refresh/clientSecret.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import { ACCESS_CANARY, handingOut } from '../../fakes/refresh/handingOut.ts';
import { copyOf, type RefreshWorld } from '../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../fakes/refresh/soloWorker.ts';
import { changeAnswers, failRequests } from '../../fakes/refresh/worldEvents.ts';
import { callerOf, tokenInstances } from '../../fakes/tokenInstances.ts';
import { tokenScene } from '../../fakes/tokenScene.ts';

/** The same, where so many looks into the envelope of an access token fail. */
const sceneOfUnopened = async (reason: StoreFailureReason, times: number) => {
  const { world } = await tokenScene();
  let left = times;
  const [{ tokens } = expect.unreachable()] = tokenInstances(world, 1, async (name, effect) =>
    name === 'seal.unseal' && left-- > 0 ? (failure('seal', reason) as ReturnType<typeof effect>) : effect(),
  );
  return { world, unopened: () => tokens.handOut({ grantId: 'crm', caller: callerOf('orders'), wish: {} }) };
};

/** What is reported of callers who got none, the same just once. */
const troubles = ({ telemetry }: RefreshWorld) => [
  ...new Set(telemetry.eventsNamed('keywatch.token.unavailable').map(({ reason }) => reason)),
];

const sceneOfClient = async () => {
  const made: ClientSecret[] = [];
  const scene = await tokenScene((given) => {
    const world = handingOut(given);
    made.push(clientSecretOf(world));
    return world;
  });
  const [secret = expect.unreachable()] = made;
  return { secret, ...scene };
};

describe('while a refresh is in trouble', () => {
  it('the old token goes on until its end, and after that callers are told when to come back', async () => {
    const { world, ask } = await tokenScene();
    failRequests(world, 'refused_connection', 1_000);
    world.elapsedMs += HOUR_MS - 60_000;
    expect(await ask()).toMatchObject({ kind: 'token', source: 'kept', accessToken: `${ACCESS_CANARY}-1` });
    expect(await ask()).toMatchObject({ kind: 'token', source: 'kept' });
    world.elapsedMs += 60_000;
    expect(await ask()).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('cools down') });
    expect(world.server.state.requests).toBe(1);
    expect(troubles(world)).toEqual(['refresh_failing']);
    world.network.requestsToFault = 0;
    world.elapsedMs += HOUR_MS;
    expect(await ask()).toMatchObject({ kind: 'token', source: 'refreshed' });
  });

  it('a provider that was away for hours serves again within minutes of its return', async () => {
    const { world, ask } = await tokenScene();
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

  it('a client that the provider refuses is looked at once a minute, and tried when its secret is another', async () => {
    const { secret, world, ask, calls } = await sceneOfClient();
    secret.write('wrong');
    world.elapsedMs += HOUR_MS;
    expect(await ask()).toMatchObject({ kind: 'unavailable' });
    for (let minutes = 0; minutes < 10; minutes++) {
      world.elapsedMs += MINUTE_MS;
      const said = await ask();
      expect(said).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('cools down') });
      expect(said.kind === 'unavailable' && said.retryAfterSeconds).toBeLessThanOrEqual(60);
      const before = calls.length;
      await ask();
      expect(calls.slice(before)).toEqual(['control.read']);
    }
    expect(secret.refused).toBe(1);
    expect(troubles(world)).toEqual(['refresh_failing']);
    secret.write('right');
    world.elapsedMs += MINUTE_MS;
    expect(await ask()).toMatchObject({ kind: 'token', source: 'refreshed' });
  });

  it('the record cannot be read: callers come back soon', async () => {
    const { world, ask } = await tokenScene();
    world.control.down = true;
    expect(await ask()).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
    expect(world.telemetry.failures).toMatchObject([{ code: 'control_unavailable' }]);
    expect(troubles(world)).toEqual(['record_unreadable']);
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

  it('a fault of Keywatch itself reaches the host, and whom it shuts out is reported', async () => {
    const { world } = await tokenScene();
    const [{ tokens } = expect.unreachable()] = tokenInstances(world, 1, async (name, effect) => {
      if (name === 'control.read') throw new Error('a promise was broken');
      return effect();
    });
    const asked = tokens.handOut({ grantId: 'crm', caller: callerOf('orders'), wish: {} });
    await expect(asked).rejects.toThrow('a promise was broken');
    expect(world.telemetry.eventsNamed('keywatch.token.unavailable')).toMatchObject([
      { credentialId: 'grant/crm', reason: 'exception', objectId: 'orders', refusals: 1 },
    ]);
  });

  it('a token that cannot be opened now is not replaced: its key may only be away', async () => {
    const { world, unopened } = await sceneOfUnopened('unavailable', 1);
    expect(await unopened()).toMatchObject({ kind: 'unavailable', retryAfterSeconds: 5 });
    expect(await unopened()).toMatchObject({ kind: 'token', accessToken: `${ACCESS_CANARY}-1` });
    expect(world.telemetry.failures).toMatchObject([{ code: 'seal_unavailable' }]);
    expect(troubles(world)).toEqual(['token_unopened']);
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
    expect(troubles(world)).toEqual(['token_unopened']);
  });

  it('an attempt whose end is unknown is waited out, and its token is not sent a second time', async () => {
    const { world, ask, calls } = await tokenScene();
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
    expect(troubles(world)).toEqual(['refresh_failing']);
  });

  it('another instance that stands still with the lease is waited for, and no longer than that', async () => {
    const { world, ask } = await tokenScene();
    world.elapsedMs += HOUR_MS;
    const { calls } = await runSolo(copyOf(world), { trigger: 'access_token' });
    await runSolo(world, { trigger: 'access_token', crashAfterCalls: calls.indexOf('control.acquire') + 1 });
    const patience = setInterval(() => {
      world.elapsedMs += 2_000;
    }, 5);
    expect(await ask()).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('refreshed') });
    clearInterval(patience);
    expect(troubles(world)).toEqual(['refresh_slow']);
  });

  it('a provider that binds its tokens to a key refreshes well and leaves none, and that is said to be why', async () => {
    const { world, ask } = await tokenScene((given) => handingOut(given, { tokenType: 'DPoP' }));
    for (let minutes = 0; minutes < 12; minutes++) {
      expect(await ask()).toMatchObject({ kind: 'unavailable' });
      world.elapsedMs += MINUTE_MS;
    }
    expect(troubles(world)).toEqual(['none_usable']);
    expect(world.telemetry.eventsNamed('keywatch.grant.refreshed').map(({ outcome }) => outcome)).toEqual([
      'refreshed',
      'refreshed',
      'refreshed',
    ]);
  });
});

describe('a provider that gives the same token until it ends', () => {
  it('costs nobody more than a moment: the next one is asked for at that end', async () => {
    const { world, ask } = await tokenScene((given) => {
      const handing = handingOut(given);
      changeAnswers(handing, (answer) => {
        const hours = handing.elapsedMs / HOUR_MS;
        const accessTokenExpiresInSeconds = Math.floor((1 - (hours % 1)) * 3600);
        return answer.kind === 'tokens'
          ? {
              ...answer,
              accessToken: `${ACCESS_CANARY}-of-hour-${Math.floor(hours)}`,
              accessTokenExpiresInSeconds,
            }
          : answer;
      });
      return handing;
    });
    const without: number[] = [];
    for (let seconds = 0; seconds < 2 * 3600; seconds += 10) {
      if ((await ask()).kind !== 'token') without.push(seconds);
      world.elapsedMs += 10_000;
    }
    expect(without.length).toBeLessThanOrEqual(2);
    expect(world.server.state.requests).toBeLessThan(30);
  });
});
