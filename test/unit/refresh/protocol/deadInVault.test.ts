import { describe, expect, it } from 'vitest';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { addVersion } from '../../../fakes/refresh/fakeTokenStore.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A grant that was refreshed once, and whose token the server refuses since. */
const deadAfterRefresh = async (): Promise<RefreshWorld> => {
  const world = refreshWorld({ kind: 'strict' });
  await runSolo(world);
  world.server.consent();
  world.elapsedMs += 60 * DAY_MS;
  return world;
};

const latest = (world: RefreshWorld) => world.vault.versions.at(-1);
const record = (world: RefreshWorld) => JSON.parse(world.control.body ?? '').record;

describe('the secret of a grant that died', () => {
  it('ends at the moment of its death, for every tool that reads Key Vault', async () => {
    const world = await deadAfterRefresh();
    expect(latest(world)?.expiresOnEpochMs).toBeGreaterThan(worldNow(world));
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'dead' });
    const { sinceEpochMs } = record(world).phase;
    expect(latest(world)).toMatchObject({
      expiresOnEpochMs: sinceEpochMs,
      tags: { 'keywatch-state': 'dead', 'keywatch-owner': 'crm-team' },
    });
    expect(sinceEpochMs).toBeLessThanOrEqual(worldNow(world));
  });

  it('ends so although it takes no further tag', async () => {
    const world = await deadAfterRefresh();
    world.sabotage = ({ vault, ...others }) => ({
      ...others,
      vault: {
        ...vault,
        updateProperties: async (secret, version, properties) =>
          properties.tags['keywatch-state'] === 'dead'
            ? failure('vault', 'rejected')
            : vault.updateProperties(secret, version, properties),
      },
    });
    await runSolo(world);
    expect(latest(world)?.expiresOnEpochMs).toBe(record(world).phase.sinceEpochMs);
  });

  it('is marked at a later look when the vault did not take it at once, and then no more', async () => {
    const world = await deadAfterRefresh();
    let updates = 0;
    world.sabotage = ({ vault, ...others }) => ({
      ...others,
      vault: {
        ...vault,
        updateProperties: async (secret, version, properties) => {
          updates++;
          return updates === 1
            ? failure('vault', 'unavailable')
            : vault.updateProperties(secret, version, properties);
        },
      },
    });
    await runSolo(world);
    expect(latest(world)?.tags['keywatch-state']).toBe('ok');
    for (let run = 0; run < 30; run++) {
      world.elapsedMs += 15 * MINUTE_MS;
      await runTimer(world);
    }
    expect(latest(world)?.expiresOnEpochMs).toBe(record(world).phase.sinceEpochMs);
    expect(updates).toBe(2);
  });

  it('has the end of the new token after a new consent, also where that copied all properties of the dead one', async () => {
    for (const copies of [true, false]) {
      const world = await deadAfterRefresh();
      await runSolo(world);
      world.elapsedMs += DAY_MS;
      const { tags, expiresOnEpochMs, contentType } = latest(world) ?? {};
      const copied = { tags: tags ?? {}, expiresOnEpochMs, contentType };
      const bare = { tags: {}, expiresOnEpochMs: undefined, contentType: undefined };
      addVersion(
        world.vault,
        { ...(copies ? copied : bare), value: world.server.consent() },
        worldNow(world),
      );
      world.network.fault = 'refused_connection';
      world.network.requestsToFault = 1;
      await runTimer(world);
      expect(record(world).deadlineEpochMs, `copies: ${copies}`).toBeUndefined();
      for (let run = 0; run < 20; run++) {
        world.elapsedMs += 15 * MINUTE_MS;
        await runTimer(world);
      }
      expect(storedTokenWorks(world)).toBe(true);
      expect(latest(world)?.tags['keywatch-state']).toBe('ok');
      expect(latest(world)?.expiresOnEpochMs).toBeGreaterThan(worldNow(world) + 80 * DAY_MS);
    }
  });
});

describe('a token that outlived the end of its version', () => {
  it('gets a version without an end where none is known: Key Vault takes none away', async () => {
    const limited = refreshWorld({ kind: 'static' });
    const world: RefreshWorld = { ...limited, profile: { ...limited.profile, idleDays: undefined } };
    const [first] = world.vault.versions;
    if (first !== undefined)
      world.vault.versions[0] = { ...first, expiresOnEpochMs: worldNow(world) - DAY_MS };
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed', rotated: false });
    expect(latest(world)).toMatchObject({ value: first?.value, expiresOnEpochMs: undefined });
    expect(record(world).version).toBe(latest(world)?.version);
    world.elapsedMs += 40 * DAY_MS;
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed', rotated: false });
    expect(world.vault.writes).toBe(1);
  });
});
