import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import { liveOn, runRotation } from '../../fakes/rotate/rotationRun.ts';
import {
  heldValue,
  ownSecrets,
  type RotationWorld,
  rotationWorld,
  works,
  worldNow,
} from '../../fakes/rotate/rotationWorld.ts';

const DIES_AT_THE_SEAL = 12;

/** A world in which Keywatch rotated so often. */
const rotated = async (times: number): Promise<RotationWorld> => {
  const world = rotationWorld();
  await runRotation(world);
  for (let time = 1; time < times; time++) {
    world.elapsedMs += 46 * DAY_MS;
    await runRotation(world);
  }
  expect(ownSecrets(world)).toHaveLength(times);
  return world;
};

const writeByHand = (world: RotationWorld, value: string, tags: Readonly<Record<string, string>>): void => {
  const [first] = world.vault.versions;
  if (first === undefined) throw new Error('the vault holds a secret');
  const version = `by-hand-${world.vault.versions.length}`;
  world.vault.versions.push({ ...first, version, value, tags, createdEpochMs: worldNow(world) });
};

const newest = (world: RotationWorld) => {
  const last = world.vault.versions.at(-1);
  if (last === undefined) throw new Error('the vault holds a secret');
  return last;
};

/** A worker that ended with its new secret sealed and proven, while the vault was not there. */
const provenAndNotStored = async (): Promise<RotationWorld> => {
  const world = rotationWorld();
  world.faults.vault = 'silent';
  await runRotation(world);
  expect(ownSecrets(world)).toHaveLength(1);
  return world;
};

describe('a rotation beside others who change things', () => {
  it('keeps the secret in use where a person replaced the tags of its version', async () => {
    const world = await rotated(1);
    const value = heldValue(world);
    world.vault.versions.splice(-1, 1, { ...newest(world), tags: { 'keywatch-owner': 'crm' } });
    await liveOn(world, 3);
    expect(works(world, value)).toBe(true);
    expect(world.broken).toEqual([]);
  });

  it('keeps the secret in use where a person wrote an older one again with the tags of the newest', async () => {
    const world = await rotated(2);
    const [, older] = world.vault.versions;
    const value = older?.value ?? '';
    writeByHand(world, value, newest(world).tags);
    await liveOn(world, 12);
    expect(heldValue(world)).toBe(value);
    expect(works(world, value)).toBe(true);
    expect(world.broken).toEqual([]);
  });

  it('makes another in time where a person wrote the older one again, without tags and end', async () => {
    const world = await rotated(2);
    writeByHand(world, world.vault.versions[1]?.value ?? '', {});
    await liveOn(world, 60);
    expect(world.broken).toEqual([]);
    expect(works(world, heldValue(world))).toBe(true);
  });

  it('keeps for its time the secret of the vault that the config named before', async () => {
    const world = await rotated(1);
    const before = heldValue(world);
    world.vault.versions.splice(0);
    world.control.body = undefined;
    await liveOn(world, 5);
    expect(heldValue(world)).not.toBe(before);
    expect(works(world, before)).toBe(true);
    await liveOn(world, 5);
    expect(works(world, before)).toBe(false);
    expect(ownSecrets(world)).toHaveLength(1);
  });

  it('never gives consumers a secret that a person removed while the vault was not there', async () => {
    const world = await provenAndNotStored();
    const [, made] = world.secrets;
    if (made !== undefined) made.removedMs = world.elapsedMs;
    await liveOn(world, 12);
    expect(world.broken).toEqual([]);
    expect(works(world, heldValue(world))).toBe(true);
  });

  /** What Keywatch stored without hearing of it lies below what a person wrote in that moment. */
  const lostBelowAPersons = async (): Promise<RotationWorld> => {
    const world = rotationWorld();
    world.faults.vault = 'lost';
    const { calls } = await runRotation(world, {
      around: async (_index, name, when) => {
        if (name !== 'vault.write' || when !== 'after') return;
        writeByHand(world, 'value-of-a-person', newest(world).tags);
      },
    });
    expect(calls).toContain('vault.write');
    return world;
  };

  it('leaves what a person wrote with the tags of a secret whose write was lost, and removes neither', async () => {
    const world = await lostBelowAPersons();
    await liveOn(world, 12);
    expect(world.broken).toEqual([]);
    expect(works(world, 'value-of-a-person')).toBe(true);
  });

  it('keeps such a secret for its time also where all of the vault is deleted once it is given up', async () => {
    const world = await lostBelowAPersons();
    const stored = world.vault.versions.at(-2)?.value ?? '';
    for (const _ of ['given up', 'looked at again']) {
      world.elapsedMs += 70 * MINUTE_MS;
      await runRotation(world);
      world.vault.versions.splice(0);
    }
    await liveOn(world, 3);
    expect(works(world, stored)).toBe(true);
  });

  it('gives up for good an attempt of which only a deleted record knew, once another is stored', async () => {
    const world = rotationWorld();
    await runRotation(world, { crashAfterCalls: DIES_AT_THE_SEAL });
    expect(ownSecrets(world)).toHaveLength(1);
    world.control.body = undefined;
    await liveOn(world, 12);
    expect(world.broken).toEqual([]);
    expect(ownSecrets(world)).toHaveLength(1);
    expect(world.secrets.find(({ value }) => value === heldValue(world))?.keyId).toBe(ownSecrets(world)[0]);
  });
});
