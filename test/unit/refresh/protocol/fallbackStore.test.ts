import { expect, it } from 'vitest';
import { envelopeSeq } from '../../../../src/lib/refresh/rules/sealedEnvelope.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { fakeEnvelope } from '../../../fakes/refresh/fakeTokenSeal.ts';
import { endOutages } from '../../../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';

const MINUTE_MS = 60_000;
const DAMAGED = 0;

/** Both stores are down from the answer on, until the worker gives up: only the fallback store has the token. */
const tokenInThirdSink = async (): Promise<RefreshWorld> => {
  const world = refreshWorld({ kind: 'strict' });
  await runSolo(world, {
    beforeCall: (_index, name) => {
      if (name !== 'server.refresh') return;
      world.vault.down = true;
      world.control.down = true;
    },
  });
  expect(world.fallback.items).toHaveLength(1);
  endOutages(world);
  return world;
};

const withSeq = (world: RefreshWorld, seq: number, content: unknown): void =>
  void world.fallback.items.unshift({ id: `of seq ${seq}`, envelope: fakeEnvelope('crm', seq, content) });

/** Envelopes of this sequence number and above cannot be opened for as long as their key is away. */
const withoutKeyFrom = (world: RefreshWorld, seq: number): void => {
  world.sabotage = (ports) => ({
    ...ports,
    seal: {
      ...ports.seal,
      unseal: async (envelope, grantId) =>
        envelopeSeq(envelope) >= seq ? failure('seal', 'key_gone') : ports.seal.unseal(envelope, grantId),
    },
  });
};

it('gives back the newest token that opens, whatever damaged envelope lies above it', async () => {
  const world = await tokenInThirdSink();
  withSeq(world, 999, DAMAGED);
  world.elapsedMs += 20 * MINUTE_MS;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(storedTokenWorks(world)).toBe(true);
});

it('gives back the token below more damaged envelopes than one page holds', async () => {
  const world = await tokenInThirdSink();
  for (let seq = 900; seq < 910; seq++) withSeq(world, seq, DAMAGED);
  world.elapsedMs += 20 * MINUTE_MS;
  const { outcome, calls } = await runSolo(world);
  expect(outcome).toMatchObject({ kind: 'recovered' });
  expect(calls.filter((name) => name === 'fallback.list')).toHaveLength(4);
  expect(storedTokenWorks(world)).toBe(true);
});

it('waits for a person, who is told, where more rubbish lies on top than one look gets through', async () => {
  const world = await tokenInThirdSink();
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
  const world = await tokenInThirdSink();
  withSeq(world, 999, 'the newest token');
  withoutKeyFrom(world, 999);
  world.elapsedMs += 20 * MINUTE_MS;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'ambiguous' });
  world.sabotage = (ports) => ports;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(world.vault.versions.at(-1)?.value).toBe('the newest token');
});

it('keeps the old token from being sent while it cannot be asked, past the last resort too', async () => {
  const world = await tokenInThirdSink();
  world.elapsedMs += 70 * MINUTE_MS;
  world.fallback.down = true;
  const { outcome, calls } = await runSolo(world);
  expect(outcome).toMatchObject({ kind: 'transient_failure', code: 'fallback_unavailable' });
  expect(calls).not.toContain('server.refresh');
  world.fallback.down = false;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(storedTokenWorks(world)).toBe(true);
});

it('keeps the old token from being sent while the key of its successor is away', async () => {
  const world = await tokenInThirdSink();
  world.elapsedMs += 70 * MINUTE_MS;
  withoutKeyFrom(world, 0);
  const { outcome, calls } = await runSolo(world);
  expect(outcome).toMatchObject({ code: 'seal_key_gone' });
  expect(calls).not.toContain('server.refresh');
  world.sabotage = (ports) => ports;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'recovered' });
  expect(storedTokenWorks(world)).toBe(true);
});

it('holds nobody up inside a grace window, where the old token may be sent all the same', async () => {
  const world = refreshWorld({ kind: 'grace', graceSeconds: 600 });
  const { calls } = await runSolo(refreshWorld({ kind: 'grace', graceSeconds: 600 }));
  await runSolo(world, { crashAfterCalls: calls.indexOf('server.refresh') + 1 });
  world.elapsedMs += 2 * MINUTE_MS;
  world.fallback.down = true;
  expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed' });
  expect(storedTokenWorks(world)).toBe(true);
});
