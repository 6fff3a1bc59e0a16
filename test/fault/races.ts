import { runHealthy } from '../fakes/refresh/healthyRuns.ts';
import { copyOf, type RefreshWorld, refreshWorld, storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import type { StallPoint } from '../fakes/refresh/turnTaking.ts';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import { CLASSES, type ClassName } from './crashTable.ts';
import { exploreInterleavings } from './interleavings.ts';

export interface Races {
  readonly schedules: number;
  readonly states: number;
  readonly ends: number;
  readonly familyKills: number;
  /** Where the first worker stood still in each lost end. */
  readonly losses: readonly string[];
}

export interface RacesRequest {
  readonly className: ClassName;
  /** How long the first worker stands still, and again after that; none: nobody stands still. */
  readonly jumpsMs: readonly number[];
  /** How often a worker that could go on is made to wait for the other; absent: as often as there is an order. */
  readonly maximumSwitches?: number;
  readonly sabotage?: RefreshWorld['sabotage'];
  /** Called after each place to stand still at, with what was found so far. */
  readonly onPoint?: (point: StallPoint, races: Races) => void;
  /** Whether what was found is enough: a sabotage shows. */
  readonly isEnough?: (races: Races) => boolean;
}

/** A grant that was refreshed once and is due again. */
export const dueAgain = async (
  className: ClassName,
  sabotage?: RefreshWorld['sabotage'],
): Promise<RefreshWorld> => {
  const world = refreshWorld(CLASSES[className]);
  await runSolo(world);
  world.elapsedMs += 46 * 86_400_000;
  world.watchdog.dueMs = [];
  world.sabotage = sabotage ?? world.sabotage;
  return world;
};

/**
 * Two workers on one due grant. The first stands still once for `jumpsMs`, at every place where it can: before and
 * after each of its calls, up to one that it makes in no order. Without jumps nobody stands still.
 */
export const exploreRaces = async (asked: RacesRequest): Promise<Races> => {
  const { className, jumpsMs, maximumSwitches, sabotage, onPoint, isEnough } = asked;
  const sum = { schedules: 0, states: 0, ends: 0, familyKills: 0 };
  const losses: string[] = [];
  const due = await dueAgain(className, sabotage);
  const recover = oncePerState(recovered);
  for (const point of jumpsMs.length === 0 ? [undefined] : stallPoints()) {
    const explored = await exploreInterleavings({
      start: () => copyOf(due),
      stall: point === undefined ? undefined : { point, jumpsMs },
      maximumSwitches,
      judge: async (world, stoodAt) => {
        const { works, familyKills } = await recover(world);
        sum.familyKills += familyKills;
        if (!works) losses.push(stoodAt);
      },
    });
    sum.schedules += explored.schedules;
    sum.states += explored.states;
    sum.ends += explored.ends;
    if (point === undefined || !explored.isStallReached) break;
    onPoint?.(point, { ...sum, losses });
    if (isEnough?.({ ...sum, losses })) break;
  }
  return { ...sum, losses };
};

const recovered = async (world: RefreshWorld) => {
  await runHealthy(world, 130 * 60_000);
  return { works: storedTokenWorks(world), familyKills: world.server.state.familyKills };
};

function* stallPoints(): Generator<StallPoint> {
  for (let call = 0; ; call++) yield* [{ call, where: 'before' } as const, { call, where: 'after' } as const];
}
