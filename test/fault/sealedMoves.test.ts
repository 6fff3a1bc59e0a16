import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { newSealedSecretState, sealedSecretOf } from '../fakes/refresh/fakeSealedSecretStore.ts';
import { endOutages, runHealthy } from '../fakes/refresh/healthyRuns.ts';
import {
  copyOf,
  type RefreshWorld,
  refreshWorld,
  sealedWorld,
  storedTokenWorks,
} from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { changeAnswers, consentByHand } from '../fakes/refresh/worldEvents.ts';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import { isKept } from './keptTokens.ts';

const refresh = async (world: RefreshWorld, times = 1): Promise<void> => {
  for (let time = 0; time < times; time++) {
    await runSolo(world, { trigger: 'manual' });
    world.elapsedMs += 2 * HOUR_MS;
  }
};

const isSealed = ({ sealed }: RefreshWorld): boolean =>
  sealed !== undefined && sealedSecretOf(sealed) !== undefined;

/** What a piece of work does beside refreshing, the world before it, and what has to be so in the end. */
const MOVES: Readonly<
  Record<
    string,
    { readonly begin: () => Promise<RefreshWorld>; readonly endsSealed: boolean; readonly dies?: true }
  >
> = {
  'moves the token out of the vault': {
    async begin() {
      const world = sealedWorld({ kind: 'strict' });
      await refresh(world);
      return world;
    },
    endsSealed: true,
  },
  'writes the copy of the day': {
    async begin() {
      const world = sealedWorld({ kind: 'strict' });
      await refresh(world, 3);
      world.elapsedMs += 25 * HOUR_MS;
      return world;
    },
    endsSealed: true,
  },
  'takes in what a person wrote': {
    async begin() {
      const world = sealedWorld({ kind: 'strict' });
      await refresh(world, 3);
      consentByHand(world);
      world.elapsedMs += HOUR_MS;
      return world;
    },
    endsSealed: true,
  },
  'finds its token dead and says so in the vault': {
    async begin() {
      const world = sealedWorld({ kind: 'strict' });
      await refresh(world, 3);
      // What a person will write once the grant is dead.
      world.server.consent();
      return world;
    },
    endsSealed: true,
    dies: true,
  },
  'moves the token back into the vault': {
    async begin() {
      const world = sealedWorld({ kind: 'strict' });
      await refresh(world, 3);
      return { ...world, grant: refreshWorld({ kind: 'strict' }).grant };
    },
    endsSealed: false,
  },
};

/** Everything works again, the app runs on, and a person consents where the grant died. */
const runOn = async (world: RefreshWorld, dies = false): Promise<void> => {
  endOutages(world);
  await runHealthy(world, 6 * 60_000);
  await runHealthy(world, 70 * 60_000);
  const mayLose = world.server.state.issued.some((token) => !isKept(world, token));
  await refresh(world, 3);
  if (!storedTokenWorks(world)) {
    expect(mayLose || dies, 'what was kept is used').toBe(true);
    world.elapsedMs += 2_000;
    consentByHand(world);
    world.elapsedMs += HOUR_MS;
    await refresh(world, 3);
  }
};

const OUTAGES = {
  'the first account': ({ control }) => [control],
  'the fallback account': ({ fallback, sealed }) => (sealed === undefined ? [fallback] : [fallback, sealed]),
  'Key Vault': ({ vault }) => [vault],
} as const satisfies Readonly<Record<string, (world: RefreshWorld) => readonly { down: boolean }[]>>;

/** Where the token is kept: its outage stands for the others in npm run test:fast. */
const FEW: keyof typeof OUTAGES = 'the fallback account';

describe.each(Object.entries(MOVES))('work that %s', (_name, { begin, endsSealed, dies }) => {
  const settled = oncePerState(async (world) => {
    await runOn(world, dies);
    return [storedTokenWorks(world), isSealed(world)];
  });
  const expectSettled = async (world: RefreshWorld, where: string) =>
    expect([where, ...(await settled(world))]).toEqual([where, true, endsSealed]);

  it('may end after every call, and its token is in one place in the end', async () => {
    const world = await begin();
    // A crash abandons the worker where it stands: what is left is the world of that moment.
    const left = [copyOf(world)];
    const { calls } = await runSolo(world, {
      trigger: 'manual',
      afterCalls: () => left.push(copyOf(world)),
    });
    expect(calls.length).toBeGreaterThan(15);
    for (const [crash, ended] of left.entries())
      await expectSettled(ended, `after ${crash} calls (${calls[crash - 1]})`);
  });

  for (const [which, storesOf] of Object.entries(OUTAGES)) {
    const tags = which === FEW ? [] : ['exhaustive'];
    it(`may meet an outage that begins at any call (${which})`, { tags }, async () => {
      const start = await begin();
      const { calls } = await runSolo(copyOf(start), { trigger: 'manual' });
      for (let onset = 0; onset < calls.length; onset++) {
        const world = copyOf(start);
        await runSolo(world, {
          trigger: 'manual',
          beforeCall: (index) => {
            if (index >= onset) for (const store of storesOf(world)) store.down = true;
          },
        });
        await expectSettled(world, `from call ${onset} (${calls[onset]})`);
      }
    });
  }
});

/** Its life is in the answers alone: a record of before the first one knows nothing of it. */
const shortLivedWorld = (rotation: RotationClass): RefreshWorld => {
  const world = refreshWorld(rotation);
  const { idleDays: _, ...profile } = world.profile;
  const short = { ...world, profile, sealed: newSealedSecretState() };
  changeAnswers(short, (answer) =>
    answer.kind === 'tokens' ? { ...answer, refreshTokenExpiresInSeconds: DAY_MS / 1000 } : answer,
  );
  return short;
};

describe.each([
  ['lives for a day', shortLivedWorld],
  ['has access tokens that are handed out', sealedWorld],
])('a grant whose token %s', (_, begin) => {
  it.each([{ kind: 'strict' }, { kind: 'grace', graceSeconds: 600 }] as const)(
    'goes on where its control record was restored to whatever moment ($kind)',
    async (rotation) => {
      const whole = begin(rotation);
      const bodies = new Set<string | undefined>([undefined]);
      for (let time = 0; time < 5; time++) {
        await runSolo(whole, { trigger: 'manual', afterCalls: () => bodies.add(whole.control.body) });
        whole.elapsedMs += 13 * HOUR_MS;
      }
      expect(isSealed(whole)).toBe(true);
      for (const body of bodies) {
        const world = copyOf(whole);
        Object.assign(world.control, { body, etag: world.control.etag + 1 });
        await runOn(world);
        expect([world.server.state.familyKills, storedTokenWorks(world)], body).toEqual([0, true]);
      }
    },
  );
});
