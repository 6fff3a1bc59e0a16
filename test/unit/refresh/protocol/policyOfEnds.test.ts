import { describe, expect, it } from 'vitest';
import { addVersion } from '../../../fakes/refresh/fakeTokenStore.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const DAY_MS = 86_400_000;

/** A grant with 90 days of idle time whose secret was written with this many days, into a vault with a policy. */
const worldWith = (
  endsInDays: number | undefined,
  takes: (days: number | undefined) => boolean,
): RefreshWorld => {
  const world = refreshWorld({ kind: 'strict' });
  world.elapsedMs += 60_000;
  const nowEpochMs = worldNow(world);
  const version = {
    value: world.server.consent(),
    tags: {},
    expiresOnEpochMs: endsInDays === undefined ? undefined : nowEpochMs + endsInDays * DAY_MS,
    contentType: undefined,
  };
  addVersion(world.vault, version, nowEpochMs);
  world.vault.takesEnd = (endEpochMs) =>
    takes(endEpochMs === undefined ? undefined : (endEpochMs - worldNow(world)) / DAY_MS);
  return world;
};

const endInDays = (world: RefreshWorld): number =>
  Math.round(((world.vault.versions.at(-1)?.expiresOnEpochMs ?? Number.NaN) - worldNow(world)) / DAY_MS);

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
    expect(world.vault.versions.at(-1)?.value).toBe(world.vault.versions.at(-2)?.value);
  });
});
