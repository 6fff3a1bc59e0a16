import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../../src/lib/kernel/time.ts';
import { explainRefresh } from '../../../../src/lib/refresh/explainRefresh.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import {
  breakPort,
  consentByHand,
  failRequests,
  portsAtOnce,
  runTimerEvery,
} from '../../../fakes/refresh/worldEvents.ts';

/** A grant whose token the server refuses for good, and nobody knows yet. */
const deadAtServer = (kind: 'strict' | 'grace' = 'strict'): RefreshWorld => {
  const world = refreshWorld(kind === 'grace' ? { kind, graceSeconds: 600 } : { kind });
  // A consent whose token nobody has stored yet ends the one before it.
  world.server.consent();
  return world;
};

/** The vault answers until the token is sent, and from then on not at all, or not with its versions. */
const refusedDuringOutage = (world: RefreshWorld, from: 'vault.readLatest' | 'vault.listVersions') => {
  let sent = false;
  return runSolo(world, {
    beforeCall: (_index, name) => {
      sent ||= name === 'server.refresh';
      world.vault.down = sent && name === from;
    },
  });
};

const reportedOutcomes = (world: RefreshWorld) =>
  world.telemetry.eventsNamed('keywatch.grant.refreshed').map(({ outcome, reason }) => [outcome, reason]);

describe('a refusal for good that comes while the vault cannot be read', () => {
  for (const kind of ['strict', 'grace'] as const) {
    for (const from of ['vault.readLatest', 'vault.listVersions'] as const) {
      it(`is reported as what it was, and the token is not sent again (${kind}, ${from} fails)`, async () => {
        const world = deadAtServer(kind);
        const first = await refusedDuringOutage(world, from);
        expect(first.outcome).toMatchObject({ code: 'vault_unavailable', oauthError: 'invalid_grant' });
        world.vault.down = true;
        await runTimerEvery(world, 5 * MINUTE_MS, 30);
        world.vault.down = false;
        await runTimer(world);
        expect(world.server.state.requests).toBe(1);
        const outcomes = reportedOutcomes(world);
        expect(outcomes.at(-1)).toEqual(['dead', 'invalid_grant']);
        expect(new Set(outcomes.slice(0, -1).map(String))).toEqual(
          new Set(['transient_failure,vault_unavailable']),
        );
        expect(world.control.body).toContain('"reason": "refused"');
      });
    }
  }

  it('is known to the next worker wherever the first one ends after the answer was noted', async () => {
    const { calls } = await runSolo(deadAtServer());
    const noted = calls.indexOf('control.write', calls.indexOf('server.refresh')) + 1;
    expect(noted).toBeGreaterThan(0);
    for (let end = noted; end < calls.length; end++) {
      const world = deadAtServer();
      await runSolo(world, { crashAfterCalls: end });
      await runTimerEvery(world, 5 * MINUTE_MS, 20);
      expect(world.server.state.requests, `ended after ${end} calls`).toBe(1);
      expect(reportedOutcomes(world), `ended after ${end} calls`).toEqual([['dead', 'invalid_grant']]);
    }
  });

  it('is what a dry run says, instead of an end that is unknown', async () => {
    const world = deadAtServer();
    await refusedDuringOutage(world, 'vault.readLatest');
    const { would, reason } = await explainRefresh(portsAtOnce(world), world);
    expect(would).toBe('leave');
    expect(reason).toMatch(/^the server refuses its token for good/);
  });

  it('is reported again, and as nothing else, when the record that it is dead cannot be written', async () => {
    const world = deadAtServer();
    breakPort(world, 'control', ({ write }) => ({
      write: async (lease, body, etag) =>
        body.includes('"state": "dead"') ? failure('control', 'throttled') : write(lease, body, etag),
    }));
    await runSolo(world);
    await runTimerEvery(world, 5 * MINUTE_MS, 20);
    expect(world.server.state.requests).toBe(1);
    expect(new Set(reportedOutcomes(world).map(String))).toEqual(new Set(['dead,invalid_grant']));
    expect(world.telemetry.eventsNamed('keywatch.grant.observed')).toEqual([]);
  });

  it('is forgotten when a person has written another token meanwhile', async () => {
    const world = deadAtServer();
    await refusedDuringOutage(world, 'vault.readLatest');
    world.vault.down = false;
    world.elapsedMs += 5 * MINUTE_MS;
    consentByHand(world);
    await runTimer(world);
    expect(reportedOutcomes(world).at(-1)?.[0]).toBe('refreshed');
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is reported as a lost answer where an earlier answer never came', async () => {
    const world = refreshWorld({ kind: 'strict' });
    failRequests(world, 'answer_lost');
    await runSolo(world);
    world.elapsedMs += 61 * MINUTE_MS;
    await refusedDuringOutage(world, 'vault.readLatest');
    world.vault.down = false;
    world.elapsedMs += 5 * MINUTE_MS;
    await runTimer(world);
    expect(reportedOutcomes(world).at(-1)).toEqual(['dead', 'answer_lost']);
    expect(world.server.state.requests).toBe(2);
  });
});
