import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import { explainRefresh } from '../../../../src/lib/refresh/explainRefresh.ts';
import {
  type RefreshWorld,
  refreshWorld,
  sealedWorld,
  storedTokenWorks,
} from '../../../fakes/refresh/refreshWorld.ts';
import {
  handedOutNoMore,
  keptSealed,
  refreshAnHourLater,
  secretOf,
} from '../../../fakes/refresh/sealedScene.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import {
  consentByHand,
  latestVersion,
  portsAtOnce,
  recordOf,
  writeByHand,
} from '../../../fakes/refresh/worldEvents.ts';

const values = (world: RefreshWorld) => world.vault.versions.map(({ value }) => value);

describe('the token of a grant whose access tokens are handed out', () => {
  it('is refreshed in the vault once, which shows whose it is, and makes no version there from then on', async () => {
    const world = await keptSealed(1);
    const made = world.vault.made;
    expect(secretOf(world)).toBeUndefined();
    for (let time = 0; time < 20; time++) await refreshAnHourLater(world);
    expect(world.vault.made).toBe(made);
    expect(storedTokenWorks(world)).toBe(true);
    expect(recordOf(world).version).toMatch(/^sealed-/);
  });

  it('lies in its store in no text, and only with the versions that may still be needed', async () => {
    const world = await keptSealed(30);
    for (const token of world.server.state.issued) expect(world.sealed?.body).not.toContain(token);
    expect(secretOf(world)?.versions.length).toBeLessThanOrEqual(4);
  });

  it('is one of many that stay in the vault: those of other grants are not even looked for', async () => {
    const world = { ...sealedWorld({ kind: 'strict' }), grant: refreshWorld({ kind: 'strict' }).grant };
    await refreshAnHourLater(world);
    world.elapsedMs += HOUR_MS;
    const { calls } = await runSolo(world, { trigger: 'manual' });
    expect(calls.filter((name) => name.startsWith('sealed.'))).toEqual([]);
  });

  it('is kept so too where it rotates and lives for less than two days, as the record or the settings say', async () => {
    for (const [kind, idleDays, isKept] of [
      ['strict', 0.5, true],
      ['strict', 30, false],
      ['keeps_old', 0.5, false],
    ] as const) {
      const world = sealedWorld({ kind });
      const short = {
        ...world,
        profile: { ...world.profile, idleDays },
        grant: { ...world.grant, accessTokens: undefined },
      };
      for (let time = 0; time < 2; time++) await refreshAnHourLater(short);
      expect([kind, idleDays, secretOf(short) !== undefined]).toEqual([kind, idleDays, isKept]);
    }
  });
});

describe('what a person writes into the vault', () => {
  it('is used before the next token is spent, once, with the tags that it was written with', async () => {
    const world = await keptSealed();
    consentByHand(world, { tags: { 'keywatch-owner': 'new-team' } });
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(world)?.versions.at(-1)?.tags['keywatch-owner']).toBe('new-team');
  });

  it('is no new consent where it was there before: a copy of an older day, or the one of today', async () => {
    // So many that the control record has forgotten the first.
    const world = await keptSealed(60);
    const copies = [...new Set(values(world))].slice(1);
    expect(copies.length).toBeGreaterThan(2);
    for (const value of copies) {
      writeByHand(world, value);
      expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed', rotated: true });
    }
    expect(world.server.state.familyKills).toBe(0);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('brings a dead grant back, also as the same value once more', async () => {
    const world = await keptSealed();
    const lost = world.server.consent();
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'dead' });
    writeByHand(world, latestVersion(world).value);
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'dead' });
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'quarantined' });
    writeByHand(world, lost);
    expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed' });
  });

  it('is not lost below the copy of a token that has just died', async () => {
    const world = await keptSealed();
    consentByHand(world);
    const [covered] = world.vault.versions.splice(-1);
    world.elapsedMs += HOUR_MS;
    // Between our last look and our write, so that the copy ends up on top.
    await runSolo(world, {
      trigger: 'manual',
      beforeCall: (_index, name) => {
        if (name === 'vault.write' && covered !== undefined) world.vault.versions.push(covered);
      },
    });
    for (let time = 0; time < 3; time++) await refreshAnHourLater(world);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is left alone where another deployment wrote it, until the grant is taken over', async () => {
    const world = await keptSealed();
    consentByHand(world, { tags: { 'keywatch-deployment': 'kw-dev' } });
    const requests = world.server.state.requests;
    expect(await refreshAnHourLater(world)).toMatchObject({
      kind: 'misconfigured',
      code: 'another_deployment',
    });
    expect(world.server.state.requests).toBe(requests);
    expect(await refreshAnHourLater(world, 'adopt')).toMatchObject({ kind: 'refreshed' });
  });
});

describe('a dry run', () => {
  const explain = (world: RefreshWorld) => explainRefresh(portsAtOnce(world), world);

  it('says where the token is and where it would go, and changes nothing', async () => {
    const world = await keptSealed(1);
    const said = async (of: RefreshWorld) => (await explain(of)).notes.join(' ');
    const before = JSON.stringify([world.vault, world.control, world.sealed]);
    expect(await said(world)).toContain('Would seal the token into keywatch-tokens');
    expect(JSON.stringify([world.vault, world.control, world.sealed])).toBe(before);
    await refreshAnHourLater(world);
    expect(await said(world)).toContain('kept sealed in keywatch-tokens');
    expect(await said(handedOutNoMore(world))).toContain('Would first write the newest token into the vault');
  });

  it('sees what a person wrote as a worker would, and that the sealed secret is gone', async () => {
    const world = await keptSealed();
    consentByHand(world);
    expect(await explain(world)).toMatchObject({ would: 'refresh' });
    expect((await explain(world)).notes.join(' ')).toContain('Somebody wrote another token');
    const other = await keptSealed();
    Object.assign(other.sealed ?? {}, { body: undefined });
    expect(await explain(other)).toMatchObject({ would: 'unknown', reason: expect.stringContaining('gone') });
  });
});
