import type { Clock } from '../../../src/lib/kernel/clock.ts';
import type { RefreshTrigger } from '../../../src/lib/oauth/rules/refreshTriggers.ts';
import { refreshGrant } from '../../../src/lib/refresh/refreshGrant.ts';
import type { RefreshOutcome } from '../../../src/lib/refresh/refreshOutcome.ts';
import type { AccessTokenWish } from '../../../src/lib/refresh/rules/accessToken.ts';
import { copyOf, type RefreshWorld, wallNow, worldPorts } from './refreshWorld.ts';

const CALL_MS = 20;

/** One call of a worker to the outside, as the crash table names it. */
export interface SoloRun {
  readonly outcome: RefreshOutcome | 'crashed';
  /** Names of the port calls that took effect, in order. */
  readonly calls: readonly string[];
}

export interface SoloOptions {
  readonly trigger?: RefreshTrigger;
  readonly wish?: AccessTokenWish | undefined;
  /** The process ends once this many calls took effect (0: before the first); absent: it does not. */
  readonly crashAfterCalls?: number | undefined;
  /** Once the token was sent, writes to the control record take effect after everything else that is under way. */
  readonly slowRecord?: boolean | undefined;
  /** The process is told to end before this call takes effect (0: the first); absent: it is not. */
  readonly stopBeforeCall?: number | undefined;
  /** Called before the effect of each call, with its index and name: the place to start an outage. */
  readonly beforeCall?: ((index: number, name: string) => void | Promise<void>) | undefined;
  /** Called when so many calls took effect: a copy of the world made here is what a crash at this point leaves. */
  readonly afterCalls?: ((count: number) => void) | undefined;
}

/** Runs one worker alone, time passing with each call and each wait. A crash abandons it where it stands. */
export const runSolo = (world: RefreshWorld, options: SoloOptions = {}): Promise<SoloRun> => {
  const calls: string[] = [];
  const {
    trigger = 'due',
    wish,
    crashAfterCalls,
    stopBeforeCall,
    beforeCall,
    afterCalls,
    slowRecord = false,
  } = options;
  const stop = new AbortController();
  return new Promise((resolve, reject) => {
    let crashed = false;
    const never = new Promise<never>(() => {});
    const crash = () => {
      crashed = true;
      resolve({ outcome: 'crashed', calls });
      return never;
    };
    const call = async <T>(name: string, effect: () => T): Promise<T> => {
      if (slowRecord && name === 'control.write' && calls.includes('server.refresh')) await manyTurns();
      if (crashed) return never;
      if (crashAfterCalls !== undefined && calls.length >= crashAfterCalls) return crash();
      if (calls.length === stopBeforeCall) stop.abort();
      const before = beforeCall?.(calls.length, name);
      // Only then: another turn would change the order of calls that are under way side by side.
      if (before !== undefined) await before;
      if (crashed) return never;
      calls.push(name);
      world.elapsedMs += CALL_MS;
      const result = effect();
      afterCalls?.(calls.length);
      if (crashAfterCalls !== undefined && calls.length >= crashAfterCalls) return crash();
      return result;
    };
    const clock: Clock = {
      nowEpochMs: () => wallNow(world),
      monotonicMs: () => world.elapsedMs - world.sleptMs,
      sleep: async (ms) => {
        if (crashed) return never;
        world.elapsedMs += ms;
        return undefined;
      },
    };
    const { grant, profile } = world;
    refreshGrant(worldPorts(world, call, clock), { grant, profile, trigger, wish, stop: stop.signal }).then(
      (outcome) => resolve({ outcome, calls }),
      reject,
    );
  });
};

/** Runs a worker that ends so many calls behind its first one of that name. */
export const crashBehind = async (
  world: RefreshWorld,
  name: string,
  more = 0,
  options: SoloOptions = {},
): Promise<SoloRun> => {
  const { calls } = await runSolo(copyOf(world), options);
  if (!calls.includes(name)) throw new Error(`no worker calls ${name} here`);
  return runSolo(world, { ...options, crashAfterCalls: calls.indexOf(name) + 1 + more });
};

/** Runs a worker that cannot reach these stores once it has sent the token; they are back when it has given up. */
export const runWithOutage = async (
  world: RefreshWorld,
  stores: readonly ('vault' | 'control')[],
  options: SoloOptions = {},
): Promise<SoloRun> => {
  const run = await runSolo(world, {
    ...options,
    beforeCall: (_index, name) => {
      if (name === 'server.refresh') for (const store of stores) world[store].down = true;
    },
  });
  for (const store of stores) world[store].down = false;
  return run;
};

/** Lets every other promise that can go on go on first. */
const manyTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn++) await undefined;
};
