import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import { refresherOf } from '../../src/lib/app/refresherOf.ts';
import type { Caller } from '../../src/lib/callers/rules/caller.ts';
import type { Clock } from '../../src/lib/kernel/clock.ts';
import type { ConfiguredGrant } from '../../src/lib/oauth/rules/grant.ts';
import type { RefreshPorts } from '../../src/lib/refresh/ports.ts';
import { createTokens, type Tokens } from '../../src/lib/tokens/tokens.ts';
import { configOf } from './config.ts';
import { fakeConnections } from './fakeConnections.ts';
import type { PortCall } from './refresh/fakeControlStore.ts';
import { dispatch, type RefreshWorld, START_EPOCH_MS, worldPorts } from './refresh/refreshWorld.ts';

/** A program of the tenant. */
export const callerOf = (name: string): Caller => ({
  kind: 'app',
  tenantId: 'tenant',
  objectId: name,
  clientId: `client-of-${name}`,
  roles: [],
  via: 'bearer',
});

export interface TokenInstance {
  readonly tokens: Tokens;
  /** Names of the calls to the outside so far. */
  readonly calls: string[];
}

/** What one instance reads is out of date when it has the lease: another one had it in between. */
const SLOWEST_LEASE_MS = 90;
let leases = 0;

const inTurn: PortCall = async (name, effect) => {
  if (name === 'control.acquire') await delay((SLOWEST_LEASE_MS / 3) * (leases++ % 3));
  else await turn();
  const result = effect();
  await turn();
  return result;
};

const atOnce: PortCall = async (_name, effect) => effect();

/** From now on the world's time passes by itself; setting it moves it on. */
const letTimePass = (world: RefreshWorld): void => {
  let fromMs = world.elapsedMs - performance.now();
  Object.defineProperty(world, 'elapsedMs', {
    configurable: true,
    get: () => performance.now() + fromMs,
    set: (ms: number) => {
      fromMs = ms - performance.now();
    },
  });
};

/** What hands out the access tokens of one grant in one process, over these ports. */
export const tokensOver = (ports: RefreshPorts, configured: ConfiguredGrant): Tokens => {
  const { clock, telemetry } = ports;
  const connections = fakeConnections({ clock, telemetry, refresh: { ...ports, dispatch } });
  const refresher = refresherOf({ ...configOf(), grants: [configured] }, connections);
  const reconnectUrlOf = () => 'https://keywatch.example/reconnect';
  return createTokens({ reconnectUrlOf }, { ...connections, refresher });
};

/**
 * Instances of the app that share nothing but the stores and the server of the world. Time passes as it does, and
 * every call takes turns with those of the others, if there are any.
 */
export const tokenInstances = (
  world: RefreshWorld,
  count: number,
  call = count === 1 ? atOnce : inTurn,
): TokenInstance[] => {
  letTimePass(world);
  const { grant, profile } = world;
  const clock: Clock = {
    nowEpochMs: () => START_EPOCH_MS + world.elapsedMs,
    monotonicMs: () => world.elapsedMs,
    sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }),
  };
  return Array.from({ length: count }, (_, instance): TokenInstance => {
    const calls: string[] = [];
    let ids = 0;
    const counted: PortCall = (name, effect) => {
      calls.push(name);
      return call(name, effect);
    };
    const ports = worldPorts(world, counted, clock, () => `instance-${instance}-${++ids}`);
    return { tokens: tokensOver(ports, { grant, profile }), calls };
  });
};
