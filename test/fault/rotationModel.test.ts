import { afterAll, describe, expect, it, vi } from 'vitest';
import { DAY_MS } from '../../src/lib/kernel/time.ts';
import { addVersion } from '../fakes/refresh/fakeTokenStore.ts';
import { copyOf, liveOn, oncePerState, runRotation } from '../fakes/rotate/rotationRun.ts';
import {
  FOREIGN,
  heldValue,
  ownSecrets,
  ROTATION,
  type RotationWorld,
  rotationWorld,
  works,
  worldNow,
} from '../fakes/rotate/rotationWorld.ts';

/** Directory and token service are behind by so much. */
const LAGS = { none: 0, 'half an hour': 30 * 60_000 } as const;
const FAULTS: Readonly<Record<string, RotationWorld['faults']>> = {
  none: {},
  'the vault refuses': { vault: 'refuses' },
  'the acknowledgement of the vault is lost': { vault: 'lost' },
  'the vault is silent': { vault: 'silent' },
  'the answer of the directory is lost': { add: 'lost' },
  'the directory is silent': { add: 'silent' },
  'the directory refuses': { add: 'refuses' },
  'the new secret is refused': { tokens: 'refuse new' },
  'the sign-in logs do not answer': { use: 'silent' },
  'somebody uses the old secret': { use: 'show it' },
};
// Of many thousand turns each would leave a limit behind for a minute, and none hangs.
const limits = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(new AbortController().signal);
afterAll(() => limits.mockRestore());

type Start = (world: RotationWorld) => Promise<void>;
const STARTS: Readonly<Record<string, Start>> = {
  'a secret that a person made': async () => undefined,
  'a secret that is due again, and an older one to be removed': async (world) => {
    await runRotation(world);
    world.elapsedMs += 46 * DAY_MS;
    await runRotation(world);
    world.elapsedMs += 8 * DAY_MS - 1;
    expect(ownSecrets(world)).toHaveLength(2);
    expect(world.broken).toEqual([]);
  },
  'a secret that is due again': async (world) => {
    await runRotation(world);
    world.elapsedMs += 46 * DAY_MS;
    expect(ownSecrets(world)).toHaveLength(1);
  },
};

/** What stands for the others in npm run test:fast: where most is to be done, and is seen late. */
const FEW = {
  start: 'a secret that is due again, and an older one to be removed',
  lag: 'half an hour',
  faults: ['none', 'the acknowledgement of the vault is lost', 'the answer of the directory is lost'],
  stallMs: 0,
};

const begin = async (start: Start, lagMs: number): Promise<RotationWorld> => {
  const world = rotationWorld();
  await start(world);
  Object.assign(world.lagMs, { directory: lagMs, tokens: lagMs });
  return world;
};

/** What has to hold when everything has calmed down. */
const isSound = (world: RotationWorld): void => {
  expect(world.broken).toEqual([]);
  expect(works(world, heldValue(world))).toBe(true);
  const held = world.secrets.find(({ value }) => value === heldValue(world));
  expect(ownSecrets(world)).toEqual(held?.keyId === FOREIGN ? [] : [held?.keyId]);
};

describe('a rotation, ended after every call', () => {
  const settle = oncePerState(async (world) => {
    await liveOn(world, 1);
    expect(world.broken).toEqual([]);
    Object.assign(world.faults, { vault: undefined, tokens: undefined, use: undefined });
    await liveOn(world, 12);
    isSound(world);
    const age = worldNow(world) - (world.vault.versions.at(-1)?.createdEpochMs ?? 0);
    expect(age, 'it was rotated').toBeLessThan(30 * DAY_MS);
  });
  for (const [startName, start] of Object.entries(STARTS))
    for (const [lag, lagMs] of Object.entries(LAGS))
      for (const [fault, faults] of Object.entries(FAULTS))
        it(`from ${startName}, lag ${lag}, fault ${fault}: consumers have a secret that works, and nothing is left over`, {
          tags:
            startName === FEW.start && lag === FEW.lag && FEW.faults.includes(fault) ? [] : ['exhaustive'],
        }, async () => {
          const whole = await begin(start, lagMs);
          Object.assign(whole.faults, faults);
          // A crash abandons the worker where it stands: what is left is the world of that moment.
          const left = [copyOf(whole)];
          await runRotation(whole, { afterCalls: () => left.push(copyOf(whole)) });
          for (const world of left) await settle(world);
        });
});

describe('a record that is restored', () => {
  const SINCE: Readonly<Record<string, Start>> = {
    'nothing else has happened': async () => undefined,
    'a person wrote theirs': async (world) => {
      const theirs = { value: 'value-of-a-person', tags: {} };
      const version = { ...theirs, expiresOnEpochMs: undefined, contentType: 'text/plain' };
      addVersion(world.vault, version, worldNow(world));
    },
    'a person took the tags off': async ({ vault: { versions } }) => {
      const last = versions.pop() ?? expect.unreachable();
      versions.push({ ...last, tags: {} });
    },
    'it was rotated again': async (world) => {
      world.elapsedMs += 46 * DAY_MS;
      await runRotation(world);
    },
  };
  for (const [since, happen] of Object.entries(SINCE))
    it(`to any state of a rotation costs nobody the secret that they read since, where ${since}`, async () => {
      const whole = await begin(STARTS['a secret that is due again'] ?? expect.unreachable(), 0);
      const bodies = new Set<string | undefined>([whole.control.body]);
      await runRotation(whole, { afterCalls: () => bodies.add(whole.control.body) });
      await happen(whole);
      for (const body of bodies) {
        const world = copyOf(whole);
        Object.assign(world.control, { body, etag: world.control.etag + 1 });
        await liveOn(world, 12);
        expect(world.broken).toEqual([]);
      }
    });
});

describe('two workers', () => {
  const settle = oncePerState(async (world) => {
    await liveOn(world, 12);
    isSound(world);
  });
  for (const stallMs of [0, 61_000, 2 * 3_600_000])
    for (const [startName, start] of Object.entries(STARTS))
      it(`do no harm where one stands still for ${stallMs / 1000} s before or after any call, and the other works, from ${startName}`, {
        tags: stallMs === FEW.stallMs && startName === FEW.start ? [] : ['exhaustive'],
      }, async () => {
        for (const lag of Object.values(LAGS)) {
          const whole = await begin(start, lag);
          const { calls } = await runRotation(copyOf(whole));
          for (const at of calls.keys())
            for (const stalls of ['before', 'after'] as const) {
              const world = copyOf(whole);
              await runRotation(world, {
                around: async (index, _name, when) => {
                  if (index !== at || when !== stalls) return;
                  world.elapsedMs += stallMs;
                  await runRotation(world);
                },
              });
              await settle(world);
            }
        }
      });
});

describe('the model', () => {
  it.each(Object.entries(FAULTS))('leaves out only runs that change nothing (%s)', async (_fault, faults) => {
    const few = await begin(STARTS[FEW.start] ?? expect.unreachable(), LAGS['half an hour']);
    Object.assign(few.faults, faults);
    const every = copyOf(few);
    await liveOn(few, 12);
    await liveOn(every, 12, () => true);
    const inDays = (ms: number) => Math.round(ms / DAY_MS);
    const seen = ({ secrets, vault, broken }: RotationWorld) => [
      secrets.map(({ keyId, startMs, removedMs }) => [keyId, ...[startMs, removedMs].map(inDays)]),
      vault.versions.map(({ value }) => value),
      broken,
    ];
    expect(seen(few)).toEqual(seen(every));
  });

  it('finds that consumers get what does not work, where nothing is proven', async () => {
    const world = rotationWorld();
    world.faults.tokens = 'refuse new';
    world.sabotage = (ports) => ({ ...ports, proof: { prove: async () => ({ ok: true }) } });
    await runRotation(world);
    expect(world.broken).toContain('consumers were given an unproven secret');
  });

  it('finds that a secret is removed too early, where the vault says that its newest version is old', async () => {
    const world = await begin(STARTS['a secret that is due again'] ?? (async () => undefined), 0);
    world.sabotage = (ports) => ({
      ...ports,
      vault: {
        ...ports.vault,
        async readLatest(secret) {
          const read = await ports.vault.readLatest(secret);
          return read.ok ? { ...read, latest: { ...read.latest, createdEpochMs: 0 } } : read;
        },
      },
    });
    await liveOn(world, 1);
    expect(world.broken).toContain('a secret was removed that consumers may still have');
  });

  it('finds an orphan, where nobody looks for one', async () => {
    const world = rotationWorld({ ...ROTATION, id: 'crm' });
    world.faults.add = 'lost';
    world.sabotage = (ports) => ({
      ...ports,
      directory: { ...ports.directory, removeSecret: async () => ({ ok: true }) },
    });
    await liveOn(world, 12);
    expect(ownSecrets(world)).toHaveLength(2);
  });
});
