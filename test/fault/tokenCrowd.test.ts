import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { accessTokenDigest } from '../../src/lib/refresh/protocol/keepAccessToken.ts';
import type { TokenReply } from '../../src/lib/tokens/rules/tokenReply.ts';
import type { TokenWish } from '../../src/lib/tokens/rules/tokenRequest.ts';
import { ACCESS_CANARY, handingOut } from '../fakes/refresh/handingOut.ts';
import { refreshWorld, storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { callerOf, type TokenInstance, tokenInstances } from '../fakes/tokenInstances.ts';

const CONSUMERS = 1_000;
const FEW = 30;
const CLASSES: readonly RotationClass[] = [
  { kind: 'static' },
  { kind: 'keeps_old' },
  { kind: 'grace', graceSeconds: 600 },
  { kind: 'strict' },
];

/** Three instances of a grant that has been refreshed so many minutes ago, for an hour. */
const scene = async (rotation: RotationClass, minutesAgo: number) => {
  const world = handingOut(refreshWorld(rotation));
  await runSolo(world, { trigger: 'access_token' });
  world.elapsedMs += minutesAgo * MINUTE_MS;
  return { world, instances: tokenInstances(world, 3) };
};

const crowd = (
  instances: readonly TokenInstance[],
  wish: TokenWish,
  consumers = CONSUMERS,
): Promise<readonly TokenReply[]> =>
  Promise.all(
    Array.from({ length: consumers }, (_, index) => {
      const { tokens } = instances[index % instances.length] ?? instances[0] ?? expect.unreachable();
      return tokens.handOut({ grantId: 'crm', caller: callerOf(`consumer-${index % 40}`), wish });
    }),
  );

describe.each(CLASSES)('a thousand consumers on three instances, of a provider that is $kind', (rotation) => {
  it.each([
    ['ask while a refresh is due', 57, {}],
    ['ask when the token has ended', 70, {}],
    ['report one refused token', 5, { refused: accessTokenDigest(`${ACCESS_CANARY}-1`) }],
  ] as const)('%s: one refresh, and all get its token', async (_what, minutesAgo, wish) => {
    const { world, instances } = await scene(rotation, minutesAgo);
    const replies = await crowd(instances, wish);
    const kinds = new Set(replies.map((reply) => (reply.kind === 'token' ? reply.accessToken : reply.kind)));
    expect([...kinds]).toEqual([`${ACCESS_CANARY}-2`]);
    expect(world.server.state).toMatchObject({ requests: 2, refusals: 0, familyKills: 0 });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('ask while nothing is due: nothing is sent, no lease taken, and each token opened once', async () => {
    const { world, instances } = await scene(rotation, 5);
    const replies = await crowd(instances, {});
    expect(replies.every((reply) => reply.kind === 'token' && reply.source === 'hit')).toBe(true);
    expect(world.server.state.requests).toBe(1);
    for (const { calls } of instances) {
      expect(new Set(calls)).toEqual(new Set(['control.read', 'seal.unseal']));
      expect(calls.filter((name) => name === 'seal.unseal')).toHaveLength(1);
    }
  });
});

describe.each<RotationClass>([{ kind: 'grace', graceSeconds: 600 }, { kind: 'strict' }])(
  'an instance that is killed while it refreshes for the others, of a provider that is $kind',
  (rotation) => {
    const tags = rotation.kind === 'strict' ? [] : ['exhaustive'];
    it('costs a wait, wherever that is, and no refresh token that any store had', {
      tags,
      timeout: 60_000,
    }, async () => {
      const counting = await scene(rotation, 70);
      const [first = expect.unreachable()] = counting.instances;
      await crowd([first], {}, FEW);
      const crashed = first.calls.map(async (_call, crash) => {
        const { world, instances } = await scene(rotation, 70);
        const dead = Promise.withResolvers<string>();
        let calls = 0;
        const [dying = expect.unreachable()] = tokenInstances(world, 1, async (name, effect) => {
          if (calls++ < crash) return effect();
          dead.resolve(name);
          return new Promise(() => {});
        });
        void crowd([dying], {}, FEW);
        const where = `${crash}: ${await dead.promise}`;
        // Past its lease and inside the window of grace; then past the last resort.
        world.elapsedMs += 2 * MINUTE_MS;
        await crowd(instances, {}, FEW);
        world.elapsedMs += 70 * MINUTE_MS;
        const kinds = new Set((await crowd(instances, {}, FEW)).map(({ kind }) => kind));
        const isAnswerLost = rotation.kind === 'strict' && dying.calls[crash - 1] === 'server.refresh';
        expect([where, ...kinds]).toEqual([where, isAnswerLost ? 'dead' : 'token']);
        expect([where, storedTokenWorks(world)]).toEqual([where, !isAnswerLost]);
      });
      // They wait for leases, so all of them do at the same time.
      await Promise.all(crashed);
    });
  },
);

describe('what leaves of it', () => {
  it('is who got which token, and no part of any', async () => {
    const { world, instances } = await scene({ kind: 'strict' }, 57);
    await crowd(instances, {});
    const events = world.telemetry.eventsNamed('keywatch.token.handed_out');
    expect(new Set(events.map(({ objectId }) => objectId)).size).toBe(40);
    const { events: all, metrics, failures, calls } = world.telemetry;
    const left = JSON.stringify([all, metrics, failures, calls, world.control.body]);
    expect(left).not.toContain('CANARY');
  });
});
