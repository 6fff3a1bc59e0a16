import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/lib/kernel/clock.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import {
  type ConnectOutcome,
  type Consent,
  connectGrant,
  mayConnect,
} from '../../../src/lib/refresh/connectGrant.ts';
import { accessTokenDigest } from '../../../src/lib/refresh/protocol/keepAccessToken.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import {
  copyOf,
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  vaultTokenWorks,
  wallNow,
  worldPorts,
} from '../../fakes/refresh/refreshWorld.ts';
import { keptSealed } from '../../fakes/refresh/sealedScene.ts';
import { runSolo } from '../../fakes/refresh/soloWorker.ts';
import { recordOf } from '../../fakes/refresh/worldEvents.ts';

const STATES = ['new', 'alive', 'dead', 'in doubt', 'kept sealed'] as const;
type State = (typeof STATES)[number];
const HOUR_MS = 60 * 60_000;

/** A grant that was never connected, one that was refreshed, one whose token is refused, one whose last answer was lost, one whose token is kept beside the vault. */
const worldOf = async (state: State): Promise<RefreshWorld> => {
  if (state === 'kept sealed') return keptSealed();
  const world = refreshWorld({ kind: 'strict' });
  if (state === 'new') world.vault.versions.length = 0;
  if (state === 'new') return world;
  expect(await runSolo(world)).toMatchObject({ outcome: { kind: 'refreshed' } });
  if (state === 'alive') return world;
  if (state === 'in doubt') {
    world.elapsedMs += HOUR_MS;
    const { calls } = await runSolo(copyOf(world), { trigger: 'manual' });
    await runSolo(world, { trigger: 'manual', crashAfterCalls: calls.indexOf('server.refresh') + 1 });
    return world;
  }
  world.server.consent();
  expect(await runSolo(world, { trigger: 'manual' })).toMatchObject({ outcome: { kind: 'dead' } });
  return world;
};

const clockOf = (world: RefreshWorld): Clock => ({
  nowEpochMs: () => wallNow(world),
  monotonicMs: () => world.elapsedMs,
  async sleep(ms) {
    world.elapsedMs += ms;
  },
});

const consentOf = (world: RefreshWorld, calls: string[] = []): Consent => ({
  async exchange() {
    calls.push('exchange');
    const answer = {
      kind: 'tokens',
      refreshToken: world.server.consent(),
      accessToken: 'access-token',
      accessTokenExpiresInSeconds: undefined,
      refreshTokenExpiresInSeconds: undefined,
      scope: undefined,
      httpStatus: 200,
      serverDateEpochMs: undefined,
      deviations: [],
    } as const;
    return { ok: true, answer };
  },
  judge: ({ refreshToken = '' }) => ({ ok: true, refreshToken, account: 'anna' }),
});

/** Runs one attempt; the process ends once so many calls took effect. */
const connectUntil = (
  world: RefreshWorld,
  crashAfterCalls = Number.POSITIVE_INFINITY,
  beforeCall: (name: string, calls: readonly string[]) => void = () => undefined,
): Promise<{ readonly outcome: ConnectOutcome | 'crashed'; readonly calls: readonly string[] }> =>
  new Promise((resolve, reject) => {
    const calls: string[] = [];
    const never = new Promise<never>(() => {});
    const call = async <T>(name: string, effect: () => T): Promise<T> => {
      if (calls.length >= crashAfterCalls) {
        resolve({ outcome: 'crashed', calls });
        return never;
      }
      beforeCall(name, calls);
      calls.push(name);
      return effect();
    };
    const { grant, profile } = world;
    connectGrant(worldPorts(world, call, clockOf(world)), { grant, profile }, consentOf(world, calls)).then(
      (outcome) => resolve({ outcome, calls }),
      reject,
    );
  });

/** The app runs on, until everything that a crash left behind is settled. */
const runOn = async (world: RefreshWorld): Promise<void> => {
  for (let run = 0; run < 4; run++) {
    world.elapsedMs += HOUR_MS;
    await runSolo(world, { trigger: 'reconcile' });
  }
};

const isKept = (calls: readonly string[]): boolean =>
  calls
    .slice(calls.indexOf('exchange'))
    .some((name) => ['control.write', 'vault.write', 'sealed.replace'].includes(name));

describe.each(STATES)('a consent for a grant that is %s', (state) => {
  it('is in the vault and on record as that of a person, and refreshes', async () => {
    const world = await worldOf(state);
    const { outcome } = await connectUntil(world);
    expect(outcome).toMatchObject({ kind: 'refreshed' });
    expect([storedTokenWorks(world), vaultTokenWorks(world)]).toEqual([true, true]);
    expect(JSON.parse(world.control.body ?? '')).toMatchObject({
      record: { account: 'anna', phase: { state: 'idle' }, failures: { consecutive: 0 } },
    });
    world.elapsedMs += HOUR_MS;
    expect((await runSolo(world, { trigger: 'manual' })).outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is lost at no point after a store has acknowledged it, and before that costs a click', async () => {
    const { calls } = await connectUntil(await worldOf(state));
    for (let crash = 0; crash <= calls.length; crash++) {
      const world = await worldOf(state);
      const crashed = await connectUntil(world, crash);
      await runOn(world);
      const isExchanged = crashed.calls.includes('exchange');
      const wasAlive = state === 'alive' || state === 'kept sealed';
      const mustWork = isExchanged ? isKept(crashed.calls) : wasAlive;
      if (mustWork) expect([crash, storedTokenWorks(world)]).toEqual([crash, true]);
      expect((await connectUntil(world)).outcome).toMatchObject({ kind: 'refreshed' });
      expect(storedTokenWorks(world)).toBe(true);
    }
  });

  it.each([[['control']], [['vault']], [['control', 'vault']]] as const)(
    'outlives an outage that begins anywhere (%j)',
    async (stores) => {
      const { calls } = await connectUntil(await worldOf(state));
      for (let from = calls.indexOf('exchange') + 1; from < calls.length; from++) {
        const world = await worldOf(state);
        await connectUntil(world, undefined, (_name, made) => {
          if (made.length >= from) for (const store of stores) world[store].down = true;
        });
        for (const store of stores) world[store].down = false;
        await runOn(world);
        await runSolo(world, { trigger: 'manual' });
        // Of a first consent nobody looks into the fallback store for a secret that is not there: it costs a click.
        const isLost = state === 'new' && stores.length === 2 && world.vault.versions.length === 0;
        if (isLost) expect(await connectUntil(world)).toMatchObject({ outcome: { kind: 'refreshed' } });
        expect([from, storedTokenWorks(world)]).toEqual([from, true]);
      }
    },
  );

  it('changes nothing when it is refused, and tells nobody', async () => {
    const world = await worldOf(state);
    const before = JSON.stringify([world.vault.versions, world.control.body]);
    const failure = permanentFailure({ code: 'other_account', message: 'Another.', action: 'Look.' });
    const { grant, profile } = world;
    world.telemetry.events.length = 0;
    const ports = worldPorts(world, async (_name, effect) => effect(), clockOf(world));
    const outcome = await connectGrant(
      ports,
      { grant, profile },
      { ...consentOf(world), judge: () => failure },
    );
    expect(outcome).toEqual({ kind: 'not_connected', failure });
    expect(JSON.stringify([world.vault.versions, world.control.body])).toBe(before);
    expect(world.telemetry.events).toEqual([]);
  });

  it('is known to be so before anybody is asked', async () => {
    const world = await worldOf(state);
    const ports = worldPorts(world, async (_name, effect) => effect(), clockOf(world));
    expect(await mayConnect(ports, world)).toMatchObject({
      ok: true,
      state: state === 'in doubt' || state === 'kept sealed' ? 'alive' : state,
    });
    world.vault.down = true;
    expect(await mayConnect(ports, world)).toMatchObject({ ok: false });
  });
});

describe('the account of a consent', () => {
  it('is kept through refreshes, and handed to whoever judges the next one', async () => {
    const world = await worldOf('new');
    await connectUntil(world);
    await runSolo(world, { trigger: 'manual' });
    const ports = worldPorts(world, async (_name, effect) => effect(), clockOf(world));
    expect(await mayConnect(ports, world)).toMatchObject({ account: 'anna' });
  });
});

describe('the access token of a consent', () => {
  it('is kept where it is handed out, in place of that of the consent before', async () => {
    const plain = await worldOf('alive');
    const world = { ...plain, grant: { ...plain.grant, accessTokens: { callers: [] } } };
    await runSolo(world, { trigger: 'manual' });
    const before = recordOf(world).accessToken;
    expect(before).toBeDefined();
    await connectUntil(world);
    const { accessToken, seq } = recordOf(world);
    expect(accessToken).toMatchObject({ digest: accessTokenDigest('access-token'), seq, refusals: 0 });
    expect(accessToken?.digest).not.toBe(before?.digest);
  });
});

describe('a grant that a refresh has to finish first', () => {
  it('is not connected while a new token is kept sealed', async () => {
    const world = await worldOf('alive');
    world.elapsedMs += HOUR_MS;
    await runSolo(world, {
      trigger: 'manual',
      beforeCall: (_index, name) => {
        if (name === 'server.refresh') world.vault.down = true;
      },
    });
    world.vault.down = false;
    const { outcome, calls } = await connectUntil(world);
    expect(outcome).toMatchObject({ kind: 'not_connected', failure: { code: 'grant_unfinished' } });
    expect(calls).not.toContain('exchange');
  });

  it('is waited for while its lease is held, and left alone after that', async () => {
    const world = await worldOf('alive');
    const { grant, profile } = world;
    const ports = worldPorts(world, async (_name, effect) => effect(), clockOf(world));
    const control = {
      ...ports.control,
      acquire: async () => failure('control', 'held'),
    };
    expect(await connectGrant({ ...ports, control }, { grant, profile }, consentOf(world))).toMatchObject({
      kind: 'not_connected',
      failure: { reason: 'held', action: expect.stringContaining('again') },
    });
  });
});
