import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../../src/lib/kernel/time.ts';
import { envelopeSeq } from '../../../../src/lib/stores/rules/sealedEnvelope.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { fakeEnvelope } from '../../../fakes/refresh/fakeTokenSeal.ts';
import { endOutages } from '../../../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { crashBehind, runSolo, runWithOutage } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, mend } from '../../../fakes/refresh/worldEvents.ts';

const DAMAGED = 0;

/** Both stores are down from the answer on, until the worker gives up: only the fallback store has the token. */
const tokenInFallback = async (): Promise<RefreshWorld> => {
  const world = refreshWorld({ kind: 'strict' });
  await runWithOutage(world, ['vault', 'control']);
  expect(world.fallback.items).toHaveLength(1);
  return world;
};

const withSeq = (world: RefreshWorld, seq: number, content: unknown): void =>
  void world.fallback.items.unshift({ id: `of seq ${seq}`, envelope: fakeEnvelope('crm', seq, content) });

/** Envelopes of this sequence number and above cannot be opened for as long as their key is away. */
const withoutKeyFrom = (world: RefreshWorld, seq: number): void => {
  breakPort(world, 'seal', ({ unseal }) => ({
    unseal: async (envelope, grantId) =>
      envelopeSeq(envelope) >= seq ? failure('seal', 'key_gone') : unseal(envelope, grantId),
  }));
};

it('gives back the newest token that opens, whatever damaged envelope lies above it', async () => {
  const world = await tokenInFallback();
  withSeq(world, 999, DAMAGED);
  world.elapsedMs += 20 * MINUTE_MS;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(storedTokenWorks(world)).toBe(true);
});

it('gives back the token below more damaged envelopes than one page holds', async () => {
  const world = await tokenInFallback();
  for (let seq = 900; seq < 910; seq++) withSeq(world, seq, DAMAGED);
  world.elapsedMs += 20 * MINUTE_MS;
  const { outcome, calls } = await runSolo(world);
  expect(outcome).toMatchObject({ kind: 'recovered' });
  expect(calls.filter((name) => name === 'fallback.list')).toHaveLength(4);
  expect(storedTokenWorks(world)).toBe(true);
});

it('waits for a person, and says so, where more rubbish lies on top than one attempt gets through', async () => {
  const world = await tokenInFallback();
  for (let seq = 900; seq < 930; seq++) withSeq(world, seq, DAMAGED);
  world.elapsedMs += 70 * MINUTE_MS;
  const { outcome, calls } = await runSolo(world);
  expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'fallback_tampered' });
  expect(calls).not.toContain('server.refresh');
  world.fallback.items = world.fallback.items.filter(({ id }) => !id.startsWith('of seq'));
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(storedTokenWorks(world)).toBe(true);
});

it('gives back no token while one above it waits for its key: the lower one has been spent', async () => {
  const world = await tokenInFallback();
  withSeq(world, 999, 'the newest token');
  withoutKeyFrom(world, 999);
  world.elapsedMs += 20 * MINUTE_MS;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'ambiguous' });
  mend(world);
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(world.vault.versions.at(-1)?.value).toBe('the newest token');
});

const isDown = (world: RefreshWorld) =>
  breakPort(world, 'fallback', () => ({ list: async () => failure('fallback', 'unavailable') }));

it.each([
  ['it cannot be asked', 'fallback_unavailable', isDown],
  ['the key of the successor is away', 'seal_key_gone', withoutKeyFrom],
])('keeps the old token from being sent while %s, past the last resort too', async (_, code, fail) => {
  const world = await tokenInFallback();
  world.elapsedMs += 70 * MINUTE_MS;
  fail(world, 0);
  const { outcome, calls } = await runSolo(world);
  expect(outcome).toMatchObject({ kind: 'transient_failure', code });
  expect(calls).not.toContain('server.refresh');
  mend(world);
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(storedTokenWorks(world)).toBe(true);
});

it('holds nobody up inside a grace window, where the old token may be sent all the same', async () => {
  const world = refreshWorld({ kind: 'grace', graceSeconds: 600 });
  await crashBehind(world, 'server.refresh');
  world.elapsedMs += 2 * MINUTE_MS;
  world.fallback.down = true;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed' });
  expect(storedTokenWorks(world)).toBe(true);
});

const fail = () => Promise.reject(new Error('this never happens'));

describe('with a new token in hand, a port that throws although it promises not to', () => {
  it('does not lose it when reporting the call fails after its response came', async () => {
    const world = refreshWorld({ kind: 'strict' });
    breakPort(world, 'telemetry', () => ({ httpCall: async (_call, run) => run().then(fail) }));
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('does not lose it when the fallback store throws while both stores are down', async () => {
    const world = refreshWorld({ kind: 'strict' });
    breakPort(world, 'fallback', () => ({ put: fail }));
    let answeredMs: number | undefined;
    const { outcome } = await runSolo(world, {
      beforeCall: (_index, name) => {
        if (name === 'server.refresh') {
          answeredMs = world.elapsedMs;
          world.vault.down = true;
          world.control.down = true;
        } else if (answeredMs !== undefined && world.elapsedMs - answeredMs > 30_000) endOutages(world);
      },
    });
    expect(outcome).toMatchObject({ kind: 'refreshed' });
    expect(storedTokenWorks(world)).toBe(true);
  });
});
