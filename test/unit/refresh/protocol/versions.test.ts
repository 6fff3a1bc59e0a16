import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import { writeControlRecord } from '../../../../src/lib/refresh/rules/controlRecordText.ts';
import { digestOf } from '../../../../src/lib/stores/digestOf.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { consentByHand, latestVersion, recordOf, writeByHand } from '../../../fakes/refresh/worldEvents.ts';

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
    expect(latestVersion(world).tags).toMatchObject({ 'keywatch-seq': '3', 'keywatch-stage': 'current' });
    expect(latestVersion(world).expiresOnEpochMs).toBeCloseTo(worldNow(world) + 44 * DAY_MS, -5);
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
    expect(latestVersion(world).expiresOnEpochMs).toBeGreaterThan(worldNow(world));
  });

  it('that a person adds are taken up by the daily reconciliation, refreshed and stamped with their deadline', async () => {
    const world = await refreshedTimes(1);
    consentByHand(world);
    await runTimer(world);
    expect(storedTokenWorks(world)).toBe(true);
    expect(latestVersion(world).expiresOnEpochMs).toBeGreaterThan(worldNow(world) + 89 * DAY_MS);
  });

  it('are not switched off while they hold the token before the newest, even if the record lists them', async () => {
    const world = await refreshedTimes(2);
    const base = latestVersion(world);
    const record = recordOf(world);
    const previousVersions = [...record.previousVersions, base.version];
    world.control.body = writeControlRecord({ ...record, previousVersions }, digestOf);
    await runSolo(world);
    expect(world.server.state.issued).toHaveLength(4);
    expect(world.vault.versions.find(({ version }) => version === base.version)?.enabled).toBe(true);
  });

  it('that land late on top of a newer token are put below it again', async () => {
    const world = await refreshedTimes(2);
    const before = world.vault.versions.find(({ tags }) => tags['keywatch-seq'] === '2');
    writeByHand(world, before?.value ?? '', before);
    expect(storedTokenWorks(world)).toBe(false);
    const { outcome } = await runSolo(world, { trigger: 'reconcile' });
    expect(outcome).toMatchObject({ kind: 'recovered', seq: 3 });
    expect(storedTokenWorks(world)).toBe(true);
    expect(world.server.state.familyKills).toBe(0);
  });
});

/** A grant with 90 days of idle time whose secret was written with this many days, into a vault with a policy. */
const worldWith = (
  endsInDays: number | undefined,
  takes: (days: number | undefined) => boolean,
): RefreshWorld => {
  const world = refreshWorld({ kind: 'strict' });
  world.elapsedMs += 60_000;
  consentByHand(world, {
    expiresOnEpochMs: endsInDays === undefined ? undefined : worldNow(world) + endsInDays * DAY_MS,
  });
  world.vault.takesEnd = (endEpochMs) =>
    takes(endEpochMs === undefined ? undefined : (endEpochMs - worldNow(world)) / DAY_MS);
  return world;
};

const endInDays = (world: RefreshWorld): number =>
  Math.round(((latestVersion(world).expiresOnEpochMs ?? Number.NaN) - worldNow(world)) / DAY_MS);

describe('a vault whose policy refuses versions for their end', () => {
  it('gets a token that lives longer than the policy allows, with the end that it has taken before', async () => {
    const world = worldWith(40, (days) => days !== undefined && days <= 60);
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(storedTokenWorks(world)).toBe(true);
    expect(endInDays(world)).toBe(40);
  });

  it('gets a token although the old one ends sooner than the policy allows', async () => {
    const world = worldWith(20, (days) => days !== undefined && days >= 30);
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(endInDays(world)).toBe(90);
  });

  it('gets a token although the old one was written without the end that the policy asks for', async () => {
    const world = worldWith(undefined, (days) => days !== undefined);
    expect((await runSolo(world, { trigger: 'manual' })).outcome).toMatchObject({ kind: 'refreshed' });
    expect(endInDays(world)).toBe(90);
  });

  it('is reported before anything is spent where it takes neither end', async () => {
    const world = worldWith(40, () => false);
    const { outcome, calls } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({
      kind: 'preflight_failed',
      code: 'vault_forbidden',
    });
    expect(calls).not.toContain('server.refresh');
  });

  it('never says that a token ends later than it does', async () => {
    const world = worldWith(200, (days) => days !== undefined && days > 150);
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({ kind: 'not_stored', message: expect.stringContaining('kept sealed') });
    expect(endInDays(world)).toBe(200);
    expect(latestVersion(world).value).toBe(world.vault.versions.at(-2)?.value);
  });
});
