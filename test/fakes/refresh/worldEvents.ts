import type { Clock } from '../../../src/lib/kernel/clock.ts';
import type { RefreshCall, TokenAnswer } from '../../../src/lib/oauth/ports.ts';
import type { RefreshPorts } from '../../../src/lib/refresh/ports.ts';
import type { ControlRecord } from '../../../src/lib/refresh/rules/controlRecord.ts';
import type { NewTokenVersion, TokenVersion } from '../../../src/lib/stores/ports.ts';
import { manualClock } from '../manualClock.ts';
import { addVersion } from './fakeTokenStore.ts';
import { runTimer } from './healthyRuns.ts';
import { type RefreshWorld, worldNow, worldPorts } from './refreshWorld.ts';
import type { NetworkFault } from './tokenNetwork.ts';

export const latestVersion = (world: RefreshWorld): TokenVersion => {
  const latest = world.vault.versions.at(-1);
  if (latest === undefined) throw new Error('the secret has no version');
  return latest;
};

/** The control record as it lies in its store. */
export const recordOf = (world: RefreshWorld): ControlRecord => JSON.parse(world.control.body ?? '').record;

/** Somebody writes a version of the secret, without a property but those given. */
export const writeByHand = (
  world: RefreshWorld,
  value: string,
  given: Partial<NewTokenVersion> = {},
): void => {
  const bare = { tags: {}, expiresOnEpochMs: undefined, contentType: undefined };
  addVersion(world.vault, { ...bare, ...given, value }, worldNow(world));
};

/** A person consents again and writes the new token; the one before it is refused from then on. */
export const consentByHand = (world: RefreshWorld, given: Partial<NewTokenVersion> = {}): void =>
  writeByHand(world, world.server.consent(), given);

export const failRequests = (world: RefreshWorld, fault: NetworkFault, requests = 1): void =>
  void Object.assign(world.network, { fault, requestsToFault: requests });

type Breakable = 'clock' | 'control' | 'vault' | 'seal' | 'server' | 'fallback' | 'telemetry';

/** Replaces calls of one port of every worker from now on, until `mend`. */
export const breakPort = <P extends Breakable>(
  world: RefreshWorld,
  port: P,
  broken: (original: RefreshPorts[P]) => Partial<RefreshPorts[P]>,
): void => {
  const before = world.sabotage;
  world.sabotage = (given) => {
    const ports = before(given);
    return { ...ports, [port]: { ...ports[port], ...broken(ports[port]) } };
  };
};

export const mend = (world: RefreshWorld): void => {
  world.sabotage = (ports) => ports;
};

/** What the server says to each request reaches the worker as `change` makes of it. */
export const changeAnswers = (
  world: RefreshWorld,
  change: (answer: TokenAnswer, call: RefreshCall) => TokenAnswer | Promise<TokenAnswer>,
): void =>
  breakPort(world, 'server', ({ refresh }) => ({
    refresh: async (call) => change(await refresh(call), call),
  }));

/** Every request gets this response, and the server sees none. */
export const answerWith = (world: RefreshWorld, answer: TokenAnswer): void =>
  breakPort(world, 'server', () => ({ refresh: async () => answer }));

/** What the server refuses for want of a right setting, with the one change of a test. */
export const refusal = (given: Partial<Extract<TokenAnswer, { kind: 'refused' }>>): TokenAnswer => ({
  kind: 'refused',
  oauthError: undefined,
  httpStatus: 400,
  class: 'configuration',
  retryAfterSeconds: undefined,
  ...given,
});

/** The ports of a worker whose calls take no time. */
export const portsAtOnce = (world: RefreshWorld, clock: Clock = manualClock(worldNow(world))) =>
  worldPorts(world, async (_name, effect) => effect(), clock);

/** Runs the timer so many times, each so long after the one before. */
export const runTimerEvery = async (world: RefreshWorld, periodMs: number, times: number): Promise<void> => {
  for (let run = 0; run < times; run++) {
    world.elapsedMs += periodMs;
    await runTimer(world);
  }
};
