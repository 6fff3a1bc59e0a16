import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../../src/lib/kernel/time.ts';
import { openAccessToken } from '../../../../src/lib/refresh/accessTokens.ts';
import { accessTokenDigest } from '../../../../src/lib/refresh/protocol/keepAccessToken.ts';
import type { AccessTokenWish } from '../../../../src/lib/refresh/rules/accessToken.ts';
import { CLASSES, STRICT } from '../../../fakes/readAnswer.ts';
import { ACCESS_CANARY, handingOut } from '../../../fakes/refresh/handingOut.ts';
import { type RefreshWorld, refreshWorld, storedTokenWorks } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo, runWithOutage } from '../../../fakes/refresh/soloWorker.ts';
import {
  consentByHand,
  failRequests,
  mend,
  portsAtOnce,
  recordOf,
} from '../../../fakes/refresh/worldEvents.ts';

const ask = (world: RefreshWorld, wish?: AccessTokenWish) =>
  runSolo(world, { trigger: 'access_token', wish }).then(({ outcome }) => outcome);

/** What a consumer would be handed; absent: nothing is on record. */
const opened = async (world: RefreshWorld): Promise<string | undefined> => {
  const { accessToken } = recordOf(world);
  if (accessToken === undefined) return undefined;
  const answer = await openAccessToken(portsAtOnce(world), world.grant.id, accessToken);
  return answer.ok ? answer.accessToken : answer.reason;
};

describe.each(CLASSES)('an access token of a provider that is $kind', (rotation) => {
  it('is on record, sealed, as soon as somebody asks, and the next one asks in vain', async () => {
    const world = handingOut(refreshWorld(rotation));
    expect(await ask(world)).toMatchObject({ kind: 'refreshed' });
    expect(await opened(world)).toBe(`${ACCESS_CANARY}-1`);
    expect(world.control.body).not.toContain(ACCESS_CANARY);
    expect(await ask(world)).toMatchObject({ kind: 'not_due' });
    expect(world.server.state.requests).toBe(1);
  });

  it('is replaced once when a consumer saw it refused, and has a higher number then', async () => {
    const world = handingOut(refreshWorld(rotation));
    await ask(world);
    const before = recordOf(world).accessToken;
    const wish = { minimumSeconds: 0, refused: before?.digest };
    expect(await ask(world, wish)).toMatchObject({ kind: 'refreshed' });
    expect(await ask(world, wish)).toMatchObject({ kind: 'not_due' });
    const after = recordOf(world).accessToken;
    expect(after).toMatchObject({ digest: accessTokenDigest(`${ACCESS_CANARY}-2`), refusals: 1 });
    expect(after?.seq).toBeGreaterThan(before?.seq ?? Number.NaN);
  });
});

describe('an access token', () => {
  it('is written last, when the refresh token is stored and on record', async () => {
    const { calls } = await runSolo(handingOut(refreshWorld(STRICT)));
    expect(calls.slice(-2)).toEqual(['control.write', 'control.release']);
    const world = handingOut(refreshWorld(STRICT));
    await runSolo(world, {
      beforeCall: (index) => {
        if (index !== calls.length - 2) return;
        expect(recordOf(world)).toMatchObject({ phase: { state: 'idle' }, seq: 2 });
        expect([storedTokenWorks(world), recordOf(world).accessToken]).toEqual([true, undefined]);
      },
    });
    expect(await opened(world)).toBe(`${ACCESS_CANARY}-1`);
  });

  it('is kept for nobody where the grant hands none out', async () => {
    const world = refreshWorld(STRICT);
    await runSolo(world);
    expect(recordOf(world).accessToken).toBeUndefined();
    expect(await ask(world)).toMatchObject({ kind: 'not_due' });
  });

  it.each([
    ['is bound to us', { tokenType: 'DPoP' }],
    ['is missing', { accessToken: undefined }],
    ['is as large as an answer may be', { accessToken: 'x'.repeat(1_000_000) }],
  ])('that %s is not kept, and not asked for with every call', async (_why, answered) => {
    const world = handingOut(refreshWorld(STRICT), answered);
    expect(await ask(world)).toMatchObject({ kind: 'refreshed' });
    expect(await opened(world)).toBeUndefined();
    expect(await ask(world)).toMatchObject({ kind: 'not_due' });
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('comes without a scope that would make the record large', async () => {
    const world = handingOut(refreshWorld(STRICT), { scope: 'x '.repeat(500_000) });
    await ask(world);
    expect(await opened(world)).toBe(`${ACCESS_CANARY}-1`);
    expect(world.control.body?.length).toBeLessThan(10_000);
  });

  it('is kept though the vault did not take the refresh token', async () => {
    const world = handingOut(refreshWorld(STRICT));
    await runWithOutage(world, ['vault'], { trigger: 'access_token' });
    expect(recordOf(world)).toMatchObject({ phase: { state: 'sealed' } });
    expect(await opened(world)).toBe(`${ACCESS_CANARY}-1`);
  });

  it('ends with the consent that it came from', async () => {
    const world = handingOut(refreshWorld(STRICT));
    await ask(world);
    consentByHand(world);
    mend(world);
    failRequests(world, 'refused_connection');
    await ask(world);
    expect(recordOf(world).accessToken).toBeUndefined();
  });

  it('counts its life from before it was asked for', async () => {
    const world = handingOut(refreshWorld(STRICT));
    failRequests(world, 'answer_late');
    const { startedAtEpochMs } = await new Promise<{ startedAtEpochMs: number }>((resolve) => {
      void runSolo(world, {
        trigger: 'access_token',
        beforeCall: (_index, name) => {
          const { phase } = name === 'server.refresh' ? recordOf(world) : { phase: undefined };
          if (phase?.state === 'intent') resolve(phase);
        },
      });
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(recordOf(world).accessToken).toMatchObject({
      obtainedAtEpochMs: startedAtEpochMs,
      expiresAtEpochMs: startedAtEpochMs + HOUR_MS,
    });
  });

  it('does not open as a refresh token where a record has to be rebuilt', async () => {
    const world = handingOut(refreshWorld(STRICT));
    await ask(world);
    world.control.body = `${world.control.body} damaged`;
    await runSolo(world, { trigger: 'reconcile' });
    expect(recordOf(world).phase.state).toBe('intent');
  });
});

describe('the full hour', () => {
  it('holds back no consumer, and a cool-down does', async () => {
    const world = handingOut(refreshWorld(STRICT));
    world.elapsedMs += 49 * MINUTE_MS;
    failRequests(world, 'refused_connection');
    expect(await ask(world)).toMatchObject({ kind: 'transient_failure' });
    expect(await ask(world)).toMatchObject({
      kind: 'not_due',
      reason: expect.stringContaining('cools down'),
    });
    world.elapsedMs += 10 * MINUTE_MS;
    expect(await ask(world)).toMatchObject({ kind: 'refreshed' });
  });
});
