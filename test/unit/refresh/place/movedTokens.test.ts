import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../../src/lib/stores/digestOf.ts';
import { writeRecord } from '../../../../src/lib/stores/rules/recordText.ts';
import { type RefreshWorld, sealedWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import {
  handedOutNoMore,
  keptSealed,
  refreshAnHourLater,
  secretOf,
} from '../../../fakes/refresh/sealedScene.ts';
import { breakPort, consentByHand, mend } from '../../../fakes/refresh/worldEvents.ts';

const loseDocument = (world: RefreshWorld) => Object.assign(world.sealed ?? {}, { body: undefined });

describe('stores that lost something', () => {
  it('send no older token: the sealed secret is deleted, and a person consents again', async () => {
    const world = await keptSealed();
    const older = world.sealed?.body;
    await refreshAnHourLater(world);
    await refreshAnHourLater(world);
    loseDocument(world);
    const requests = world.server.state.requests;
    expect(await refreshAnHourLater(world)).toMatchObject({
      kind: 'misconfigured',
      code: 'sealed_secret_not_found',
    });
    Object.assign(world.sealed ?? {}, { body: older });
    expect(await refreshAnHourLater(world)).toMatchObject({
      kind: 'misconfigured',
      code: 'sealed_secret_not_found',
    });
    expect(world.server.state.requests).toBe(requests);
    loseDocument(world);
    consentByHand(world);
    for (let time = 0; time < 3; time++)
      expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(world)).toBeDefined();
  });

  it('go on where the control record is gone, or is that of before the token moved', async () => {
    const world = await keptSealed(1);
    const before = world.control.body;
    for (let time = 0; time < 3; time++) await refreshAnHourLater(world);
    for (const body of [before, undefined]) {
      world.control.body = body;
      await refreshAnHourLater(world);
      expect(await refreshAnHourLater(world)).toMatchObject({ kind: 'refreshed' });
      expect(world.server.state.familyKills).toBe(0);
    }
  });

  it('hold up a first refresh only where an older token would be refused', async () => {
    for (const [kind, outcome] of [
      ['strict', 'transient_failure'],
      ['keeps_old', 'refreshed'],
    ] as const) {
      const world = sealedWorld({ kind });
      Object.assign(world.sealed ?? {}, { down: true });
      expect(await refreshAnHourLater(world)).toMatchObject({ kind: outcome });
    }
  });

  it('leave a document that cannot be read as it is, and send nothing', async () => {
    const world = await keptSealed();
    const body = world.sealed?.body?.replace('"made": ', '"made": 1');
    Object.assign(world.sealed ?? {}, { body });
    expect(await refreshAnHourLater(world)).toMatchObject({
      kind: 'misconfigured',
      code: 'sealed_secret_tampered',
    });
    expect(world.sealed?.body).toBe(body);
  });

  it('do not pass off one version for another', async () => {
    const world = await keptSealed();
    const secret = secretOf(world);
    if (secret === undefined) throw new Error('it is not kept sealed');
    const [older] = secret.versions;
    const versions = secret.versions.map((version) => ({ ...version, envelope: older?.envelope ?? '' }));
    Object.assign(world.sealed ?? {}, { body: writeRecord({ ...secret, versions }, digestOf) });
    const requests = world.server.state.requests;
    expect(await refreshAnHourLater(world)).toMatchObject({ code: 'sealed_secret_tampered' });
    expect(world.server.state.requests).toBe(requests);
  });
});

describe('a grant that needs it no more', () => {
  it('goes on sealed for as long as the vault takes no token', async () => {
    const left = handedOutNoMore(await keptSealed());
    left.vault.takesEnd = () => false;
    expect(await refreshAnHourLater(left)).toMatchObject({ kind: 'refreshed' });
    expect(secretOf(left)).toBeDefined();
    left.vault.takesEnd = undefined;
    await refreshAnHourLater(left);
    expect(secretOf(left)).toBeUndefined();
  });
});

describe('a vault that acknowledges what it does not show', () => {
  it('gets no token back for keeps', async () => {
    const world = await keptSealed();
    const left = handedOutNoMore(world);
    breakPort(left, 'vault', () => ({ write: async () => ({ ok: true, version: 'v99' }) }));
    await refreshAnHourLater(left);
    expect(secretOf(left)).toBeDefined();
    mend(left);
    await refreshAnHourLater(left);
    expect([secretOf(left), storedTokenWorks(left)]).toEqual([undefined, true]);
  });
});
