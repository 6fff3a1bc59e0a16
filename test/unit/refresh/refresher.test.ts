import { describe, expect, it } from 'vitest';
import type { Connections } from '../../../src/lib/app/connections.ts';
import { refresherOf } from '../../../src/lib/app/refresherOf.ts';
import { createRefresher } from '../../../src/lib/refresh/refresher.ts';
import { configOf } from '../../fakes/config.ts';
import { fakeConnections } from '../../fakes/fakeConnections.ts';
import { fakeSecretRegister } from '../../fakes/fakeSecretRegister.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import type { PortCall } from '../../fakes/refresh/fakeControlStore.ts';
import {
  type RefreshWorld,
  refreshWorld,
  START_EPOCH_MS,
  worldPorts,
} from '../../fakes/refresh/refreshWorld.ts';
import { failRequests } from '../../fakes/refresh/worldEvents.ts';

const PERIOD_SECONDS = 300;
const MESSAGE = { grantId: 'crm', trigger: 'due', reason: 'never refreshed' } as const;
const atOnce: PortCall = async (_name, effect) => effect();

const scene = (call: PortCall = atOnce) => {
  const world = refreshWorld({ kind: 'strict' });
  const clock = manualClock(START_EPOCH_MS);
  const sent: string[] = [];
  const refresh: Connections['refresh'] = {
    ...worldPorts(world, call, clock),
    dispatch: {
      async send({ grantId }) {
        sent.push(grantId);
        return { ok: true };
      },
    },
  };
  const { grant, profile, telemetry } = world;
  const config = { ...configOf(), grants: [{ grant, profile }] };
  const { secrets, held } = fakeSecretRegister();
  const connections = fakeConnections({ clock, telemetry, secrets, refresh });
  return { world, sent, config, connections, held, refresher: refresherOf(config, connections) };
};

describe('a run of the refresher', () => {
  it('has failed when the record of a grant cannot be read', async () => {
    const { refresher, sent, world } = scene();
    world.control.down = true;
    expect(await refresher.startRun(PERIOD_SECONDS)).toMatchObject({ failed: 1, sent: [] });
    expect(sent).toEqual([]);
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { outcome: 'failed', reason: 'grants_failed' },
    ]);
    expect(world.telemetry.failures).toMatchObject([{ code: 'control_unavailable' }]);
  });

  it('reports that it ran where there is nothing to refresh with', async () => {
    const { config, connections, world } = scene();
    const refresher = refresherOf({ ...config, grants: [] }, { ...connections, refresh: undefined });
    expect(await refresher.startRun(PERIOD_SECONDS)).toMatchObject({ looked: 0, failed: 0 });
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([{ outcome: 'complete' }]);
  });
});

describe('a message to the refresher', () => {
  it('about a grant that is no longer configured, or is only observed, touches nothing', async () => {
    const { refresher, config, connections, world } = scene();
    expect(await refresher.refresh({ ...MESSAGE, grantId: 'gone' })).toBeUndefined();
    const observed = config.grants.map((one) => ({
      ...one,
      grant: { ...one.grant, mode: 'observed' as const },
    }));
    const watching = refresherOf({ ...config, grants: observed }, connections);
    expect(await watching.refresh(MESSAGE)).toBeUndefined();
    expect([world.control.leases, world.server.state.requests, world.vault.writes]).toEqual([0, 0, 0]);
  });

  it('that is none of ours rejects, and is not waited for ever', async () => {
    const { refresher } = scene();
    await expect(refresher.refresh({ grantId: 'crm' })).rejects.toThrow('trigger');
    await refresher.settled();
  });

  it('holds up the end of the process until its refresh has ended, well or not', async () => {
    const gate = Promise.withResolvers<void>();
    const { refresher } = scene(async (name, effect) => {
      if (name === 'server.refresh') await gate.promise;
      return effect();
    });
    const order: string[] = [];
    const refreshing = refresher.refresh(MESSAGE).then(() => order.push('refreshed'));
    const settled = refresher.settled().then(() => order.push('settled'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual([]);
    gate.resolve();
    await Promise.all([refreshing, settled]);
    expect(order).toEqual(['refreshed', 'settled']);
  });

  it.each(['well', 'badly'])(
    'keeps its tokens redactable until telemetry has left, when it ends %s',
    async (how) => {
      const { connections, config, world, held } = scene();
      if (how === 'badly') failRequests(world, 'answer_lost');
      let heldAtFlush: string[] = [];
      const telemetry: Connections['telemetry'] = {
        ...connections.telemetry,
        async flush() {
          heldAtFlush = [...held];
          return { finished: true, undeliveredBatches: 0 };
        },
      };
      await refresherOf(config, { ...connections, telemetry }).refresh(MESSAGE);
      const seen = how === 'well' ? world.server.state.issued : world.server.state.issued.slice(0, 1);
      expect(heldAtFlush).toEqual(expect.arrayContaining([...seen]));
      expect([...held]).toEqual([]);
    },
  );

  it('forgets what it held when the ports break their promise', async () => {
    const { refresher, held } = scene(async (name, effect) => {
      if (name === 'clientCredentials.readSecret') throw new Error('broken');
      return effect();
    });
    await expect(refresher.refresh(MESSAGE)).rejects.toThrow('broken');
    expect([...held]).toEqual([]);
  });
});

describe('whoever asks for an access token', () => {
  it('has it before all is reported, the process does not end meanwhile, and it leaves in no telemetry', async () => {
    const { connections, config, held } = scene();
    const gate = Promise.withResolvers<void>();
    const telemetry: Connections['telemetry'] = {
      ...connections.telemetry,
      async flush() {
        await gate.promise;
        return { finished: true, undeliveredBatches: 0 };
      },
    };
    const grants = config.grants.map(({ grant, profile }) => ({
      grant: { ...grant, accessTokens: { callers: [] } },
      profile,
    }));
    const refresher = refresherOf({ ...config, grants }, { ...connections, telemetry });
    expect(await refresher.refreshAccessToken('crm', {})).toMatchObject({ kind: 'refreshed' });
    const read = await refresher.readAccessToken('crm');
    expect(refresher.isBusy()).toBe(true);
    gate.resolve();
    await refresher.settled();
    expect([refresher.isBusy(), held.size]).toEqual([false, 0]);
    const { living = expect.unreachable() } = read?.ok ? read.view : expect.unreachable();
    const opened = await refresher.openAccessToken('crm', living);
    const { accessToken, forget } = opened.ok ? opened : expect.unreachable();
    expect([...held]).toEqual([accessToken]);
    forget();
    expect(held.size).toBe(0);
  });

  it('gets none of a grant that hands none out', async () => {
    const { refresher, world } = scene();
    expect(await refresher.readAccessToken('crm')).toBeUndefined();
    expect(await refresher.readAccessToken('gone')).toBeUndefined();
    expect(world.server.state.requests).toBe(0);
  });
});

describe('the new access token of a grant that is proven', () => {
  const CALL = { url: 'https://api.example/me' };
  const refreshing = async (
    prove: (world: RefreshWorld, url: string, accessToken: string) => Promise<void>,
    change: (world: RefreshWorld) => void = () => undefined,
  ) => {
    const { world, connections } = scene();
    change(world);
    const { grant, profile } = world;
    const grants = [{ grant: { ...grant, prove: true }, profile: { ...profile, proofCall: CALL } }];
    const refresher = createRefresher(
      {
        ...{ grants, isConfiguredName: () => false },
        proveToken: (_grant, { proofCall }, accessToken) => prove(world, proofCall?.url ?? '', accessToken),
      },
      connections,
    );
    return { world, outcome: await refresher.refresh(MESSAGE) };
  };

  it('is tried when the refresh token is stored and reported, and the lease given back', async () => {
    const seen: unknown[] = [];
    await refreshing(async ({ vault, server, control, telemetry }, url, accessToken) => {
      const isStored = vault.versions.at(-1)?.value === server.state.issued.at(-1);
      const [reported] = telemetry.eventsNamed('keywatch.grant.refreshed');
      seen.push([url, accessToken !== '', isStored, reported?.outcome, control.lease]);
    });
    expect(seen).toEqual([[CALL.url, true, true, 'refreshed', undefined]]);
  });

  it('may be tried in vain: the refresh has ended as it did', async () => {
    const { world, outcome } = await refreshing(async () => Promise.reject(new Error('a defect')));
    expect(outcome?.kind).toBe('refreshed');
    expect(world.telemetry.failures).toMatchObject([
      { code: 'turn_failed', subject: { credentialId: 'grant/crm' } },
    ]);
  });

  it('is none where the refresh failed', async () => {
    const tried: string[] = [];
    await refreshing(
      async (_world, url) => void tried.push(url),
      (world) => failRequests(world, 'answer_lost'),
    );
    expect(tried).toEqual([]);
  });
});
