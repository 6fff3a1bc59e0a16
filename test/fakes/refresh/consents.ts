import { expect } from 'vitest';
import type { Clock } from '../../../src/lib/kernel/clock.ts';
import { HOUR_MS } from '../../../src/lib/kernel/time.ts';
import { type ConnectOutcome, type Consent, connectGrant } from '../../../src/lib/refresh/connectGrant.ts';
import { copyOf, type RefreshWorld, refreshWorld, wallNow, worldPorts } from './refreshWorld.ts';
import { keptSealed } from './sealedScene.ts';
import { runSolo } from './soloWorker.ts';

export const STATES = ['new', 'alive', 'dead', 'in doubt', 'kept sealed'] as const;
type State = (typeof STATES)[number];

/** A grant that was never connected, one that was refreshed, one whose token is refused, one whose last answer was lost, one whose token is kept beside the vault. */
export const worldOf = async (state: State): Promise<RefreshWorld> => {
  if (state === 'kept sealed') return keptSealed();
  const world = refreshWorld({ kind: 'strict' });
  if (state === 'new') world.vault.versions.length = 0;
  if (state === 'new') return world;
  expect(await runSolo(world)).toMatchObject({ outcome: { kind: 'refreshed' } });
  if (state === 'alive') return world;
  if (state === 'in doubt') {
    world.elapsedMs += HOUR_MS;
    const { calls } = await runSolo(copyOf(world), { trigger: 'manual' });
    await runSolo(world, { trigger: 'manual', crashAfterCalls: calls.indexOf('server.refresh') + 1 });
    return world;
  }
  world.server.consent();
  expect(await runSolo(world, { trigger: 'manual' })).toMatchObject({ outcome: { kind: 'dead' } });
  return world;
};

export const clockOf = (world: RefreshWorld): Clock => ({
  nowEpochMs: () => wallNow(world),
  monotonicMs: () => world.elapsedMs,
  async sleep(ms) {
    world.elapsedMs += ms;
  },
});

export const consentOf = (world: RefreshWorld, calls: string[] = [], account = 'anna'): Consent => ({
  async exchange() {
    calls.push('exchange');
    const answer = {
      kind: 'tokens',
      refreshToken: world.server.consent(),
      accessToken: 'access-token',
      accessTokenExpiresInSeconds: undefined,
      refreshTokenExpiresInSeconds: undefined,
      scope: undefined,
      httpStatus: 200,
      serverDateEpochMs: undefined,
      deviations: [],
    } as const;
    return { ok: true, answer };
  },
  judge: ({ refreshToken = '' }) => ({ ok: true, refreshToken, account }),
});

/** Runs one attempt; the process ends once so many calls took effect. */
export const connectUntil = (
  world: RefreshWorld,
  crashAfterCalls = Number.POSITIVE_INFINITY,
  beforeCall: (name: string, calls: readonly string[]) => void = () => undefined,
  account?: string,
): Promise<{ readonly outcome: ConnectOutcome | 'crashed'; readonly calls: readonly string[] }> =>
  new Promise((resolve, reject) => {
    const calls: string[] = [];
    const never = new Promise<never>(() => {});
    const call = async <T>(name: string, effect: () => T): Promise<T> => {
      if (calls.length >= crashAfterCalls) {
        resolve({ outcome: 'crashed', calls });
        return never;
      }
      beforeCall(name, calls);
      calls.push(name);
      return effect();
    };
    const { grant, profile } = world;
    const consent = consentOf(world, calls, account);
    connectGrant(worldPorts(world, call, clockOf(world)), { grant, profile }, consent).then(
      (outcome) => resolve({ outcome, calls }),
      reject,
    );
  });

/** The app runs on, until everything that a crash left behind is settled. */
export const runOn = async (world: RefreshWorld): Promise<void> => {
  for (let run = 0; run < 4; run++) {
    world.elapsedMs += HOUR_MS;
    await runSolo(world, { trigger: 'reconcile' });
  }
};
