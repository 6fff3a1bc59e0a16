import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import {
  afterGraceAcceptance,
  decideAmbiguous,
  intentInstants,
} from '../../../../src/lib/refresh/rules/intentDeadline.ts';
import { refreshTimings } from '../../../../src/lib/refresh/rules/refreshTimings.ts';
import {
  type FakeAuthorizationServer,
  fakeAuthorizationServer,
} from '../../../fakes/refresh/fakeAuthorizationServer.ts';
import { runHealthy, runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { changeAnswers, consentByHand, failRequests } from '../../../fakes/refresh/worldEvents.ts';

const graceOf = (graceSeconds: number): RotationClass => ({ kind: 'grace', graceSeconds });

const worldWith = (rotation: RotationClass, server: FakeAuthorizationServer): RefreshWorld => {
  const world = { ...refreshWorld(rotation), server };
  world.elapsedMs += 60_000;
  consentByHand(world);
  return world;
};

const refreshed = (world: RefreshWorld) => world.telemetry.eventsNamed('keywatch.grant.refreshed');

describe('a repetition in the grace window that is accepted without a new token', () => {
  for (const replay of ['none', 'echo'] as const)
    for (const graceSeconds of [60, 600, 86_400])
      it(`is reported as a doubt and decided after the window of ${graceSeconds} s (${replay})`, async () => {
        const rotation = graceOf(graceSeconds);
        const world = worldWith(rotation, fakeAuthorizationServer(rotation, replay));
        const startMs = world.elapsedMs;
        failRequests(world, 'answer_lost');
        const { outcome } = await runSolo(world, { trigger: 'manual' });
        expect(outcome).toMatchObject({ kind: 'ambiguous', code: 'successor_in_doubt' });
        const { requests } = world.server.state;
        while (world.elapsedMs < startMs + graceSeconds * 1000) {
          await runTimer(world);
          world.elapsedMs += Math.min(graceSeconds * 200, 600_000);
        }
        expect(world.server.state.requests, 'nothing is learned inside the window').toBe(requests);
        await runHealthy(world, 3 * 3_600_000);
        expect(refreshed(world).at(-1)).toMatchObject({ outcome: 'dead', reason: 'answer_lost' });
        expect(world.server.state.requests).toBe(requests + 1);
      });

  it('is reported as a doubt by the worker that comes after a crash, too', async () => {
    const rotation = graceOf(600);
    const world = worldWith(rotation, fakeAuthorizationServer(rotation, 'none'));
    await crashBehind(world, 'server.refresh', 0, { trigger: 'manual' });
    world.elapsedMs += 120_000;
    const { outcome } = await runSolo(world, { trigger: 'watchdog' });
    expect(outcome).toMatchObject({ kind: 'ambiguous', code: 'successor_in_doubt' });
  });

  it('is a success once the window has closed and the token still works', async () => {
    const world = worldWith(graceOf(600), fakeAuthorizationServer({ kind: 'static' }));
    failRequests(world, 'request_lost');
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({ kind: 'ambiguous', code: 'successor_in_doubt' });
    await runHealthy(world, 3 * 3_600_000);
    expect(refreshed(world).at(-1)).toMatchObject({ outcome: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'not_due' });
  });

  it('keeps sealed what came of the lost answer', async () => {
    const world = worldWith(graceOf(600), fakeAuthorizationServer({ kind: 'static' }));
    let requests = 0;
    changeAnswers(world, (answer) => {
      if (++requests > 1) return answer;
      return { kind: 'ambiguous', reason: 'cut off', evidence: () => '{"refresh_token":"RT-' };
    });
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({
      code: 'successor_in_doubt',
      message: expect.stringContaining('crm~unread'),
    });
    expect(world.fallback.aside).toHaveLength(1);
  });

  it('leaves a first acceptance without a new token as it is: the old one stays', async () => {
    const world = worldWith(graceOf(600), fakeAuthorizationServer({ kind: 'static' }));
    expect((await runSolo(world, { trigger: 'manual' })).outcome).toMatchObject({
      kind: 'refreshed',
      rotated: false,
    });
  });
});

describe('the wait after an acceptance in a grace window', () => {
  it('ends after the window of the server, whenever the repetition came', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 30, max: 30 * 86_400 }),
        fc.integer({ min: 0, max: 30 * 86_400_000 }),
        (graceSeconds, afterMs) => {
          const intent = intentInstants(refreshTimings(graceOf(graceSeconds)), 0, undefined);
          const waiting = afterGraceAcceptance(intent, afterMs);
          expect(waiting !== undefined || afterMs > graceSeconds * 1000).toBe(true);
          if (waiting === undefined) return;
          for (const share of [0, 0.5, 0.999]) {
            const nowEpochMs = graceSeconds * 1000 * share;
            expect(decideAmbiguous(waiting, nowEpochMs)).toMatchObject({ kind: 'wait' });
          }
          expect(waiting.lastResortFromEpochMs).toBeGreaterThan(graceSeconds * 1000 + 60_000);
        },
      ),
      { seed: 9, numRuns: 200 },
    );
  });
});
