import type { RotationClass } from '../../src/lib/oauth/rules/providerProfile.ts';
import { READABLE, UNREADABLE } from '../fakes/refresh/answerShapes.ts';
import { endOutages, runHealthy } from '../fakes/refresh/healthyRuns.ts';
import { copyOf, type RefreshWorld, storedTokenWorks } from '../fakes/refresh/refreshWorld.ts';
import { runSolo, type SoloOptions } from '../fakes/refresh/soloWorker.ts';
import type { NetworkFault } from '../fakes/refresh/tokenNetwork.ts';
import { oncePerState } from '../fakes/refresh/worldState.ts';
import { isKept } from './keptTokens.ts';
import { IN_VAULT, type Place } from './tokenPlaces.ts';

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
  const ends: End[] = [];
  for (const later of [false, true])
    for (const slowRecord of [false, true]) {
      const variant = { className, really, fault, slowRecord, place };
      const start = await place.begin(CLASSES[className], CLASSES[really], later);
      start.sabotage = sabotage ?? start.sabotage;
      const onsets = onsetsOf(fault);
      if (onsets === undefined) ends.push(...(await endsOfOutages(start, variant, recover)));
      for (const onset of onsets ?? [])
        ends.push(...(await runToEnds(copyOf(start), { ...variant, onset }, recover)));
    }
  return { runs: ends.length, losses: ends.flatMap(({ loss }) => loss ?? []) };
};

/** Undefined: an outage, which begins before any call; what the network does is about the request alone. */
const onsetsOf = (fault: Fault): number[] | undefined => {
  if (fault === 'none') return [0];
  if (fault === 'odd answer') return Object.keys(READABLE).map((_shape, index) => index);
  if (fault === 'unreadable answer') return Object.keys(UNREADABLE).map((_shape, index) => index);
  // The first request only, or every request until the outage ends.
  return fault in NETWORK_FAULTS ? [1, 99] : undefined;
};

/**
 * What an outage from each call on leaves. Up to there it is what the run without one leaves; and from a call on that
 * asks none of its stores it is the outage from the next call on.
 */
const endsOfOutages = async (
  start: RefreshWorld,
  variant: Variant,
  recover: typeof recovered,
): Promise<End[]> => {
  const { asking, calls } = await callsOf(copyOf(start), variant);
  const without = await runToEnds(copyOf(start), { ...variant, onset: calls }, recover);
  const all: End[] = [];
  let latest = without;
  for (let onset = calls - 1; onset >= 0; onset--) {
    if (asking.has(onset))
      latest = [
        ...without.filter(({ point }) => point <= onset),
        ...(await runToEnds(copyOf(start), { ...variant, onset }, recover, onset + 1)),
      ];
    all.push(...latest);
  }
  return all;
};

/** How many calls a run has without an outage, and which of them ask a store that the outage takes away. */
const callsOf = async (world: RefreshWorld, { place, fault, slowRecord }: Variant) => {
  const asking = new Set<number>();
  let call = 0;
  for (const store of place.brokenBy(fault, world))
    Object.defineProperty(store, 'down', { get: () => void asking.add(call) });
  const beforeCall = (index: number) => {
    call = index;
  };
  const { calls } = await runSolo(world, { slowRecord, beforeCall });
  return { asking, calls: calls.length };
};

interface Variant {
  readonly className: ClassName;
  /** How the server rotates, where that is not what the profile says. */
  readonly really: ClassName;
  readonly fault: Fault;
  readonly slowRecord: boolean;
  readonly place: Place;
}

interface FaultyRun extends Variant {
  readonly onset: number;
}

interface End {
  /** After how many calls. */
  readonly point: number;
  readonly loss: Loss | undefined;
}

/** What is lost when the worker ends after each of its calls from a point on, and when it does not. */
const runToEnds = async (
  world: RefreshWorld,
  one: FaultyRun,
  recover: typeof recovered,
  from = 0,
): Promise<End[]> => {
  const issuedBefore = world.server.state.issued.length;
  // A crash abandons the worker where it stands: what is left is the world of that moment.
  const left = new Map<number, RefreshWorld>();
  if (from === 0) left.set(0, copyOf(world));
  const { calls } = await runSolo(world, {
    ...soloOptions(world, one),
    afterCalls: (count) => {
      if (count >= from && isRun(count)) left.set(count, copyOf(world));
    },
  });
  left.set(calls.length, world);
  const lossIn = async (ended: RefreshWorld, point: number): Promise<Loss | undefined> => {
    const unkept = ended.server.state.issued.slice(issuedBefore).find((token) => !isKept(ended, token));
    endOutages(ended);
    const { works, toldAtOnce, toldLater } = await recover(ended);
    if (works) return undefined;
    return {
      cause: causeOf(one.fault, unkept !== undefined, point < calls.length),
      where: `after ${calls[point - 1] ?? 'nothing'}`,
      // That a profile is wrong is found out by a refusal, later.
      told: toldAtOnce || (one.really !== one.className && toldLater),
    };
  };
  const ends: End[] = [];
  for (const [point, ended] of left) ends.push({ point, loss: await lossIn(ended, point) });
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
  if (networkFault !== undefined) {
    world.network.fault = networkFault;
    const hasShapes = one.fault === 'odd answer' || one.fault === 'unreadable answer';
    world.network.shape = hasShapes ? one.onset : undefined;
    world.network.requestsToFault = hasShapes ? 1 : one.onset;
  }
  return {
    slowRecord: one.slowRecord,
    beforeCall: (index) => {
      if (networkFault !== undefined || one.fault === 'none' || index < one.onset) return;
      for (const store of one.place.brokenBy(one.fault, world)) store.down = true;
    },
  };
};
