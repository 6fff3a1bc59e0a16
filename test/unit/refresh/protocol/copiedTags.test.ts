import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo, runWithOutage } from '../../../fakes/refresh/soloWorker.ts';
import { latestVersion, writeByHand } from '../../../fakes/refresh/worldEvents.ts';

const writeAnHourLater = (
  world: RefreshWorld,
  value: string,
  tags: Readonly<Record<string, string>> = {},
): void => {
  world.elapsedMs += HOUR_MS;
  writeByHand(world, value, { tags });
};

/** A grant with four refreshes behind it, and the tags and values of each. */
const refreshedFourTimes = async () => {
  const world = refreshWorld({ kind: 'strict' });
  const past: { tags: Readonly<Record<string, string>>; value: string }[] = [];
  for (let count = 0; count < 4; count++) {
    await runSolo(world, { trigger: 'manual' });
    past.push(latestVersion(world));
    world.elapsedMs += HOUR_MS;
  }
  return { world, past };
};

describe('a new consent', () => {
  for (const isDead of [true, false])
    for (const of of [0, 1, 2, 3])
      it(`with the tags of refresh ${of} is used and kept on top of a ${isDead ? 'dead' : 'live'} token`, async () => {
        const { world, past } = await refreshedFourTimes();
        if (isDead) {
          world.server.consent();
          await runSolo(world, { trigger: 'manual' });
        }
        writeAnHourLater(world, world.server.consent(), past[of]?.tags);
        await runHealthy(world, 26 * HOUR_MS);
        expect(storedTokenWorks(world)).toBe(true);
        expect(world.telemetry.eventsNamed('keywatch.grant.refreshed').at(-1)?.outcome).toBe('refreshed');
      });

  it('is not covered by a token of ours that is sealed while it is written with old tags', async () => {
    const { world, past } = await refreshedFourTimes();
    await runWithOutage(world, ['vault'], { trigger: 'manual' });
    const value = world.server.consent();
    writeAnHourLater(world, value, past[1]?.tags);
    await runSolo(world, { trigger: 'reconcile' });
    expect(latestVersion(world).value).toBe(value);
  });
});

describe('a number that nobody reaches by counting', () => {
  it.each([0, 4])('costs no token of a grant with %d refreshes behind it', async (refreshes) => {
    const { world } =
      refreshes === 0 ? { world: refreshWorld({ kind: 'strict' }) } : await refreshedFourTimes();
    writeAnHourLater(world, world.server.consent(), { 'keywatch-seq': '9'.repeat(15) });
    await runWithOutage(world, ['vault'], { trigger: 'manual' });
    await runHealthy(world, 2 * HOUR_MS);
    expect(storedTokenWorks(world)).toBe(true);
  });
});

describe('a token that was spent', () => {
  for (const of of [0, 1, 2])
    for (const isTagged of [true, false])
      it(`in refresh ${of} is not sent again when it is pasted back ${isTagged ? 'with' : 'without'} its tags`, async () => {
        const { world, past } = await refreshedFourTimes();
        const newest = latestVersion(world).value;
        writeAnHourLater(world, past[of]?.value ?? '', isTagged ? past[of]?.tags : {});
        await runSolo(world, { trigger: 'reconcile' });
        expect(latestVersion(world).value).toBe(newest);
        await runSolo(world, { trigger: 'manual' });
        expect(world.server.state.familyKills).toBe(0);
        expect(storedTokenWorks(world)).toBe(true);
      });
});

describe('a token that a person replaced by a wrong one', () => {
  it('comes back by itself when the wrong one is refused', async () => {
    const { world } = await refreshedFourTimes();
    writeAnHourLater(world, 'the-token-of-another-account-0001');
    await runSolo(world, { trigger: 'manual' });
    const [last] = world.telemetry.eventsNamed('keywatch.grant.refreshed').slice(-1);
    expect(last).toMatchObject({ outcome: 'transient_failure', reason: 'overtaken' });
    await runHealthy(world, 2 * HOUR_MS);
    expect(storedTokenWorks(world)).toBe(true);
    expect(world.control.body).toContain('"state": "idle"');
  });

  it('comes back when that person writes it again', async () => {
    const { world } = await refreshedFourTimes();
    const good = latestVersion(world).value;
    writeAnHourLater(world, 'the-token-of-another-account-0001');
    await runHealthy(world, 2 * HOUR_MS);
    writeAnHourLater(world, good);
    await runSolo(world, { trigger: 'manual' });
    expect(world.telemetry.eventsNamed('keywatch.grant.refreshed').at(-1)?.outcome).toBe('refreshed');
    expect(storedTokenWorks(world)).toBe(true);
  });
});

it('a spent token that is written over one that is being spent does not cost the window of a grace', async () => {
  const world = refreshWorld({ kind: 'grace', graceSeconds: 30 });
  await runSolo(world);
  const spent = world.vault.versions[0]?.value ?? '';
  world.elapsedMs += 46 * 24 * HOUR_MS;
  world.watchdog.dueMs = [];
  await crashBehind(world, 'server.refresh', 0, { trigger: 'manual' });
  world.elapsedMs += 2_000;
  writeByHand(world, spent);
  await runHealthy(world, 26 * HOUR_MS);
  expect(storedTokenWorks(world)).toBe(true);
});
