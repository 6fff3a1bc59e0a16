import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../../src/lib/kernel/time.ts';
import type { TokenAnswer } from '../../../../src/lib/oauth/ports.ts';
import type { RotationClass } from '../../../../src/lib/oauth/rules/providerProfile.ts';
import { runTimer } from '../../../fakes/refresh/healthyRuns.ts';
import { type RefreshWorld, refreshWorld } from '../../../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../../../fakes/refresh/soloWorker.ts';
import { breakPort, refusal } from '../../../fakes/refresh/worldEvents.ts';

const PERIOD_MS = 600_000;
const ANSWERS: Readonly<Record<string, TokenAnswer>> = {
  'the client is refused': refusal({ oauthError: 'invalid_client', httpStatus: 401, class: 'client' }),
  'the server asks to come back much later': refusal({
    httpStatus: 429,
    class: 'retry_later',
    retryAfterSeconds: 10 ** 9,
  }),
  'nothing can be sent': { kind: 'not_sent', reason: 'no connection to the token endpoint' },
  'no answer comes': { kind: 'ambiguous', reason: 'no complete answer within the timeout' },
};
const CLASSES: readonly RotationClass[] = [
  { kind: 'static' },
  { kind: 'keeps_old' },
  { kind: 'grace', graceSeconds: 600 },
  { kind: 'strict' },
];

/** Requests and new versions on each day after a grant with a life of 30 days was refreshed once. */
const daysOf = async (rotation: RotationClass, answer: TokenAnswer, days: number) => {
  const healthy = refreshWorld(rotation);
  const world: RefreshWorld = { ...healthy, profile: { ...healthy.profile, idleDays: 30 } };
  await runSolo(world);
  let requests = 0;
  breakPort(world, 'server', () => ({
    refresh: async () => {
      requests++;
      return answer;
    },
  }));
  const startMs = world.elapsedMs;
  const perDay: { requests: number; versions: number }[] = [];
  for (let day = 1; day <= days; day++) {
    const before = { requests, versions: world.vault.versions.length };
    for (; world.elapsedMs < startMs + day * DAY_MS; world.elapsedMs += PERIOD_MS) await runTimer(world);
    perDay.push({
      requests: requests - before.requests,
      versions: world.vault.versions.length - before.versions,
    });
  }
  return perDay;
};

describe('a grant that cannot be refreshed', () => {
  for (const [what, answer] of Object.entries(ANSWERS)) {
    for (const rotation of CLASSES) {
      it(`is tried once a day at most after its deadline, and makes no versions: ${what} (${rotation.kind})`, async () => {
        const perDay = await daysOf(rotation, answer, 45);
        const tried = perDay.slice(12, 30).reduce((sum, { requests }) => sum + requests, 0);
        expect(tried).toBeGreaterThan(10);
        // Repetitions inside one attempt, where the provider accepts them, are one attempt.
        const most = answer.kind === 'ambiguous' && rotation.kind !== 'strict' ? 3 : 1;
        for (const { requests } of perDay.slice(31)) expect(requests).toBeLessThanOrEqual(most);
        expect(perDay.slice(31).some(({ requests }) => requests > 0)).toBe(true);
        expect(perDay.reduce((sum, { versions }) => sum + versions, 0)).toBeLessThanOrEqual(1);
      });
    }
  }
});
