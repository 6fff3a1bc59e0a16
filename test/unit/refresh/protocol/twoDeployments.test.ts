import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { explainRefresh } from '../../../../src/lib/refresh/explainRefresh.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import {
  otherDeployment,
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
} from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo } from '../../../fakes/refresh/soloWorker.ts';
import {
  consentByHand,
  failRequests,
  latestVersion,
  portsAtOnce,
  writeByHand,
} from '../../../fakes/refresh/worldEvents.ts';

const STRICT = { kind: 'strict' } as const;

const lastOutcome = (world: RefreshWorld) => world.telemetry.eventsNamed('keywatch.grant.refreshed').at(-1);

describe('a second deployment on one secret', () => {
  it('is refused with who has it and what to do, and spends nothing', async () => {
    const prod = refreshWorld(STRICT);
    await runSolo(prod);
    const { requests } = prod.server.state;
    const { outcome } = await runSolo(otherDeployment(prod), { trigger: 'manual' });
    expect(outcome).toMatchObject({
      kind: 'misconfigured',
      code: 'another_deployment',
      retryable: false,
      message: expect.stringContaining('kw-prod'),
      action: expect.stringContaining('--adopt'),
    });
    expect(prod.server.state.requests).toBe(requests);
    expect(latestVersion(prod).tags['keywatch-deployment']).toBe('kw-prod');
  });

  it('is reported so also after a person consented again, with a version that has no name on it', async () => {
    const prod = refreshWorld(STRICT);
    await runSolo(prod);
    prod.elapsedMs += 60_000;
    consentByHand(prod);
    const { outcome } = await runSolo(otherDeployment(prod));
    expect(outcome).toMatchObject({ code: 'another_deployment' });
    expect(await runSolo(prod)).toMatchObject({ outcome: { kind: 'refreshed' } });
  });

  it('is explained before anything is tried', async () => {
    const prod = refreshWorld(STRICT);
    await runSolo(prod);
    const dev = otherDeployment(prod);
    expect(await explainRefresh(portsAtOnce(dev), dev)).toMatchObject({
      would: 'leave',
      reason: expect.stringContaining('another Keywatch (kw-prod)'),
      notes: expect.arrayContaining([expect.stringContaining('--adopt')]),
    });
  });

  it('is asked for before an attempt of our own is ended: its token is not sent again', async () => {
    const world = refreshWorld(STRICT);
    failRequests(world, 'answer_lost');
    await runSolo(world);
    const { value = '' } = world.vault.versions[0] ?? {};
    writeByHand(world, value, { tags: { 'keywatch-deployment': 'kw-dev' } });
    for (const passedMs of [60_000, DAY_MS]) {
      world.elapsedMs += passedMs;
      expect((await runSolo(world)).outcome).toMatchObject({ code: 'another_deployment' });
    }
    expect(world.server.state.requests).toBe(1);
  });

  it.each<RotationClass>([STRICT, { kind: 'grace', graceSeconds: 30 }])(
    'loses nothing at $kind wherever the first refresh of one comes between the calls of that of the other',
    async (rotation) => {
      for (let at = 0; at < 24; at++) {
        const prod = refreshWorld(rotation);
        const dev = otherDeployment(prod);
        await runSolo(dev, {
          beforeCall: async (index) => {
            if (index === at) await runSolo(prod);
          },
        });
        for (const world of [prod, dev, prod, dev]) await runHealthy(world, 2 * 3_600_000);
        expect(prod.server.state.familyKills, `before call ${at}`).toBe(0);
        expect(storedTokenWorks(prod), `before call ${at}`).toBe(true);
      }
    },
  );
});

describe('a refresh under way that the record does not know', () => {
  it('is waited out, as after a lost record: another Keywatch without a name may be at it', async () => {
    const world = refreshWorld(STRICT);
    await runSolo(world);
    world.elapsedMs += 46 * DAY_MS;
    const { value, tags: named } = latestVersion(world);
    const { 'keywatch-deployment': _, ...tags } = named;
    writeByHand(world, value, { tags: { ...tags, 'keywatch-stage': 'intent' } });
    const { requests } = world.server.state;
    expect((await runSolo(world)).outcome).toMatchObject({ code: 'unknown_attempt' });
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'waiting' });
    world.elapsedMs += 3_600_000;
    await runSolo(world);
    expect(world.server.state.requests).toBe(requests + 1);
    expect(storedTokenWorks(world)).toBe(true);
  });
});

describe('a grant that is adopted from another deployment', () => {
  it('is refreshed at once by the new one, and the old one leaves it alone', async () => {
    const old = refreshWorld(STRICT);
    await runSolo(old);
    old.elapsedMs += DAY_MS;
    const next = otherDeployment(old, 'kw-new');
    await runSolo(next);
    expect((await runSolo(next, { trigger: 'adopt' })).outcome).toMatchObject({ kind: 'refreshed' });
    expect((await runSolo(old, { trigger: 'manual' })).outcome).toMatchObject({ code: 'another_deployment' });
    next.elapsedMs += 46 * DAY_MS;
    expect((await runSolo(next)).outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(next)).toBe(true);
  });

  it('waits while the old one may be spending its token', async () => {
    const old = refreshWorld(STRICT);
    await crashBehind(old, 'server.refresh', -1);
    const next = otherDeployment(old, 'kw-new');
    expect((await runSolo(next, { trigger: 'adopt' })).outcome).toMatchObject({ code: 'unknown_attempt' });
    expect(old.server.state.requests).toBe(0);
    await runHealthy(next, 2 * 3_600_000);
    expect(old.server.state.requests).toBe(1);
    expect(storedTokenWorks(next)).toBe(true);
  });
});

describe('the name on what a worker writes', () => {
  const named = (world: RefreshWorld) => latestVersion(world).tags['keywatch-deployment'];
  const underName = (world: RefreshWorld, deployment: string | undefined) => {
    world.sabotage = (ports) => ({ ...ports, deployment });
    return world;
  };

  it('is that of the record: a laptop on the store of a deployed app works for that app', async () => {
    const world = refreshWorld(STRICT);
    await runSolo(world);
    await runSolo(underName(world, undefined), { trigger: 'manual' });
    expect(named(world)).toBe('kw-prod');
    expect((await runSolo(underName(world, 'kw-renamed'), { trigger: 'manual' })).outcome).toMatchObject({
      kind: 'refreshed',
    });
    expect(named(world)).toBe('kw-prod');
  });

  it('is that of the first deployment with one, where a laptop came first', async () => {
    const world = underName(refreshWorld(STRICT), undefined);
    await runSolo(world);
    expect(named(world)).toBe('local');
    await runSolo(underName(world, 'kw-prod'), { trigger: 'reconcile' });
    await runSolo(world, { trigger: 'manual' });
    expect(named(world)).toBe('kw-prod');
    expect(lastOutcome(world)?.outcome).toBe('refreshed');
  });
});
