import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/lib/refresh/protocol/fingerprint.ts';
import {
  readControlRecord,
  writeControlRecord,
} from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { addVersion } from '../../../fakes/refresh/fakeTokenStore.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const DAY_MS = 86_400_000;
const latest = (world: RefreshWorld) => world.vault.versions.at(-1);

const refreshedTimes = async (times: number): Promise<RefreshWorld> => {
  const world = refreshWorld({ kind: 'strict' });
  for (let time = 0; time < times; time++) {
    await runSolo(world);
    world.elapsedMs += 46 * DAY_MS;
  }
  return world;
};

describe('the versions of a secret', () => {
  it('keep the tags of other people, an expiry and a content type on every write', async () => {
    const world = await refreshedTimes(2);
    for (const { tags, contentType } of world.vault.versions.slice(1)) {
      expect(tags).toMatchObject({ 'keywatch-owner': 'crm-team', 'keywatch-provider': 'strict' });
      expect(contentType).toBe('application/vnd.oauth-refresh-token');
    }
    expect(latest(world)?.tags).toMatchObject({ 'keywatch-seq': '3', 'keywatch-stage': 'current' });
    expect(latest(world)?.expiresOnEpochMs).toBeCloseTo(worldNow(world) + 44 * DAY_MS, -5);
  });

  it('stay enabled for the newest token and the one before it, and only for those', async () => {
    const world = await refreshedTimes(4);
    const enabled = new Set(
      world.vault.versions.filter((version) => version.enabled).map(({ value }) => value),
    );
    expect([...enabled]).toEqual(world.server.state.issued.slice(-2));
  });

  it('grow by two for each refresh of a strict grant, by none for a static one', async () => {
    expect((await refreshedTimes(3)).vault.versions).toHaveLength(1 + 3 * 2);
    const world = refreshWorld({ kind: 'static' });
    await runSolo(world);
    expect(world.vault.versions).toHaveLength(1);
    expect(latest(world)?.expiresOnEpochMs).toBeGreaterThan(worldNow(world));
  });

  it('that a person adds are taken up by the daily look, refreshed and stamped with their deadline', async () => {
    const world = await refreshedTimes(1);
    const value = world.server.consent();
    addVersion(
      world.vault,
      { value, tags: {}, expiresOnEpochMs: undefined, contentType: undefined },
      worldNow(world),
    );
    await runTimer(world);
    expect(storedTokenWorks(world)).toBe(true);
    expect(latest(world)?.expiresOnEpochMs).toBeGreaterThan(worldNow(world) + 89 * DAY_MS);
  });

  it('that a person adds with all our tags copied are still known as theirs', async () => {
    const world = await refreshedTimes(1);
    const value = world.server.consent();
    const copied = latest(world);
    if (copied !== undefined) addVersion(world.vault, { ...copied, value }, worldNow(world));
    await runTimer(world);
    expect(storedTokenWorks(world)).toBe(true);
    expect(world.server.state.refusals).toBe(0);
  });

  it('that hold a spent token, pasted back without its tags, are never sent', async () => {
    const world = await refreshedTimes(2);
    const [, spent = ''] = world.server.state.issued;
    addVersion(
      world.vault,
      { value: spent, tags: {}, expiresOnEpochMs: undefined, contentType: undefined },
      worldNow(world),
    );
    const { requests } = world.server.state;
    for (let run = 0; run < 3; run++) {
      await runTimer(world);
      world.elapsedMs += 20 * 60_000;
    }
    expect(world.server.state).toMatchObject({ familyKills: 0, refusals: 0 });
    expect(world.server.state.requests).toBeLessThanOrEqual(requests + 1);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('are not switched off while they hold the token before the newest, even if the record lists them', async () => {
    const world = await refreshedTimes(2);
    const base = latest(world);
    const reading = readControlRecord(world.control.body, world.grant.id, digestOf);
    if (reading.kind !== 'record' || base === undefined) throw new Error('the grant has a record');
    const previousVersions = [...reading.record.previousVersions, base.version];
    world.control.body = writeControlRecord({ ...reading.record, previousVersions }, digestOf);
    await runSolo(world);
    expect(world.server.state.issued).toHaveLength(4);
    expect(world.vault.versions.find(({ version }) => version === base?.version)?.enabled).toBe(true);
  });

  it('that land late on top of a newer token are put below it again', async () => {
    const world = await refreshedTimes(2);
    const before = world.vault.versions.find(({ tags }) => tags['keywatch-seq'] === '2');
    if (before !== undefined) addVersion(world.vault, before, worldNow(world));
    expect(storedTokenWorks(world)).toBe(false);
    const { outcome } = await runSolo(world, { trigger: 'reconcile' });
    expect(outcome).toMatchObject({ kind: 'recovered', seq: 3 });
    expect(storedTokenWorks(world)).toBe(true);
    expect(world.server.state.familyKills).toBe(0);
  });
});
