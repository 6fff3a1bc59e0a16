import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import type { TokenAnswer } from '../../../../src/lib/oauth/ports.ts';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import {
  breakPort,
  latestVersion,
  refusal,
  runTimerEvery,
  writeByHand,
} from '../../../fakes/refresh/worldEvents.ts';

const STRICT: RotationClass = { kind: 'strict' };
const REFUSED = refusal({ oauthError: 'invalid_grant', class: 'dead' });
const NOT_NOW = refusal({ httpStatus: 429, class: 'retry_later' });

/** Counts what reaches the server; while there is an answer here, the server itself sees nothing. */
const answering = (world: RefreshWorld) => {
  const door: { answer: TokenAnswer | undefined; requests: number } = { answer: undefined, requests: 0 };
  breakPort(world, 'server', ({ refresh }) => ({
    refresh: async (request) => {
      const answer = await refresh(door.answer === undefined ? request : { ...request, refreshToken: '' });
      door.requests++;
      return door.answer ?? answer;
    },
  }));
  return door;
};

/** A grant that was refused although its token is good: its account was switched off. */
const refusedGrant = async (rotation: RotationClass = STRICT) => {
  const world = refreshWorld(rotation);
  await runSolo(world);
  const door = answering(world);
  world.elapsedMs += 50 * DAY_MS;
  door.answer = REFUSED;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'dead' });
  door.requests = 0;
  return { world, door };
};

/** Every quarter of an hour, as the timer would. */
const runs = (world: RefreshWorld, hours: number): Promise<void> =>
  runTimerEvery(world, HOUR_MS / 4, hours * 4);

const writeSameValue = (world: RefreshWorld): void => {
  world.elapsedMs += 60_000;
  writeByHand(world, latestVersion(world).value);
};

const deadSince = (world: RefreshWorld): string | undefined =>
  /"sinceEpochMs": (\d+)/.exec(world.control.body ?? '')?.[1];

describe('a grant that was called dead for a cause that has passed', () => {
  for (const kind of ['strict', 'keeps_old', 'static'] as const)
    it(`is refreshed again when a person asks for it (${kind}), and its secret says so`, async () => {
      const { world, door } = await refusedGrant({ kind });
      door.answer = undefined;
      const { outcome } = await runSolo(world, { trigger: 'again' });
      expect(outcome).toMatchObject({ kind: 'refreshed' });
      expect(latestVersion(world).tags['keywatch-state']).toBe('ok');
      expect(latestVersion(world).expiresOnEpochMs).toBeGreaterThan(worldNow(world));
      expect(storedTokenWorks(world)).toBe(true);
    });

  it('is refreshed again when a person writes the same value once more', async () => {
    const { world, door } = await refusedGrant();
    door.answer = undefined;
    writeSameValue(world);
    await runs(world, 1);
    expect(door.requests).toBe(1);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('comes back by itself within a day where a try costs nothing', async () => {
    for (const kind of ['keeps_old', 'static'] as const) {
      const { world, door } = await refusedGrant({ kind });
      await runs(world, 5 * 24);
      expect([4, 5]).toContain(door.requests);
      door.answer = undefined;
      await runs(world, 25);
      expect(storedTokenWorks(world)).toBe(true);
    }
  });

  it('is never tried by itself where a try can cost the grant', async () => {
    for (const rotation of [STRICT, { kind: 'grace', graceSeconds: 600 } as const]) {
      const { world, door } = await refusedGrant(rotation);
      await runs(world, 5 * 24);
      expect(door.requests).toBe(0);
    }
  });
});

describe('a dead token that is sent once more', () => {
  it('and is refused again is dead since the first time, and not sent until a person asks again', async () => {
    const { world, door } = await refusedGrant();
    const since = deadSince(world);
    expect((await runSolo(world, { trigger: 'again' })).outcome).toMatchObject({ kind: 'dead' });
    writeSameValue(world);
    await runs(world, 48);
    expect(door.requests).toBe(2);
    expect(deadSince(world)).toBe(since);
  });

  it('and is not judged stays dead, and what a person wrote is tried at the next run', async () => {
    const { world, door } = await refusedGrant();
    const since = deadSince(world);
    door.answer = NOT_NOW;
    writeSameValue(world);
    await runs(world, 1);
    expect(world.control.body).toContain('"state": "dead"');
    expect(deadSince(world)).toBe(since);
    door.answer = undefined;
    await runs(world, 1);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('and gets no answer stays dead, and is not sent a third time by itself', async () => {
    const { world, door } = await refusedGrant();
    door.answer = { kind: 'ambiguous', reason: 'connection reset' };
    expect((await runSolo(world, { trigger: 'again' })).outcome).toMatchObject({ code: 'answer_lost' });
    await runs(world, 48);
    expect(door.requests).toBe(1);
    expect(world.control.body).toContain('"state": "dead"');
  });

  it('reaches the server once at most, wherever its worker ends', { tags: ['exhaustive'] }, async () => {
    const whole = await refusedGrant();
    const { calls } = await runSolo(whole.world, { trigger: 'again' });
    for (let end = 0; end <= calls.length; end++) {
      const { world, door } = await refusedGrant();
      await runSolo(world, { trigger: 'again', crashAfterCalls: end });
      const sent = door.requests;
      await runHealthy(world, 3 * HOUR_MS);
      await runs(world, 24);
      expect(door.requests, `ended after ${end} calls`).toBe(sent);
      expect(world.control.body, `ended after ${end} calls`).toContain('"state": "dead"');
    }
  });

  it('is not lost when the worker ends after its successor was stored anywhere', async () => {
    const whole = await refusedGrant();
    whole.door.answer = undefined;
    const { calls } = await runSolo(whole.world, { trigger: 'again' });
    const answered = calls.indexOf('server.refresh') + 1;
    for (let end = answered + 2; end <= calls.length; end++) {
      const { world, door } = await refusedGrant();
      door.answer = undefined;
      await runSolo(world, { trigger: 'again', crashAfterCalls: end });
      await runHealthy(world, 3 * HOUR_MS);
      expect(storedTokenWorks(world), `ended after ${end} calls`).toBe(true);
    }
  });
});
