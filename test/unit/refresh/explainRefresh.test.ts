import { describe, expect, it } from 'vitest';
import { explainRefresh } from '../../../src/lib/refresh/explainRefresh.ts';
import { manualClock } from '../../fakes/manualClock.ts';
import { CLASSES } from '../../fakes/readAnswer.ts';
import { failure } from '../../fakes/refresh/fakeControlStore.ts';
import { handingOut } from '../../fakes/refresh/handingOut.ts';
import {
  copyOf,
  type RefreshWorld,
  refreshWorld,
  worldNow,
  worldPorts,
} from '../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../fakes/refresh/soloWorker.ts';
import { breakPort, failRequests, portsAtOnce } from '../../fakes/refresh/worldEvents.ts';

const READS = new Set(['control.read', 'vault.readLatest', 'vault.listVersions', 'fallback.list']);

/** What a dry run says, and that it did nothing but read. */
const foreseen = async (world: RefreshWorld) => {
  const calls: string[] = [];
  const ports = worldPorts(
    world,
    async (name, effect) => {
      calls.push(name);
      return effect();
    },
    manualClock(worldNow(world)),
  );
  const { would } = await explainRefresh(ports, world);
  expect(calls.filter((name) => !READS.has(name))).toEqual([]);
  return would;
};

it.each(CLASSES)(
  'a dry run says what the next worker does, wherever one before it ended: $kind',
  async (rotation) => {
    const seen = new Set<string>();
    const { calls } = await runSolo(refreshWorld(rotation));
    for (let end = 0; end <= calls.length; end++) {
      const world = refreshWorld(rotation);
      await runSolo(world, { crashAfterCalls: end });
      for (const minutes of [2, 70, 60 * 24 * 60]) {
        const later = copyOf(world);
        later.elapsedMs += minutes * 60_000 + 20 * 60_000;
        const would = await foreseen(later);
        const next = await runSolo(later);
        const where = `ended after ${end} calls, ${minutes} minutes later`;
        seen.add(would);
        const kind = next.outcome === 'crashed' ? 'crashed' : next.outcome.kind;
        expect(next.calls.includes('server.refresh'), where).toBe(would === 'refresh');
        if (would === 'recover') expect(kind, where).toBe('recovered');
        if (would === 'wait') expect(['waiting', 'ambiguous'], where).toContain(kind);
        if (would === 'leave') expect(kind, where).toBe('not_due');
      }
    }
    const possible = rotation.kind === 'static' ? ['refresh', 'leave'] : ['refresh', 'leave', 'recover'];
    expect([...seen]).toEqual(expect.arrayContaining(possible));
  },
);

describe('the explanation of a grant', () => {
  it('says what would be done and why, and does none of it', async () => {
    const world = refreshWorld({ kind: 'strict' });
    const { would, reason, notes } = await explainRefresh(portsAtOnce(world), world);
    expect(would).toBe('refresh');
    expect(reason).toContain('never');
    expect(notes.join(' ')).toContain('prove that the secret can be written');
    expect(world.vault.writes + world.server.state.requests + world.control.leases).toBe(0);
  });

  it('of one that was just refreshed says when it dies and why it is left alone', async () => {
    const world = refreshWorld({ kind: 'strict' });
    await runSolo(world);
    const { would, reason, notes } = await explainRefresh(portsAtOnce(world), world);
    expect(would).toBe('leave');
    expect(reason).toMatch(/^not due for another \d+ days/);
    expect(notes[0]).toMatch(/^Deadline in 89 days/);
  });

  it('of one whose attempt has no end says until when it is waited out', async () => {
    const world = refreshWorld({ kind: 'strict' });
    failRequests(world, 'answer_lost');
    await runSolo(world);
    expect(await explainRefresh(portsAtOnce(world), world)).toMatchObject({ would: 'wait' });
  });

  it.each([
    ['control', 'read'],
    ['vault', 'readLatest'],
  ] as const)('that may not read the %s store says what to do about it', async (store, call) => {
    const world = refreshWorld({ kind: 'strict' });
    const refused = failure(store, 'forbidden');
    breakPort(world, store, () => ({ [call]: async () => refused }));
    const { would, reason, notes } = await explainRefresh(portsAtOnce(world), world);
    expect([would, reason]).toEqual(['unknown', refused.message]);
    expect(notes).toContain(refused.action);
  });
});

it('a dry run says what a consumer of its access tokens would bring about', async () => {
  const world = handingOut(refreshWorld({ kind: 'strict' }));
  const saidOf = async () => (await explainRefresh(portsAtOnce(world), world)).notes.join(' ');
  expect(await saidOf()).toContain('would have it refreshed');
  await runSolo(world);
  expect(await saidOf()).toContain('would have nothing sent');
});
