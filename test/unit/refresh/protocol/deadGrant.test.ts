import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../../src/lib/kernel/time.ts';
import type { DeadPhase } from '../../../../src/lib/refresh/rules/controlRecord.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import {
  breakPort,
  consentByHand,
  failRequests,
  latestVersion,
  recordOf,
  runTimerEvery,
} from '../../../fakes/refresh/worldEvents.ts';

/** A grant that was refreshed once, and whose token the server refuses since. */
const deadAfterRefresh = async (): Promise<RefreshWorld> => {
  const world = refreshWorld({ kind: 'strict' });
  await runSolo(world);
  world.server.consent();
  world.elapsedMs += 60 * DAY_MS;
  return world;
};

const deadSince = (world: RefreshWorld): number => (recordOf(world).phase as DeadPhase).sinceEpochMs;

describe('the secret of a grant that died', () => {
  it('ends at the moment of its death, for every tool that reads Key Vault', async () => {
    const world = await deadAfterRefresh();
    expect(latestVersion(world).expiresOnEpochMs).toBeGreaterThan(worldNow(world));
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'dead' });
    const sinceEpochMs = deadSince(world);
    expect(latestVersion(world)).toMatchObject({
      expiresOnEpochMs: sinceEpochMs,
      tags: { 'keywatch-state': 'dead', 'keywatch-owner': 'crm-team' },
    });
    expect(sinceEpochMs).toBeLessThanOrEqual(worldNow(world));
  });

  it('ends so although it takes no further tag', async () => {
    const world = await deadAfterRefresh();
    breakPort(world, 'vault', ({ updateProperties }) => ({
      updateProperties: async (secret, version, properties) =>
        properties.tags['keywatch-state'] === 'dead'
          ? failure('vault', 'rejected')
          : updateProperties(secret, version, properties),
    }));
    await runSolo(world);
    expect(latestVersion(world).expiresOnEpochMs).toBe(deadSince(world));
  });

  it('is marked at a later run when the vault did not take it at once, and then no more', async () => {
    const world = await deadAfterRefresh();
    let updates = 0;
    breakPort(world, 'vault', ({ updateProperties }) => ({
      updateProperties: async (...given) =>
        ++updates === 1 ? failure('vault', 'unavailable') : updateProperties(...given),
    }));
    await runSolo(world);
    expect(latestVersion(world).tags['keywatch-state']).toBe('ok');
    await runTimerEvery(world, 15 * MINUTE_MS, 30);
    expect(latestVersion(world).expiresOnEpochMs).toBe(deadSince(world));
    expect(updates).toBe(2);
  });

  it('has the end of the new token after a new consent, also where that copied all properties of the dead one', async () => {
    for (const copies of [true, false]) {
      const world = await deadAfterRefresh();
      await runSolo(world);
      world.elapsedMs += DAY_MS;
      consentByHand(world, copies ? latestVersion(world) : {});
      failRequests(world, 'refused_connection');
      await runTimer(world);
      expect(recordOf(world).deadlineEpochMs, `copies: ${copies}`).toBeUndefined();
      await runTimerEvery(world, 15 * MINUTE_MS, 20);
      expect(storedTokenWorks(world)).toBe(true);
      expect(latestVersion(world).tags['keywatch-state']).toBe('ok');
      expect(latestVersion(world).expiresOnEpochMs).toBeGreaterThan(worldNow(world) + 80 * DAY_MS);
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
    expect(latestVersion(world)).toMatchObject({ value: first?.value, expiresOnEpochMs: undefined });
    expect(recordOf(world).version).toBe(latestVersion(world).version);
    world.elapsedMs += 40 * DAY_MS;
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed', rotated: false });
    expect(world.vault.writes).toBe(1);
  });
});

describe('a dead grant', () => {
  it('is reconciled every 15 minutes, not at every run, for as long as it is dead', async () => {
    const world = refreshWorld({ kind: 'strict' });
    world.server.consent();
    await runSolo(world);
    expect(world.control.body).toContain('"state": "dead"');
    const reconciledAtMinutes: number[] = [];
    const beganMs = world.elapsedMs;
    breakPort(world, 'vault', ({ readLatest }) => ({
      readLatest: (secret) => {
        reconciledAtMinutes.push(Math.round((world.elapsedMs - beganMs) / MINUTE_MS));
        return readLatest(secret);
      },
    }));
    for (let minute = 5; minute <= 26 * 60; minute += 5) {
      world.elapsedMs = beganMs + minute * MINUTE_MS;
      await runTimer(world);
    }
    const waits = reconciledAtMinutes
      .slice(1)
      .map((minute, index) => minute - (reconciledAtMinutes[index] ?? 0));
    expect(reconciledAtMinutes.length).toBeGreaterThan(26 * 3);
    expect(new Set(waits)).toEqual(new Set([15]));
  });
});
