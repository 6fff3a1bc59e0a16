import { MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import { numbered, oncePer } from '../oncePer.ts';
import type { RefreshWorld } from './refreshWorld.ts';

/**
 * Everything that decides how a world goes on, but for what a table fixes for all of its worlds: the grant, the
 * profile and the rotation of its server, and a sabotage. Of what was reported it knows whether there was a failure.
 */
const stateOf = (world: RefreshWorld, numberOf: (text: string) => number): string => {
  const { grant: _grant, profile: _profile, sabotage: _sabotage, server, telemetry, ...rest } = world;
  const { control, sealed } = rest;
  const texts = [server.snapshot(), `${control.body}`, `${sealed?.body}`].map(numberOf);
  const others = { ...rest, control: { ...control, body: '' }, sealed: sealed && { ...sealed, body: '' } };
  return JSON.stringify([texts, server.state, telemetry.failures.length > 0, others]);
};

/**
 * Whoever goes on is another process: it counts anew what it names, opens nothing that was put aside for people, and
 * comes with a full minute, or when the watchdog calls it before; else not before the lease has lapsed. So worlds
 * between which nothing but a moment has passed are one.
 */
const handOver = (world: RefreshWorld): void => {
  const { control, fallback, watchdog } = world;
  const nextMinuteMs = Math.ceil(world.elapsedMs / MINUTE_MS) * MINUTE_MS;
  world.elapsedMs = Math.max(world.elapsedMs, Math.min(nextMinuteMs, ...watchdog.dueMs));
  world.ids = Math.ceil(world.ids / 1_000) * 1_000;
  fallback.aside = fallback.aside.map(({ id }) => ({ id, envelope: '' }));
  if (watchdog.dueMs.length === 0) control.lease = undefined;
};

/** Lives each state once in which others of the same table go on. */
export const oncePerState = <End>(
  live: (world: RefreshWorld) => Promise<End>,
): ((world: RefreshWorld) => Promise<End>) => {
  const numberOf = numbered();
  return oncePer((world) => {
    handOver(world);
    return stateOf(world, numberOf);
  }, live);
};
