import { describe, expect, it } from 'vitest';
import { explainRefresh } from '../../../../src/lib/refresh/explainRefresh.ts';
import { digestOf } from '../../../../src/lib/stores/digestOf.ts';
import { writeRecord } from '../../../../src/lib/stores/rules/recordText.ts';
import { sealedSecretOf } from '../../../fakes/refresh/fakeSealedStore.ts';
import {
  type RefreshWorld,
  refreshWorld,
  sealedWorld,
  storedTokenWorks,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import {
  breakPort,
  consentByHand,
  latestVersion,
  mend,
  portsAtOnce,
  recordOf,
  writeByHand,
} from '../../../fakes/refresh/worldEvents.ts';

const HOUR_MS = 3_600_000;

const refresh = async (world: RefreshWorld, trigger: 'manual' | 'adopt' | 'again' = 'manual') => {
  world.elapsedMs += HOUR_MS;
  return (await runSolo(world, { trigger })).outcome;
};

/** A grant whose token is kept sealed, some refreshes later. */
const kept = async (refreshes = 4): Promise<RefreshWorld> => {
  const world = sealedWorld({ kind: 'strict' });
  for (let time = 0; time < refreshes; time++)
    expect(await refresh(world)).toMatchObject({ kind: 'refreshed' });
  return world;
};

const secretOf = (world: RefreshWorld) => world.sealed && sealedSecretOf(world.sealed);
const loseDocument = (world: RefreshWorld) => Object.assign(world.sealed ?? {}, { body: undefined });
const values = (world: RefreshWorld) => world.vault.versions.map(({ value }) => value);

describe('the token of a grant whose access tokens are handed out', () => {
  it('is refreshed in the vault once, which shows whose it is, and makes no version there from then on', async () => {
    const world = await kept(1);
    const made = world.vault.made;
    expect(secretOf(world)).toBeUndefined();
    for (let time = 0; time < 20; time++) await refresh(world);
    expect(world.vault.made).toBe(made);
    expect(storedTokenWorks(world)).toBe(true);
    expect(recordOf(world).version).toMatch(/^sealed-/);
  });

  it('lies in its store in no text, and only with the versions that may still be needed', async () => {
    const world = await kept(30);
    for (const token of world.server.state.issued) expect(world.sealed?.body).not.toContain(token);
    expect(secretOf(world)?.versions.length).toBeLessThanOrEqual(4);
  });

  it('is one of many that stay in the vault: those of other grants are not even looked for', async () => {
    const world = { ...sealedWorld({ kind: 'strict' }), grant: refreshWorld({ kind: 'strict' }).grant };
    await refresh(world);
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
      for (let time = 0; time < 2; time++) await refresh(short);
      expect([kind, idleDays, secretOf(short) !== undefined]).toEqual([kind, idleDays, isKept]);
    }
  });
});

describe('what a person writes into the vault', () => {
  it('is used before the next token is spent, once, with the tags that it was written with', async () => {
    const world = await kept();
    consentByHand(world, { tags: { 'keywatch-owner': 'new-team' } });
    expect(await refresh(world)).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
    expect(await refresh(world)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(world)?.versions.at(-1)?.tags['keywatch-owner']).toBe('new-team');
  });

  it('is no new consent where it was there before: a copy of an older day, or the one of today', async () => {
    // So many that the control record has forgotten the first.
    const world = await kept(60);
    const copies = [...new Set(values(world))].slice(1);
    expect(copies.length).toBeGreaterThan(2);
    for (const value of copies) {
      writeByHand(world, value);
      expect(await refresh(world)).toMatchObject({ kind: 'refreshed', rotated: true });
    }
    expect(world.server.state.familyKills).toBe(0);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('brings a dead grant back, also as the same value once more', async () => {
    const world = await kept();
    const lost = world.server.consent();
    expect(await refresh(world)).toMatchObject({ kind: 'dead' });
    writeByHand(world, latestVersion(world).value);
    expect(await refresh(world)).toMatchObject({ kind: 'dead' });
    expect(await refresh(world)).toMatchObject({ kind: 'quarantined' });
    writeByHand(world, lost);
    expect(await refresh(world)).toMatchObject({ kind: 'refreshed' });
  });

  it('is not lost below the copy of a token that has just died', async () => {
    const world = await kept();
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
    for (let time = 0; time < 3; time++) await refresh(world);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is left alone where another deployment wrote it, until the grant is taken over', async () => {
    const world = await kept();
    consentByHand(world, { tags: { 'keywatch-deployment': 'kw-dev' } });
    const requests = world.server.state.requests;
    expect(await refresh(world)).toMatchObject({ kind: 'misconfigured', code: 'another_deployment' });
    expect(world.server.state.requests).toBe(requests);
    expect(await refresh(world, 'adopt')).toMatchObject({ kind: 'refreshed' });
  });
});

describe('stores that lost something', () => {
  it('send no older token: the sealed secret is deleted, and a person consents again', async () => {
    const world = await kept();
    const older = world.sealed?.body;
    await refresh(world);
    await refresh(world);
    loseDocument(world);
    const requests = world.server.state.requests;
    expect(await refresh(world)).toMatchObject({ kind: 'misconfigured', code: 'sealed_tokens_not_found' });
    Object.assign(world.sealed ?? {}, { body: older });
    expect(await refresh(world)).toMatchObject({ kind: 'misconfigured', code: 'sealed_tokens_not_found' });
    expect(world.server.state.requests).toBe(requests);
    loseDocument(world);
    consentByHand(world);
    for (let time = 0; time < 3; time++) expect(await refresh(world)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(world)).toBeDefined();
  });

  it('go on where the control record is gone, or is that of before the token moved', async () => {
    const world = await kept(1);
    const before = world.control.body;
    for (let time = 0; time < 3; time++) await refresh(world);
    for (const body of [before, undefined]) {
      world.control.body = body;
      await refresh(world);
      expect(await refresh(world)).toMatchObject({ kind: 'refreshed' });
      expect(world.server.state.familyKills).toBe(0);
    }
  });

  it('leave a document that cannot be read as it is, and send nothing', async () => {
    const world = await kept();
    const body = world.sealed?.body?.replace('"made": ', '"made": 1');
    Object.assign(world.sealed ?? {}, { body });
    expect(await refresh(world)).toMatchObject({ kind: 'misconfigured', code: 'sealed_tokens_tampered' });
    expect(world.sealed?.body).toBe(body);
  });

  it('do not pass off one version for another', async () => {
    const world = await kept();
    const secret = secretOf(world);
    if (secret === undefined) throw new Error('it is not kept sealed');
    const [older] = secret.versions;
    const versions = secret.versions.map((version) => ({ ...version, envelope: older?.envelope ?? '' }));
    Object.assign(world.sealed ?? {}, { body: writeRecord({ ...secret, versions }, digestOf) });
    const requests = world.server.state.requests;
    expect(await refresh(world)).toMatchObject({ code: 'sealed_tokens_tampered' });
    expect(world.server.state.requests).toBe(requests);
  });
});

describe('a grant that needs it no more', () => {
  const leaving = (world: RefreshWorld): RefreshWorld => ({
    ...world,
    grant: { ...world.grant, accessTokens: undefined },
  });

  it('has its newest token in the vault before that is the store again, and nothing sealed is left', async () => {
    const world = await kept();
    const left = leaving(world);
    expect(await refresh(left)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(left)).toBeUndefined();
    expect(left.sealed?.body).not.toContain('.wrapped.');
    expect(recordOf(left).version).toMatch(/^v\d+$/);
    expect(storedTokenWorks(left)).toBe(true);
    const again = { ...left, grant: world.grant };
    for (let time = 0; time < 2; time++) expect(await refresh(again)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(again)).toBeDefined();
  });

  it('goes on sealed for as long as the vault takes no token', async () => {
    const left = leaving(await kept());
    left.vault.takesEnd = () => false;
    expect(await refresh(left)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(left)).toBeDefined();
    left.vault.takesEnd = undefined;
    await refresh(left);
    expect(secretOf(left)).toBeUndefined();
  });
});

describe('a vault that acknowledges what it does not show', () => {
  it('gets no token back for keeps', async () => {
    const world = await kept();
    const left = { ...world, grant: { ...world.grant, accessTokens: undefined } };
    breakPort(left, 'vault', () => ({ write: async () => ({ ok: true, version: 'v99' }) }));
    await refresh(left);
    expect(secretOf(left)).toBeDefined();
    mend(left);
    await refresh(left);
    expect([secretOf(left), storedTokenWorks(left)]).toEqual([undefined, true]);
  });
});

describe('a dry run', () => {
  const explain = (world: RefreshWorld) => explainRefresh(portsAtOnce(world), world);

  it('says where the token is and where it would go, and changes nothing', async () => {
    const world = await kept(1);
    const said = async (of: RefreshWorld) => (await explain(of)).notes.join(' ');
    const before = JSON.stringify([world.vault, world.control, world.sealed]);
    expect(await said(world)).toContain('Would seal the token into keywatch-tokens');
    expect(JSON.stringify([world.vault, world.control, world.sealed])).toBe(before);
    await refresh(world);
    expect(await said(world)).toContain('kept sealed in keywatch-tokens');
    expect(await said({ ...world, grant: { ...world.grant, accessTokens: undefined } })).toContain(
      'Would first write the newest token into the vault',
    );
  });

  it('sees what a person wrote as a worker would, and that the sealed secret is gone', async () => {
    const world = await kept();
    consentByHand(world);
    expect(await explain(world)).toMatchObject({ would: 'refresh' });
    expect((await explain(world)).notes.join(' ')).toContain('Somebody wrote another token');
    const other = await kept();
    loseDocument(other);
    expect(await explain(other)).toMatchObject({ would: 'unknown', reason: expect.stringContaining('gone') });
  });
});
