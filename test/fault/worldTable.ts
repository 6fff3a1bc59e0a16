import { DAY_MS } from '../../src/lib/kernel/time.ts';
import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { addVersion } from '../fakes/refresh/fakeTokenStore.ts';
import { runHealthy } from '../fakes/refresh/healthyRuns.ts';
import {
  copyOf,
  otherDeployment,
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../fakes/refresh/refreshWorld.ts';
import { runSolo } from '../fakes/refresh/soloWorker.ts';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import { type Cell, CLASSES, type ClassName } from './crashTable.ts';
import { isKept } from './keptTokens.ts';
import { type Snapshot, snapshotOf } from './randomActors.ts';
import { untilDueAgain } from './tokenPlaces.ts';

/** What an actor may vary: where a person has the tags from. */
const picksOf = (actor: ActorName): number => (actor.startsWith('a person') ? 3 : 1);

/** What one actor may see: the world, the stores as they were before this refresh, and a number that varies. */
interface Scene {
  readonly world: RefreshWorld;
  readonly before: Snapshot;
  readonly pick: number;
}

type Actor = (scene: Scene) => void | Promise<void>;

/** The wall clock jumps while this worker stands still past its lease, and another one comes. */
const jump =
  (ms: number): Actor =>
  async ({ world }) => {
    world.wallAheadMs += ms;
    world.elapsedMs += 61_000;
    await runSolo(world);
  };

/** With no tags, with those of the newest version, and with those of an older one. */
const write = ({ world, pick }: Scene, value: string | undefined): void => {
  const { versions } = world.vault;
  const tags = [undefined, versions.at(-1)?.tags, versions[1]?.tags][pick] ?? {};
  world.elapsedMs += 1_000;
  addVersion(
    world.vault,
    { value: value ?? '', tags, expiresOnEpochMs: undefined, contentType: undefined },
    worldNow(world),
  );
  world.elapsedMs += 1_000;
};

/** Who acts once, before each call of a refresh. */
export const ACTORS = {
  'clock 400 days ahead': jump(400 * DAY_MS),
  'clock 400 days back': jump(-400 * DAY_MS),
  'clock 2 hours ahead': jump(DAY_MS / 12),
  'suspended for 20 minutes': async ({ world }) => {
    const fromMs = world.elapsedMs;
    world.elapsedMs += 61_000;
    // Everybody else works on meanwhile.
    await runHealthy(world, 20 * 60_000);
    world.sleptMs += world.elapsedMs - fromMs;
  },
  'a second deployment': async ({ world }) => {
    await runSolo(otherDeployment(world));
  },
  'vault restored': ({ world, before }) => {
    world.vault.versions.splice(0, Number.POSITIVE_INFINITY, ...before.vault);
  },
  'control store restored': ({ world, before }) => {
    world.control.body = before.control;
    world.control.etag++;
    world.control.lease = undefined;
  },
  'a person writes a new token': (scene) => write(scene, scene.world.server.consent()),
  'a person writes a spent token': (scene) => write(scene, scene.world.vault.versions[0]?.value),
  'a person writes the same token': (scene) => write(scene, scene.world.vault.versions.at(-1)?.value),
} as const satisfies Readonly<Record<string, Actor>>;
export type ActorName = keyof typeof ACTORS;

/** A grant that was refreshed twice and is due again. */
const dueAgain = async (
  rotation: RotationClass,
  begin: (rotation: RotationClass) => RefreshWorld,
  sabotage?: RefreshWorld['sabotage'],
): Promise<RefreshWorld> => {
  const world = begin(rotation);
  world.sabotage = sabotage ?? world.sabotage;
  for (let time = 0; time < 2; time++) await untilDueAgain(world);
  return world;
};

interface WorldRun {
  readonly actor: ActorName;
  readonly onset: number;
  /** After so many calls the worker ends; undefined: it does not. */
  readonly ends: readonly (number | undefined)[];
  /** A number that varies, for the actor. */
  readonly pick: number;
}

/** One actor before one call, and what comes of it for each end of the worker. */
const runToEnds = async (
  world: RefreshWorld,
  { actor, onset, ends, pick }: WorldRun,
  recover: typeof recovered,
): Promise<WorldEnd[]> => {
  const before = snapshotOf(world);
  const issuedBefore = world.server.state.issued.length;
  const isStopped = actor === 'control store restored';
  let acting: Promise<void> | undefined;
  // A crash abandons the worker where it stands: what is left is the world of that moment.
  const left = new Map<number | undefined, RefreshWorld>();
  const { calls } = await runSolo(world, {
    // Whoever restores the control store stops the app for it.
    crashAfterCalls: isStopped ? onset : undefined,
    beforeCall: async (index, name) => {
      // The instant between a look and a write belongs to docs/refresh-protocol.md, "What cannot be saved".
      const isCovering = name === 'vault.write' && actor.startsWith('a person');
      if (index === onset && !isCovering) acting ??= Promise.resolve(ACTORS[actor]({ world, before, pick }));
      // What the worker does side by side stands still as well.
      await acting;
    },
    afterCalls: (count) => {
      if (ends.includes(count)) left.set(count, copyOf(world));
    },
  });
  if (isStopped) await ACTORS[actor]({ world, before, pick: 0 });
  left.set(undefined, world);
  const runs: WorldEnd[] = [];
  for (const end of ends) {
    // An end that is never reached is none.
    const last = end === undefined || end > calls.length ? calls.at(-1) : calls[end - 1];
    const where = `${actor} before call ${onset}, ended after ${end ?? 'all'} (${last})`;
    const ended = copyOf(left.get(end) ?? world);
    const isLost = ended.server.state.issued.slice(issuedBefore).some((token) => !isKept(ended, token));
    runs.push({ ...(await recover(ended)), isLost, where });
  }
  return runs;
};

interface Recovery {
  readonly works: boolean;
  readonly told: boolean;
}

interface WorldEnd extends Recovery {
  readonly isLost: boolean;
  readonly where: string;
}

const recovered = async (world: RefreshWorld): Promise<Recovery> => {
  await runHealthy(world, 6 * 60_000);
  await runHealthy(world, 70 * 60_000);
  // What a person wrote is known to be of no use when it is sent.
  if (!storedTokenWorks(world)) await laterRefresh(world);
  return { works: storedTokenWorks(world), told: world.telemetry.failures.length > 0 };
};

const laterRefresh = async (world: RefreshWorld): Promise<void> => {
  world.elapsedMs += 46 * DAY_MS;
  await runHealthy(world, 26 * 3_600_000);
};

/**
 * One actor before every call of a refresh, and its worker ended after every second call from there on.
 * @param enoughLosses where there are more, the calls after that are left out: a sabotage is found
 */
export const runWorldCell = async (
  className: ClassName,
  actor: ActorName,
  sabotage?: RefreshWorld['sabotage'],
  begin = refreshWorld,
  enoughLosses = Number.POSITIVE_INFINITY,
): Promise<Cell> => {
  const losses: Cell['losses'][number][] = [];
  let runs = 0;
  const recover = oncePerState(recovered);
  const start = await dueAgain(CLASSES[className], begin, sabotage);
  const picks = picksOf(actor);
  const { calls } = await runSolo(copyOf(start));
  for (let onset = 0; onset <= calls.length && losses.length <= enoughLosses; onset++) {
    const ends: (number | undefined)[] = [undefined];
    if (actor !== 'control store restored')
      for (let end = onset + 1; end <= calls.length; end += 2) ends.push(end);
    const found: WorldEnd[] = [];
    for (let pick = 0; pick < picks; pick++) {
      const own = ends.filter((end) => (onset + (end ?? 0)) % picks === pick);
      if (own.length > 0)
        found.push(...(await runToEnds(copyOf(start), { actor, onset, ends: own, pick }, recover)));
    }
    for (const run of found) {
      runs++;
      if (run.works) continue;
      const isRestored = run.isLost && actor.endsWith('restored');
      const cause = isRestored
        ? 'the process ended, or the only copy was restored away'
        : run.isLost
          ? 'crash between the answer and the first acknowledgement'
          : 'a token that a store had acknowledged was lost';
      losses.push({ cause, where: run.where, told: run.told });
    }
  }
  return { runs, losses };
};
