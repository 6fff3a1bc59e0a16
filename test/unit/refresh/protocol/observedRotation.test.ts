import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { explainRefresh } from '../../../../src/lib/refresh/explainRefresh.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { consentByHand, failRequests, portsAtOnce, recordOf } from '../../../fakes/refresh/worldEvents.ts';

const GRACE: RotationClass = { kind: 'grace', graceSeconds: 600 };

/** The profile says one class, the server rotates strictly. */
const misjudged = (rotation: RotationClass): RefreshWorld => refreshWorld(rotation, { kind: 'strict' });

const observed = (world: RefreshWorld) => recordOf(world).observedRotation;

/** Loses the next request on its way and counts how often the server sees a token within an attempt then. */
const expectStrict = async (world: RefreshWorld): Promise<void> => {
  world.elapsedMs += DAY_MS;
  const { requests } = world.server.state;
  failRequests(world, 'request_lost');
  const { outcome, calls } = await runSolo(world, { trigger: 'manual' });
  expect(calls.filter((name) => name === 'server.refresh')).toHaveLength(1);
  expect(calls.indexOf('vault.write')).toBeLessThan(calls.indexOf('server.refresh'));
  expect(outcome).toMatchObject({ kind: 'ambiguous' });
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'waiting' });
  expect(world.server.state.requests).toBe(requests);
  await runHealthy(world, 2 * 3_600_000);
  expect(storedTokenWorks(world)).toBe(true);
};

describe('a server that rotates against its profile', () => {
  it('is reported at its first new token where the profile says static, and is strict from then on', async () => {
    const world = misjudged({ kind: 'static' });
    const { outcome } = await runSolo(world, { trigger: 'manual' });
    expect(outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    const fault = { code: 'rotation_contradicted', text: expect.stringContaining('{"kind": "strict"}') };
    expect(outcome).toMatchObject({ deviations: [fault] });
    expect(observed(world)).toMatchObject({ configured: 'static' });
    await expectStrict(world);
    const again = await runSolo(world, { trigger: 'manual' });
    expect(again.outcome).toMatchObject({ deviations: [fault] });
  });

  for (const rotation of [{ kind: 'static' }, { kind: 'keeps_old' }, GRACE] as const)
    it(`is known by the refusal of an old token after a lost answer where the profile says ${rotation.kind}`, async () => {
      const world = misjudged(rotation);
      failRequests(world, 'answer_lost');
      await runSolo(world, { trigger: 'manual' });
      await runHealthy(world, 20 * 60_000);
      const events = world.telemetry.eventsNamed('keywatch.grant.refreshed');
      expect(events.at(-1)).toMatchObject({ outcome: 'dead', reason: 'answer_lost' });
      expect(world.telemetry.failures.at(-1)?.message).toContain('"rotation"');
      expect(observed(world)).toBeDefined();
      world.elapsedMs += 60_000;
      consentByHand(world);
      await runHealthy(world, 3_600_000);
      await expectStrict(world);
    });

  it('is forgotten once the config says another class', async () => {
    const world = misjudged({ kind: 'static' });
    await runSolo(world, { trigger: 'manual' });
    world.elapsedMs += DAY_MS;
    const profile = { ...world.profile, rotation: { kind: 'keeps_old' } as const };
    const { outcome } = await runSolo(
      { ...world, profile, elapsedMs: world.elapsedMs },
      { trigger: 'manual' },
    );
    expect(outcome).toMatchObject({ kind: 'refreshed', deviations: [] });
    expect(observed(world)).toBeUndefined();
  });

  it('is explained before a refresh', async () => {
    const world = misjudged({ kind: 'static' });
    await runSolo(world, { trigger: 'manual' });
    world.elapsedMs += 60 * DAY_MS;
    const { notes } = await explainRefresh(portsAtOnce(world), world);
    expect(notes.join('\n')).toMatch(/treated as strict[\s\S]*write the current token again/);
  });
});

describe('a server that does what its profile says', () => {
  for (const rotation of [{ kind: 'static' }, { kind: 'keeps_old' }, GRACE] as const)
    for (const fault of ['request_lost', 'answer_lost'] as const)
      it(`is not suspected after a ${fault.replace('_', ' ')} (${rotation.kind})`, async () => {
        const world = refreshWorld(rotation);
        failRequests(world, fault);
        await runSolo(world);
        await runHealthy(world, 3_600_000);
        expect(observed(world)).toBeUndefined();
        expect(storedTokenWorks(world)).toBe(true);
      });

  it('is not suspected where an old token is refused after its grace', async () => {
    const world = refreshWorld(GRACE);
    failRequests(world, 'answer_lost');
    await runSolo(world);
    world.network.requestsToFault = 0;
    world.elapsedMs += 3 * 3_600_000;
    await runHealthy(world, 3_600_000);
    expect(observed(world)).toBeUndefined();
  });
});
