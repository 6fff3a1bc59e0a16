import { describe, expect, it } from 'vitest';
import type { ProviderProfile } from '../../../src/lib/oauth/rules/providerProfile.ts';
import type { IntrospectionAnswer } from '../../../src/lib/prove/ports.ts';
import { createProver } from '../../../src/lib/prove/prover.ts';
import { ACCESS_TOKEN, type ProofWorld, proofWorld, SECRET } from '../../fakes/prove.ts';
import { status, untilProven } from '../../fakes/proving.ts';
import { refreshWorld } from '../../fakes/refresh/refreshWorld.ts';

const SETTINGS = {
  ...{ clients: [], dailyReportHourUtc: 5 },
  ...{ vaultName: () => 'kv-clients', isConfiguredName: () => false },
};

describe('the new access token of a grant', () => {
  const { grant, profile } = refreshWorld({ kind: 'strict' });
  const CALL = { url: 'https://api.example/me' };
  const INTROSPECTION = 'https://login.example/introspect';
  const trying = async (
    more: Partial<ProviderProfile>,
    change: (world: ProofWorld) => void = () => undefined,
    times = 1,
  ) => {
    const world = proofWorld();
    change(world);
    const prover = createProver(SETTINGS, world.ports);
    for (let time = 0; time < times; time += 1)
      await untilProven(world, prover.proveToken(grant, { ...profile, ...more }, ACCESS_TOKEN));
    const outcomes = world.telemetry.eventsNamed('keywatch.credential.proved').map(({ outcome }) => outcome);
    return { ...world, outcomes };
  };

  it('is tried by the call alone, and reported as the grant', async () => {
    const { telemetry, calls } = await trying({ proofCall: CALL });
    expect(calls.map(({ token }) => token)).toEqual([undefined, ACCESS_TOKEN]);
    expect(telemetry.eventsNamed('keywatch.credential.proved')).toMatchObject([
      { credentialId: `grant/${grant.id}`, outcome: 'proven' },
    ]);
    expect(telemetry.eventsNamed('keywatch.run.completed')).toEqual([]);
  });

  it('is called without once a day, however often it is refreshed', async () => {
    const { calls } = await trying({ proofCall: CALL }, undefined, 3);
    expect(calls.filter(({ token }) => token === undefined)).toHaveLength(1);
  });

  it('that is refused is a failure of the grant, in words', async () => {
    const { telemetry } = await trying({ proofCall: CALL }, (world) => {
      world.answer = () => ({ kind: 'answered', httpStatus: 401 });
    });
    expect(telemetry.failures).toMatchObject([
      {
        code: 'call_refused',
        message: expect.stringContaining(`the new access token of grant ${grant.id} with 401`),
        subject: { credentialId: `grant/${grant.id}` },
      },
    ]);
  });

  it.each<[string, Partial<ProviderProfile>]>([
    ['by the resource', { proofCall: CALL }],
    ['by its server', { introspectionEndpoint: INTROSPECTION }],
  ])('that is refused %s in its first seconds alone is accepted', async (_by, more) => {
    const { outcomes } = await trying(more, (world) => {
      const isNew = () => world.clock.monotonicMs() < 15_000;
      world.answer = ({ token }) => status(token === undefined || isNew() ? 401 : 200);
      world.introspect = () => ({ kind: 'answered', httpStatus: 200, active: !isNew() });
    });
    expect(outcomes).toEqual(['proven']);
  });

  it.each<[string, IntrospectionAnswer, Partial<ProviderProfile>, string]>([
    ['says that it is active', { kind: 'answered', httpStatus: 200, active: true }, {}, 'proven'],
    [
      'says that it is not, as it does to whoever may not ask, so that the call decides',
      { kind: 'answered', httpStatus: 200, active: false },
      { proofCall: CALL },
      'proven',
    ],
    [
      'says nothing of it, so that the call decides',
      { kind: 'answered', httpStatus: 403, active: undefined },
      { proofCall: CALL },
      'proven',
    ],
    [
      'says nothing of it, and nothing else can',
      { kind: 'unanswered', reason: 'timeout' },
      {},
      'call_failed',
    ],
  ])('of which its server %s', async (_what, answer, more, outcome) => {
    const { outcomes } = await trying({ introspectionEndpoint: INTROSPECTION, ...more }, (world) => {
      world.introspect = () => answer;
    });
    expect(outcomes).toEqual([outcome]);
  });

  it('that is not active may be one that the client must not ask about, which is said, too', async () => {
    const { telemetry } = await trying({ introspectionEndpoint: INTROSPECTION }, (world) => {
      world.introspect = () => ({ kind: 'answered', httpStatus: 200, active: false });
    });
    expect(telemetry.failures).toMatchObject([
      { code: 'call_failed', action: expect.stringMatching(/may ask about its own tokens/) },
    ]);
  });

  it('is asked about by the client that the grant has, whose secret is held', async () => {
    const held: string[] = [];
    await trying({ introspectionEndpoint: INTROSPECTION }, (world) => {
      world.introspect = () => {
        held.push(...world.held);
        return { kind: 'answered', httpStatus: 200, active: true };
      };
    });
    expect(held).toContain(SECRET);
  });
});
