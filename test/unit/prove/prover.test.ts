import { describe, expect, it } from 'vitest';
import type { ConfiguredClient } from '../../../src/lib/prove/configuredClient.ts';
import { createProver } from '../../../src/lib/prove/prover.ts';
import {
  issued,
  type ProofWorld,
  proofWorld,
  provenClient,
  provenKey,
  refusedToken,
} from '../../fakes/prove.ts';

const DAILY = { dailyReportHourUtc: 5, vaultName: () => 'kv-clients', isConfiguredName: () => false };
const proverOf = (world: ProofWorld, clients: readonly ConfiguredClient[], more: object = {}) =>
  createProver({ clients, ...DAILY, ...more }, world.ports);
const hoursAgo = ({ clock }: ProofWorld, hours: number) => clock.nowEpochMs() - hours * 3_600_000;
const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => provenClient({ id: `c${index}` }));

describe('a run of all proofs', () => {
  it('tells of each client where it stands, and that the run ended', async () => {
    const world = proofWorld();
    const summary = await proverOf(world, [provenClient(), provenKey()]).proveAll(hoursAgo(world, 1), 1800);
    expect(summary).toEqual({ clients: 2, proven: 2, left: 0, others: [] });
    expect(world.telemetry.eventsNamed('keywatch.credential.proved')).toMatchObject([
      { credentialId: 'client/weather', outcome: 'proven', class: 'ok' },
      { credentialId: 'client/orders', outcome: 'proven', class: 'ok', owner: 'team-orders' },
    ]);
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { job: 'credential-proof', mode: 'timer', outcome: 'complete', objects: 2, periodSeconds: 1800 },
    ]);
    expect(world.telemetry.failures).toEqual([]);
  });

  it('tells of a refusal with an exception that names credential, owner and what to do', async () => {
    const world = proofWorld();
    world.token = () => refusedToken;
    await proverOf(world, [provenClient({ displayName: 'Orders' })]).proveAll(hoursAgo(world, 1));
    expect(world.telemetry.eventsNamed('keywatch.credential.proved')).toMatchObject([
      {
        ...{
          outcome: 'credential_wrong',
          class: 'authentication',
          permanence: 'permanent',
          whoActs: 'owner',
        },
        ...{ oauthError: 'invalid_client', httpStatus: 401, numbers: '7000215', requestId: 'r-1' },
      },
    ]);
    expect(world.telemetry.failures).toMatchObject([
      {
        code: 'credential_wrong',
        message: expect.stringMatching(/client\/orders \(Orders\).*owner is team-orders/),
        action: expect.stringMatching(/new secret/),
        subject: { credentialId: 'client/orders', vault: 'kv-clients', owner: 'team-orders' },
      },
    ]);
  });

  it('reports no exception for a credential that is only too new', async () => {
    const world = proofWorld();
    world.token = () => refusedToken;
    world.secret = { value: 'fresh-secret', createdEpochMs: world.clock.nowEpochMs() - 1000 };
    const { others } = await proverOf(world, [provenClient()]).proveAll(hoursAgo(world, 1));
    expect([others, world.telemetry.failures]).toEqual([[{ id: 'orders', outcome: 'settling' }], []]);
  });

  it('that could not ask is a failed run', async () => {
    const world = proofWorld();
    world.secret = { failure: 'forbidden' };
    await proverOf(world, [provenClient()]).proveAll(hoursAgo(world, 1));
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([
      { outcome: 'failed', reason: 'not_asked' },
    ]);
  });

  it('sends its heartbeat where no client is configured, so that its silence means something', async () => {
    const world = proofWorld();
    const prover = createProver({ clients: [], ...DAILY }, { ...world.ports, prove: undefined });
    expect(await prover.proveAll(undefined)).toMatchObject({ clients: 0, left: 0 });
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toHaveLength(1);
  });

  it('finds out once a day whether the calls can fail, and then tells the findings', async () => {
    const world = proofWorld();
    world.token = () => issued('opaque');
    const silent = provenClient({ call: { url: 'https://open.example' } });
    world.answer = () => ({ kind: 'answered', httpStatus: 200 });
    const prover = proverOf(world, [silent]);
    await prover.proveAll(hoursAgo(world, 1));
    expect([world.calls.length, world.telemetry.eventsNamed('keywatch.finding.observed')]).toEqual([1, []]);
    await prover.proveAll(hoursAgo(world, 24));
    expect(world.telemetry.eventsNamed('keywatch.finding.observed')).toMatchObject([
      { credentialId: 'client/orders', vault: 'kv-clients', finding: 'proof_proves_nothing' },
    ]);
  });

  it('goes on asking whether a call can fail that could not, so that a key is never proven by it', async () => {
    const world = proofWorld();
    world.answer = () => ({ kind: 'answered', httpStatus: 200 });
    const prover = proverOf(world, [provenKey()]);
    const outcomes = [];
    for (const hours of [24, 1, 1])
      outcomes.push((await prover.proveAll(hoursAgo(world, hours))).others[0]?.outcome);
    expect(outcomes).toEqual(['call_proves_nothing', 'call_proves_nothing', 'call_proves_nothing']);
    expect(world.telemetry.eventsNamed('keywatch.finding.observed')).toHaveLength(1);
  });

  it('says of a refused key where a new one belongs', async () => {
    const world = proofWorld();
    world.answer = () => ({ kind: 'answered', httpStatus: 401 });
    await proverOf(world, [provenKey()]).proveAll(hoursAgo(world, 1));
    const [{ outcome, action } = {}] = world.telemetry.eventsNamed('keywatch.credential.proved');
    expect(outcome).toBe('call_refused');
    expect(action).toMatch(/^Get a new key .+ write it into secret oauth-weather of kv-clients/);
  });

  it('does not take a key for proven where its call answers everybody, and once says nothing without it', async () => {
    const world = proofWorld();
    let without: number[] = [];
    world.answer = ({ headers }) => ({
      kind: 'answered',
      httpStatus: headers['x-api-key'] === undefined ? (without.shift() ?? 401) : 200,
    });
    const prover = proverOf(world, [provenKey()]);
    const outcomeAfter = async (hours: number) => {
      await prover.proveAll(hoursAgo(world, hours));
      return world.telemetry.eventsNamed('keywatch.credential.proved').at(-1)?.['outcome'];
    };
    without = [200, 503, 401, 503];
    expect([await outcomeAfter(1), await outcomeAfter(1), await outcomeAfter(1)]).toEqual([
      'call_proves_nothing',
      'call_failed',
      'proven',
    ]);
    // It can fail, as is known now for a day.
    expect([await outcomeAfter(1), without]).toEqual(['proven', [503]]);
  });

  it('has sixteen proofs under way at most', async () => {
    const world = proofWorld();
    let [now, most] = [0, 0];
    world.token = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return issued();
    };
    expect((await proverOf(world, numbered(40)).proveAll(hoursAgo(world, 1))).proven).toBe(40);
    expect(most).toBe(16);
  });

  it('says nothing of what the end of the process cut off', async () => {
    const world = proofWorld();
    const end = new AbortController();
    world.token = () => {
      end.abort();
      return { ...refusedToken, code: 'unavailable', retryable: true };
    };
    const { left } = await proverOf(world, numbered(30), { ending: end.signal }).proveAll(hoursAgo(world, 1));
    expect(left).toBeGreaterThan(0);
    expect([world.telemetry.eventsNamed('keywatch.credential.proved'), world.telemetry.failures]).toEqual([
      [],
      [],
    ]);
  });

  it('is one run, whoever asks while it is under way', async () => {
    const world = proofWorld();
    const prover = proverOf(world, numbered(3));
    const [one, other] = await Promise.all([prover.proveAll(undefined), prover.proveAll(undefined)]);
    expect(one).toBe(other);
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toHaveLength(1);
  });

  it('leaves what it cannot begin in time, and says so', async () => {
    const world = proofWorld();
    world.token = async () => {
      await world.clock.advance(21 * 60_000);
      return issued();
    };
    const { left } = await proverOf(world, numbered(20)).proveAll(hoursAgo(world, 1));
    expect(left).toBe(4);
    expect(world.telemetry.eventsNamed('keywatch.run.completed')).toMatchObject([{ outcome: 'failed' }]);
  });

  it('lets a defect of one proof keep nobody else from theirs', async () => {
    const world = proofWorld();
    world.token = (_context, clientId) => {
      if (clientId === 'broken') throw new Error('a defect');
      return issued();
    };
    const [first] = numbered(1);
    if (first?.subject.kind !== 'client') throw new Error('a client is wanted');
    const { client } = first.subject;
    const broken = { ...first, subject: { ...first.subject, client: { ...client, clientId: 'broken' } } };
    const { proven, left } = await proverOf(world, [broken, provenKey()]).proveAll(hoursAgo(world, 1));
    expect([proven, left]).toEqual([1, 1]);
    expect(world.telemetry.failures).toMatchObject([
      { code: 'turn_failed', subject: { credentialId: 'client/c0' } },
    ]);
  });

  it('registers every secret and token, and forgets each only when its own proof has ended', async () => {
    const world = proofWorld();
    const seen: number[] = [];
    world.token = async () => {
      seen.push(world.held.length);
      await new Promise((resolve) => setImmediate(resolve));
      return issued();
    };
    await proverOf(world, numbered(100)).proveAll(hoursAgo(world, 1));
    expect(Math.min(...seen)).toBeGreaterThan(0);
    expect(world.held).toEqual([]);
  });
});

describe('one proof by hand', () => {
  it('is complete, with the call that should fail', async () => {
    const proof = await proverOf(proofWorld(), [provenClient()]).prove('orders');
    expect(proof?.steps.map(({ name }) => name)).toContain('call without it');
  });

  it('is none where the config does not name the client', async () => {
    expect(await proverOf(proofWorld(), [provenClient()]).prove('other')).toBeUndefined();
  });
});
