import { describe, expect, it } from 'vitest';
import type { RefreshCall, TokenAnswer } from '../../../../src/lib/oauth/ports.ts';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { openEvidence } from '../../../../src/lib/refresh/openEvidence.ts';
import { readAnswer } from '../../../fakes/readAnswer.ts';
import { failure } from '../../../fakes/refresh/fakeControlStore.ts';
import { fakeEnvelope } from '../../../fakes/refresh/fakeTokenSeal.ts';
import { runHealthy } from '../../../fakes/refresh/healthyRuns.ts';
import {
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, changeAnswers, portsAtOnce, recordOf } from '../../../fakes/refresh/worldEvents.ts';

const STRICT: RotationClass = { kind: 'strict' };

type Answering = (answer: TokenAnswer, call: RefreshCall) => TokenAnswer | Promise<TokenAnswer>;

/** What the server says reaches the worker changed, the first `times` times. */
const changed = (rotation: RotationClass, change: Answering, times = 1): RefreshWorld => {
  const world = refreshWorld(rotation);
  let left = times;
  changeAnswers(world, (answer, call) => (left-- > 0 ? change(answer, call) : answer));
  return world;
};

const read = (httpStatus: number, body: unknown, { profile, refreshToken }: RefreshCall): TokenAnswer =>
  readAnswer(httpStatus, body, profile, { sent: refreshToken });

const inAnObject: Answering = (answer, call) =>
  read(
    200,
    { access_token: 'AT', refresh_token: { token: answer.kind === 'tokens' && answer.refreshToken } },
    call,
  );

describe('an answer whose refresh token cannot be read', () => {
  it('is never taken for "the old one stays" at a strict provider, and is sealed aside for a person', async () => {
    const world = changed(STRICT, inAnObject);
    const { outcome } = await runSolo(world);
    expect(outcome).toMatchObject({ kind: 'ambiguous', message: expect.stringContaining('crm~unread') });
    expect(world.control.body).toContain('"intent"');
    const [aside, ...more] = world.fallback.aside;
    expect(more).toEqual([]);
    expect(aside?.id).toBe('crm~unread');
    const issued = world.server.state.issued.at(-1) ?? '';
    const { fallback, seal } = portsAtOnce(world);
    const text = expect.stringContaining(issued);
    const answers = [{ seq: expect.any(Number), text }];
    expect(await openEvidence({ fallback, seal }, 'crm')).toMatchObject({ ok: true, answers, unopened: 0 });
    expect(await seal.unseal(aside?.envelope ?? '', 'crm')).toMatchObject({ ok: false });
  });

  it('stays there when somebody else put rubbish beside it, and when the key is away', async () => {
    const world = changed(STRICT, inAnObject);
    await runSolo(world);
    const { fallback, seal } = portsAtOnce(world);
    world.fallback.aside.push({ id: 'x', envelope: fakeEnvelope('another', 9, 'x') });
    expect(await openEvidence({ fallback, seal }, 'crm')).toMatchObject({
      answers: [{ seq: expect.any(Number) }],
      unopened: 1,
    });
    const away = { ...seal, unseal: async () => failure('seal', 'key_gone') };
    expect(await openEvidence({ fallback, seal: away }, 'crm')).toMatchObject({
      ok: false,
      reason: 'key_gone',
    });
  });

  it('is opened beside an older one whose key is gone for good', async () => {
    const world = changed(STRICT, inAnObject);
    await runSolo(world);
    const { fallback, seal } = portsAtOnce(world);
    const old = fakeEnvelope('crm~unread', 0, 'of another key');
    world.fallback.aside.push({ id: 'old', envelope: old });
    const unseal: typeof seal.unseal = async (envelope, subject) =>
      envelope === old ? failure('seal', 'key_gone') : seal.unseal(envelope, subject);
    expect(await openEvidence({ fallback, seal: { ...seal, unseal } }, 'crm')).toMatchObject({
      answers: [{ seq: expect.any(Number) }],
      unopened: 1,
    });
  });

  it('is reported as before, and costs nothing else, where it cannot be sealed aside', async () => {
    const world = changed(STRICT, inAnObject);
    const { outcome } = await runSolo(world, {
      beforeCall: (_index, name) => {
        if (name === 'server.refresh') world.fallback.down = true;
      },
    });
    expect(outcome).toMatchObject({
      kind: 'ambiguous',
      message: expect.stringContaining('could not be kept'),
    });
  });
});

it('the good token is never covered by what an error says', async () => {
  const error = { error: 'temporarily_unavailable', errors: { refresh_token: 'could-not-be-checked' } };
  const world = refreshWorld(STRICT);
  breakPort(world, 'server', () => ({ refresh: async (call) => read(503, error, call) }));
  expect((await runSolo(world)).outcome).toMatchObject({ code: 'server_unavailable' });
  expect(storedTokenWorks(world)).toBe(true);
});

it.each(['keeps_old', 'static'] as const)(
  'an answer that never comes leaves nothing to be found out where the old token stays good (%s)',
  async (kind) => {
    const world = refreshWorld({ kind });
    changeAnswers(world, () => ({ kind: 'ambiguous', reason: 'timeout' }));
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'transient_failure', code: 'answer_lost' });
    expect(recordOf(world).phase).toEqual({ state: 'idle' });
  },
);

describe('a proxy that fails after the server has rotated', () => {
  it('is reported as a lost answer at a strict provider, before anything is sent again', async () => {
    const world = changed(STRICT, (_, call) => read(503, '<html>upstream</html>', call));
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'ambiguous', code: 'answer_lost' });
    await runHealthy(world, 50 * 60_000);
    expect(world.server.state.requests).toBe(1);
    await runHealthy(world, 20 * 60_000);
    expect(world.server.state.requests).toBe(2);
    expect(world.control.body).toContain('answer_lost');
  });
});

describe('a strict provider that fails at every try', () => {
  it('is asked less and less often, and the words say so', async () => {
    const world = changed(STRICT, (_, call) => read(500, { error: 'server_error' }, call), 999);
    await runSolo(world);
    const requestsADay: number[] = [];
    for (let day = 0; day < 7; day++) {
      const before = world.server.state.requests;
      await runHealthy(world, 24 * 3_600_000);
      requestsADay.push(world.server.state.requests - before);
    }
    expect(Math.max(...requestsADay)).toBeLessThanOrEqual(8);
    expect(requestsADay.slice(-2)).toEqual([1, 1]);
    world.elapsedMs += 25 * 3_600_000;
    const { outcome } = await runSolo(world, { trigger: 'reconcile' });
    expect(outcome).toMatchObject({
      kind: 'ambiguous',
      action: expect.stringContaining('less and less often'),
    });
  });
});

describe('an answer that takes minutes', () => {
  const FOUR_MINUTES_MS = 4 * 60_000;
  const answerLate = (world: RefreshWorld, whileWaiting: () => void): void =>
    changeAnswers(world, async (answer, call) => {
      const { everyMs = 1, notify } = call.stillWaiting ?? {};
      for (let ms = 0; ms < FOUR_MINUTES_MS; ms += everyMs) {
        world.elapsedMs += everyMs;
        whileWaiting();
        notify?.();
        await undefined;
      }
      return FOUR_MINUTES_MS < call.timeoutMs ? answer : { kind: 'ambiguous', reason: 'timeout' };
    });

  it('is waited for at a strict provider, and nobody else gets the lease meanwhile', async () => {
    const world = refreshWorld(STRICT);
    let lapsed = false;
    answerLate(world, () => {
      lapsed ||= (world.control.lease?.endsMs ?? 0) <= worldNow(world);
    });
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(lapsed).toBe(false);
    expect(storedTokenWorks(world)).toBe(true);
  });

  it('is kept when it comes after the lease was lost to another worker', async () => {
    const world = refreshWorld(STRICT);
    answerLate(world, () => {
      world.control.lease = { id: 'another', endsMs: 0 };
    });
    expect((await runSolo(world)).outcome).toMatchObject({ kind: 'refreshed', rotated: true });
    expect(storedTokenWorks(world)).toBe(true);
  });
});
