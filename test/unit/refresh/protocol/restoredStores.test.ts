import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo, runWithOutage } from '../../../fakes/refresh/soloWorker.ts';
import { writeByHand } from '../../../fakes/refresh/worldEvents.ts';

/** Refreshed twice, and then the vault as it was before that. */
const restoredVault = async (rotation: RotationClass): Promise<RefreshWorld> => {
  const world = refreshWorld(rotation);
  const before = [...world.vault.versions];
  for (let time = 0; time < 2; time++) {
    await runSolo(world, { trigger: 'manual' });
    world.elapsedMs += DAY_MS;
  }
  world.vault.versions.splice(0, Number.POSITIVE_INFINITY, ...before);
  return world;
};

describe('a vault that was restored to a state before the newest token', () => {
  it('goes on with the old token where that one stays good', async () => {
    const world = await restoredVault({ kind: 'keeps_old' });
    await runHealthy(world, DAY_MS);
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is reported, with what to do, where the old token is spent, and nothing is sent', async () => {
    const world = await restoredVault({ kind: 'strict' });
    const { requests } = world.server.state;
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'vault_not_found' });
    expect(outcome).toMatchObject({ action: expect.stringMatching(/[Cc]onsent again/) });
    expect(world.server.state.requests).toBe(requests);
  });
});

describe('a vault that was restored while the fallback store alone had the newest token', () => {
  for (const rotation of [{ kind: 'strict' }, { kind: 'grace', graceSeconds: 600 }] as const)
    it(`gets it from there (${rotation.kind})`, async () => {
      const world = refreshWorld(rotation);
      const before = [...world.vault.versions];
      await runSolo(world, { trigger: 'manual' });
      world.elapsedMs += DAY_MS;
      await runWithOutage(world, ['vault', 'control'], { trigger: 'manual' });
      expect(world.fallback.items.length).toBe(1);
      world.vault.versions.splice(0, Number.POSITIVE_INFINITY, ...before);
      await runHealthy(world, 2 * 3_600_000);
      expect(storedTokenWorks(world)).toBe(true);
    });
});

describe('a token of ours that gave way to one that somebody wrote', () => {
  for (const kind of ['strict', 'keeps_old'] as const)
    it(`is brought back from the fallback store when that one is refused (${kind})`, async () => {
      const world = refreshWorld({ kind });
      await runSolo(world, {
        beforeCall: (_index, name) => {
          if (name === 'server.refresh') writeByHand(world, 'a-token-of-another-account-0001');
        },
      });
      expect(world.fallback.items.length).toBeGreaterThan(0);
      expect(storedTokenWorks(world)).toBe(false);
      await runSolo(world, { trigger: 'manual' });
      await runHealthy(world, 26 * 3_600_000);
      expect(storedTokenWorks(world)).toBe(true);
    });
});

describe.each([400, -400])('with the clock of the machine %s days off', (days) => {
  it('a token from the fallback store gets its end by the clock of the control store', async () => {
    const world = refreshWorld({ kind: 'strict' });
    world.wallAheadMs = days * DAY_MS;
    await runWithOutage(world, ['vault', 'control'], { crashAfterCalls: 20 });
    expect(world.fallback.items.length).toBe(1);
    world.elapsedMs += 5 * 60_000;
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
    expect(storedTokenWorks(world)).toBe(true);
    const endMs = (world.vault.versions.at(-1)?.expiresOnEpochMs ?? 0) - worldNow(world);
    expect(endMs / DAY_MS).toBeGreaterThan(88);
    expect(endMs / DAY_MS).toBeLessThan(91);
  });
});

it('a record that was lost is there again before anything shows that a token may be sent', async () => {
  const world = refreshWorld({ kind: 'strict' });
  await runSolo(world);
  world.control.body = undefined;
  world.elapsedMs += 60_000;
  await crashBehind(world, 'vault.write', 0, { trigger: 'manual' });
  world.elapsedMs += 2 * 60_000;
  const { outcome } = await runSolo(world, { trigger: 'manual' });
  expect(outcome).toMatchObject({ kind: 'refreshed' });
});
