import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { READABLE, UNREADABLE } from '../fakes/refresh/answerShapes.ts';
import { endOutages, runHealthy } from '../fakes/refresh/healthyRuns.ts';
import { copyOf, type RefreshWorld, refreshWorld, storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import { runSolo, type SoloOptions } from '../fakes/refresh/soloWorker.ts';
import type { NetworkFault } from '../fakes/refresh/tokenNetwork.ts';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import { isKept } from './keptTokens.ts';

/** The classes of provider that the model runs through. */
export const CLASSES = {
  static: { kind: 'static' },
  keeps_old: { kind: 'keeps_old' },
  'grace 30 s': { kind: 'grace', graceSeconds: 30 },
  'grace 10 min': { kind: 'grace', graceSeconds: 600 },
  strict: { kind: 'strict' },
} as const satisfies Readonly<Record<string, RotationClass>>;
export type ClassName = keyof typeof CLASSES;
/** The strictest class stands for the others in npm run test:fast. */
export const tagsOf = (className: ClassName) => (className === 'strict' ? [] : ['exhaustive']);

export const FAULTS = [
  'none',
  'request lost',
  'answer lost',
  'proxy fails',
  'answer late',
  'answer too late',
  'odd answer',
  'unreadable answer',
  'vault down',
  'leased down',
  'both down',
  'all three down',
] as const;
export type Fault = (typeof FAULTS)[number];

/** The faults that are about the request alone. */
const NETWORK_FAULTS: Readonly<Partial<Record<Fault, NetworkFault>>> = {
  'request lost': 'request_lost',
  'answer lost': 'answer_lost',
  'proxy fails': 'proxy_fails',
  'answer late': 'answer_late',
  'answer too late': 'answer_too_late',
  'odd answer': 'odd_answer',
  'unreadable answer': 'unreadable_answer',
};

/** How a token came to be lost, judged from what the stores held when its worker ended. */
export type LossCause =
  | 'crash between the answer and the first acknowledgement'
  | 'the answer never arrived'
  | 'no store accepted anything until the worker gave up'
  | 'the process ended, or the only copy was restored away'
  | 'the answer could not be read'
  | 'a token that a store had acknowledged was lost';

interface Loss {
  readonly cause: LossCause;
  readonly where: string;
  readonly told: boolean;
}

export interface Cell {
  readonly runs: number;
  readonly losses: readonly Loss[];
}

/** Where a token is kept: what a world begins with, and which stores a fault takes away. */
export interface Place {
  /** @param later the grant was refreshed before */
  readonly begin: (rotation: RotationClass, really: RotationClass, later: boolean) => Promise<RefreshWorld>;
  readonly breakStores: (world: RefreshWorld, fault: Fault) => void;
}

/** The vault is the store, the fallback store the third place. */
export const IN_VAULT: Place = {
  async begin(rotation, really, later) {
    const world = refreshWorld(rotation, really);
    if (later) await untilDueAgain(world);
    return world;
  },
  breakStores(world, fault) {
    world.vault.down = fault !== 'leased down';
    world.control.down = fault !== 'vault down';
    world.fallback.down = fault === 'all three down';
  },
};

/** Refreshes, and waits until that is due again. */
export const untilDueAgain = async (world: RefreshWorld): Promise<void> => {
  await runSolo(world);
  world.elapsedMs += 46 * 86_400_000;
  world.watchdog.dueMs = [];
};

/** Holding a token repeats the same calls: after the first runs every 40th crash point is run. */
const isRun = (point: number): boolean => point <= 40 || point % 40 === 0;

/** For how long a class lets the old token be used again, in seconds. */
export const lenienceSeconds = (name: ClassName): number => {
  const rotation: RotationClass = CLASSES[name];
  if (rotation.kind === 'grace') return rotation.graceSeconds;
  return rotation.kind === 'strict' ? 0 : Number.POSITIVE_INFINITY;
};

interface CellOptions {
  readonly sabotage?: RefreshWorld['sabotage'];
  /** How the server rotates, where that is not what the profile says. */
  readonly really?: ClassName;
  readonly place?: Place;
  /** Keeps the ends of states, also for other cells of the same options; a test compares with what keeps none. */
  readonly recover?: typeof recovered;
}

/**
 * Every crash point of one attempt under one fault that begins at every call, for a first and a later
 * refresh, with either store answering first. Then every outage ends and the app runs on in good health,
 * which is lived once for all crash points that leave the same behind: most of them do.
 */
export const runCell = async (
  className: ClassName,
  fault: Fault,
  { sabotage, really = className, place = IN_VAULT, recover = oncePerState(recovered) }: CellOptions = {},
): Promise<Cell> => {
  const losses: Loss[] = [];
  let runs = 0;
  for (const later of [false, true]) {
    for (const slowRecord of [false, true]) {
      const variant = { className, really, fault, later, slowRecord, sabotage, place };
      const start = await startOf(variant);
      const plain = copyOf(start);
      const { calls } = await runSolo(
        plain,
        soloOptions(plain, { ...variant, onset: Number.POSITIVE_INFINITY }),
      );
      for (const onset of onsets(fault, calls.length))
        for (const loss of await runToEnds(copyOf(start), { ...variant, onset }, recover)) {
          runs++;
          if (loss !== undefined) losses.push(loss);
        }
    }
  }
  return { runs, losses };
};

/** An outage begins before any call; what the network does is about the request alone. */
const onsets = (fault: Fault, calls: number): number[] => {
  if (fault === 'none') return [0];
  if (fault === 'odd answer') return Object.keys(READABLE).map((_shape, index) => index);
  if (fault === 'unreadable answer') return Object.keys(UNREADABLE).map((_shape, index) => index);
  // The first request only, or every request until the outage ends.
  if (fault in NETWORK_FAULTS) return [1, 99];
  return Array.from({ length: calls }, (_, index) => index);
};

interface Variant {
  readonly className: ClassName;
  /** How the server rotates. */
  readonly really: ClassName;
  readonly fault: Fault;
  readonly later: boolean;
  readonly slowRecord: boolean;
  readonly place: Place;
  readonly sabotage: RefreshWorld['sabotage'] | undefined;
}

interface FaultyRun extends Variant {
  readonly onset: number;
}

const startOf = async ({ className, really, later, place, sabotage }: Variant): Promise<RefreshWorld> => {
  const world = await place.begin(CLASSES[className], CLASSES[really], later);
  world.sabotage = sabotage ?? world.sabotage;
  return world;
};

/** What is lost when the worker ends after each of its calls, and when it does not. */
const runToEnds = async (
  world: RefreshWorld,
  one: FaultyRun,
  recover: typeof recovered,
): Promise<(Loss | undefined)[]> => {
  const issuedBefore = world.server.state.issued.length;
  // A crash abandons the worker where it stands: what is left is the world of that moment.
  const crashed = [copyOf(world)];
  const { calls } = await runSolo(world, {
    ...soloOptions(world, one),
    afterCalls: (count) => {
      if (isRun(count)) crashed[count] = copyOf(world);
    },
  });
  const lossIn = async (left: RefreshWorld, last: string | undefined, isCrash: boolean) => {
    const unkept = left.server.state.issued.slice(issuedBefore).find((token) => !isKept(left, token));
    endOutages(left);
    const { works, toldAtOnce, toldLater } = await recover(left);
    if (works) return undefined;
    // That a profile is wrong is found out by a refusal, later.
    const told = toldAtOnce || (one.really !== one.className && toldLater);
    return {
      cause: causeOf(one.fault, unkept !== undefined, isCrash),
      where: `after ${last ?? 'nothing'}`,
      told,
    };
  };
  const ends: (Loss | undefined)[] = [];
  for (let point = 0; point < calls.length; point++) {
    const left = crashed[point];
    if (left !== undefined) ends.push(await lossIn(left, calls[point - 1], true));
  }
  ends.push(await lossIn(world, calls.at(-1), false));
  return ends;
};

/** How the app gets on in good health. */
export const recovered = async (world: RefreshWorld) => {
  await runHealthy(world, 6 * 60_000);
  const toldAtOnce = world.telemetry.failures.length > 0;
  await runHealthy(world, 70 * 60_000);
  return { works: storedTokenWorks(world), toldAtOnce, toldLater: world.telemetry.failures.length > 0 };
};

const causeOf = (fault: Fault, wasLost: boolean, crashed: boolean): LossCause => {
  if (!wasLost) return 'a token that a store had acknowledged was lost';
  if (fault === 'unreadable answer') return 'the answer could not be read';
  if (fault === 'answer lost' || fault === 'proxy fails' || fault === 'answer too late')
    return 'the answer never arrived';
  return crashed
    ? 'crash between the answer and the first acknowledgement'
    : 'no store accepted anything until the worker gave up';
};

const soloOptions = (world: RefreshWorld, one: FaultyRun): SoloOptions => {
  const networkFault = NETWORK_FAULTS[one.fault];
  if (networkFault !== undefined && Number.isFinite(one.onset)) {
    world.network.fault = networkFault;
    const hasShapes = one.fault === 'odd answer' || one.fault === 'unreadable answer';
    world.network.shape = hasShapes ? one.onset : undefined;
    world.network.requestsToFault = hasShapes ? 1 : one.onset;
  }
  return {
    slowRecord: one.slowRecord,
    beforeCall: (index) => {
      if (networkFault !== undefined || one.fault === 'none' || index < one.onset) return;
      one.place.breakStores(world, one.fault);
    },
  };
};
