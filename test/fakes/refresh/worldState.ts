import { MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import type { RefreshWorld } from './refreshWorld.ts';

/**
 * Everything that decides how a world goes on, but for what a table fixes for all of its worlds: the grant, the
 * profile and the rotation of its server, and a sabotage. Of what was reported it knows whether there was a failure.
 */
export const stateOf = (world: RefreshWorld): string => {
  const { grant: _grant, profile: _profile, sabotage: _sabotage, server, telemetry, ...rest } = world;
  return JSON.stringify([server.snapshot(), server.state, telemetry.failures.length > 0, rest]);
};

/**
 * Whoever goes on is another process: it counts anew what it names, and comes with a full minute, or when the watchdog
 * calls it before. So worlds between which nothing but a moment has passed are one.
 */
const handOver = (world: RefreshWorld): void => {
  const nextMinuteMs = Math.ceil(world.elapsedMs / MINUTE_MS) * MINUTE_MS;
  world.elapsedMs = Math.max(world.elapsedMs, Math.min(nextMinuteMs, ...world.watchdog.dueMs));
  world.ids = Math.ceil(world.ids / 1_000) * 1_000;
};

/** Lives each state once: of a world in which another one of the same table has been, the end is known. */
export const oncePerState = <End>(
  live: (world: RefreshWorld) => Promise<End>,
): ((world: RefreshWorld) => Promise<End>) => {
  const ends = new Map<string, End>();
  return async (world) => {
    handOver(world);
    const state = stateOf(world);
    const known = ends.get(state);
    if (known !== undefined) return known;
    const end = await live(world);
    ends.set(state, end);
    return end;
  };
};
