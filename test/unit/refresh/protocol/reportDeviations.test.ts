import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../src/lib/kernel/time.ts';
import type { AnswerDeviation } from '../../../../src/lib/oauth/rules/answerDeviation.ts';
import { deviationsToReport } from '../../../../src/lib/refresh/rules/reportedDeviations.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { type RefreshWorld, refreshWorld, worldNow } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, changeAnswers } from '../../../fakes/refresh/worldEvents.ts';

const LIFETIME: AnswerDeviation = { code: 'lifetime_not_a_number', text: 'expires_in is not a number' };
const TYPE: AnswerDeviation = { code: 'no_token_type', text: 'no token_type' };

const worldWith = (deviations: AnswerDeviation[]): RefreshWorld => {
  const world = refreshWorld({ kind: 'strict' });
  changeAnswers(world, (answer) =>
    answer.kind === 'tokens' ? { ...answer, deviations: [...deviations] } : answer,
  );
  return world;
};
const reported = (world: RefreshWorld) =>
  world.telemetry.eventsNamed('keywatch.finding.observed').map(({ finding, detail }) => [finding, detail]);
const refresh = (world: RefreshWorld) => runSolo(world, { trigger: 'manual' });

describe('what a provider answers wrongly', () => {
  it('is reported as a finding of the grant, with what to do, and the token is used all the same', async () => {
    const world = worldWith([LIFETIME]);
    expect((await refresh(world)).outcome).toMatchObject({ kind: 'refreshed' });
    expect(world.telemetry.eventsNamed('keywatch.finding.observed')).toMatchObject([
      { credentialId: 'grant/crm', vault: 'kv', finding: 'provider_answer', owner: 'crm-team' },
    ]);
    const [[, detail] = []] = reported(world);
    expect(detail).toMatch(/expires_in is not a number\. Set idleDays or absoluteDays/);
  });

  it('is reported once a day and grant, a new deviation at once, and nothing when it is mended', async () => {
    const deviations = [LIFETIME];
    const world = worldWith(deviations);
    await refresh(world);
    world.elapsedMs += HOUR_MS;
    await refresh(world);
    expect(reported(world)).toHaveLength(1);
    deviations.push(TYPE);
    world.elapsedMs += HOUR_MS;
    await refresh(world);
    expect(reported(world)).toHaveLength(2);
    expect(reported(world).at(-1)?.[1]).not.toContain('expires_in');
    world.elapsedMs += 24 * HOUR_MS;
    await refresh(world);
    expect(reported(world)).toHaveLength(3);
    expect(reported(world).at(-1)?.[1]).toContain('expires_in is not a number; no token_type');
    deviations.splice(0);
    world.elapsedMs += 24 * HOUR_MS;
    await refresh(world);
    expect(reported(world)).toHaveLength(3);
  });

  it('is reported again when that it was reported could not be remembered, and costs no token', async () => {
    const world = worldWith([LIFETIME]);
    breakPort(world, 'control', ({ write }) => ({
      write: async (lease, body, etag) =>
        body.includes('reportedDeviations') ? failure('control', 'unavailable') : write(lease, body, etag),
    }));
    for (let times = 0; times < 2; times++) {
      expect((await refresh(world)).outcome).toMatchObject({ kind: 'refreshed' });
      world.elapsedMs += HOUR_MS;
    }
    expect(reported(world)).toHaveLength(2);
  });

  it('is also that it covers less than the scopes of the grant', async () => {
    const base = refreshWorld({ kind: 'strict' });
    const world = { ...base, grant: { ...base.grant, scopes: ['orders.read', 'orders.write'] } };
    let scope: string | undefined = 'orders.write orders.read';
    changeAnswers(world, (answer) => (answer.kind === 'tokens' ? { ...answer, scope } : answer));
    await refresh(world);
    scope = undefined;
    await refresh(world);
    expect(reported(world)).toEqual([]);
    scope = 'orders.read';
    expect((await refresh(world)).outcome).toMatchObject({ kind: 'refreshed' });
    expect(reported(world)).toEqual([
      ['provider_answer', expect.stringMatching(/does not cover orders\.write\. Consent again/)],
    ]);
    const all = Array.from({ length: 100 }, (_, index) => `orders.${index}`);
    world.grant = { ...world.grant, scopes: all };
    world.elapsedMs += 24 * HOUR_MS;
    await refresh(world);
    expect(reported(world).at(-1)?.[1]).toContain(
      'cover orders.0, orders.1, orders.2, orders.3, orders.4 and 95 more.',
    );
    world.profile = { ...world.profile, extraParameters: { scope: 'orders.read' } };
    world.elapsedMs += 24 * HOUR_MS;
    await refresh(world);
    expect(reported(world)).toHaveLength(2);
  });

  it('reported by a clock that was ahead is reported again', () => {
    const nowEpochMs = worldNow(refreshWorld({ kind: 'strict' }));
    const ahead = { [LIFETIME.code]: nowEpochMs + 1 };
    expect(deviationsToReport([LIFETIME], ahead, nowEpochMs)).toEqual({
      unreported: [LIFETIME],
      known: { [LIFETIME.code]: nowEpochMs },
    });
  });
});
