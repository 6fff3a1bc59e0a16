import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { GRANT_TAGS } from '../../../src/lib/oauth/rules/grantTagNames.ts';
import { mayConnect } from '../../../src/lib/refresh/connectGrant.ts';
import type { FallbackStore } from '../../../src/lib/refresh/ports.ts';
import { highestInFallback } from '../../../src/lib/refresh/protocol/findInFallback.ts';
import { envelopeSeq } from '../../../src/lib/stores/rules/sealedEnvelope.ts';
import { clockOf, connectUntil, runOn, worldOf } from '../../fakes/refresh/consents.ts';
import { fakeEnvelope } from '../../fakes/refresh/fakeTokenSeal.ts';
import { type RefreshWorld, storedTokenWorks } from '../../fakes/refresh/refreshWorld.ts';
import { runSolo, runWithOutage } from '../../fakes/refresh/soloWorker.ts';
import { consentByHand, failRequests, portsAtOnce, recordOf } from '../../fakes/refresh/worldEvents.ts';

/** A grant of whose refreshes the fallback store kept the newest token, and that was given another one since. */
const withKeptToken = async (): Promise<RefreshWorld> => {
  const world = await worldOf('alive');
  world.elapsedMs += HOUR_MS;
  await runWithOutage(world, ['control', 'vault'], { trigger: 'manual' });
  expect(world.fallback.items).toHaveLength(1);
  return world;
};

/** Tags of the first version that a refresh wrote. */
const firstRefreshed = ({ vault }: RefreshWorld): Readonly<Record<string, string>> =>
  vault.versions.find(({ tags }) => tags[GRANT_TAGS.stage] === 'current')?.tags ?? {};

const loseRecord = ({ control }: RefreshWorld): void =>
  void Object.assign(control, { body: undefined, etag: control.etag + 1 });

const loseSecret = ({ vault }: RefreshWorld): void => void vault.versions.splice(0);

/** The next request goes astray; then the app runs on. */
const afterLostRequest = async (world: RefreshWorld): Promise<boolean> => {
  failRequests(world, 'request_lost');
  world.elapsedMs += HOUR_MS;
  expect((await runSolo(world, { trigger: 'manual' })).outcome).toMatchObject({ kind: 'ambiguous' });
  await runOn(world);
  return storedTokenWorks(world);
};

describe('where the control record is lost, what the fallback store kept never covers', () => {
  it.each([
    ['the vault still has its secret', () => undefined],
    ['the secret is gone, too', loseSecret],
  ])('a consent that came since, where %s', async (_, alsoLose) => {
    const world = await withKeptToken();
    await connectUntil(world);
    loseRecord(world);
    alsoLose(world);
    await connectUntil(world);
    expect(await afterLostRequest(world)).toBe(true);
  });

  it.each([
    ['no tags', () => ({})],
    ['the tags of an older version', firstRefreshed],
  ])('a token that a person wrote, with %s', async (_, tagsOf) => {
    const world = await withKeptToken();
    consentByHand(world, { tags: tagsOf(world) });
    loseRecord(world);
    expect(await afterLostRequest(world)).toBe(true);
  });
});

it('a first token waits while the fallback store cannot say what it kept', async () => {
  const world = await withKeptToken();
  consentByHand(world);
  loseRecord(world);
  world.fallback.down = true;
  const { outcome, calls } = await runSolo(world, { trigger: 'manual' });
  expect(outcome).toMatchObject({ kind: 'transient_failure', code: 'fallback_unavailable' });
  expect(calls).not.toContain('server.refresh');
  world.fallback.down = false;
  expect(await afterLostRequest(world)).toBe(true);
});

it('no person is asked for a consent, and no code exchanged, while the fallback store cannot say what it kept', async () => {
  const world = await withKeptToken();
  const failure = { code: 'fallback_unavailable' };
  const mayBeAsked = () => mayConnect(portsAtOnce(world, clockOf(world)), world);
  world.fallback.down = true;
  expect(await mayBeAsked()).toMatchObject({ ok: true });
  loseRecord(world);
  expect(await mayBeAsked()).toMatchObject(failure);
  const { outcome, calls } = await connectUntil(world);
  expect(outcome).toMatchObject({ kind: 'not_connected', failure });
  expect(calls).not.toContain('exchange');
});

it('numbers that nobody can have counted to are passed over, on more pages than one', async () => {
  const world = await withKeptToken();
  const keptSeq = envelopeSeq(world.fallback.items[0]?.envelope ?? '');
  for (let kept = 0; kept < 8; kept++) {
    const envelope = fakeEnvelope('crm', 10 ** 15 - 1, 'made up');
    world.fallback.items.unshift({ id: `made up ${kept}`, envelope });
  }
  consentByHand(world);
  loseRecord(world);
  await runSolo(world, { trigger: 'manual' });
  // The person's token has the next number, and the one that its refresh brought the one after that.
  expect(recordOf(world).seq).toBe(keptSeq + 2);
});

it('a low number that is listed first hides none that is higher', async () => {
  const pages = [[2, 3], [9, 8], [4]].map((seqs) =>
    seqs.map((seq) => ({ id: `kept ${seq}`, envelope: fakeEnvelope('crm', seq, 'kept') })),
  );
  const asked: number[] = [];
  const list: FallbackStore['list'] = async (_grantId, aboveSeq, from = '0') => {
    asked.push(aboveSeq);
    const next = aboveSeq < 9 ? String(Number(from) + 1) : undefined;
    return { ok: true, fallback: pages[Number(from)] ?? [], next };
  };
  const found = await highestInFallback({ ports: { fallback: { list } }, grant: { id: 'crm' } }, 1);
  expect(found).toEqual({ ok: true, seq: 9 });
  expect(asked).toEqual([1, 3, 9]);
});
