import { refreshGrant } from '../../src/lib/refresh/refreshGrant.ts';
import { CANARY } from '../fakes/refresh/fakeAuthorizationServer.ts';
import { endOutages, runHealthy } from '../fakes/refresh/healthyRuns.ts';
import {
  otherDeployment,
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  vaultTokenWorks,
} from '../fakes/refresh/refreshWorld.ts';
import { quiet, suspendOrWake, type TurnTaker, turnTaker } from '../fakes/refresh/turnTaking.ts';
import { CLASSES, type ClassName } from './crashTable.ts';
import { isKept } from './keptTokens.ts';
import { ACTORS_FROM, act, type Done, snapshotOf, writeByHand } from './randomActors.ts';

/** A schedule: which class, and one number for each thing that happens next. */
export interface Schedule {
  readonly className: ClassName;
  /** How the server rotates, where that is not what the profile says. */
  readonly really?: ClassName | undefined;
  readonly steps: readonly number[];
}

/** The world before the first of them. */
export type Begin = (...rotations: Parameters<typeof refreshWorld>) => Promise<RefreshWorld>;

export interface Judgement {
  readonly works: boolean;
  /** A token that the server issued and no store has: its worker ended, or its answer was lost. */
  readonly unkept: boolean;
  /** A store has a token that the server takes for as long as it lives. */
  readonly recoverable: boolean;
  readonly restored: Done['restored'];
  readonly familyKills: number;
  readonly told: boolean;
  readonly posts: number;
  /** Tokens found where none may be. */
  readonly leaks: readonly string[];
}

/** All stalls of a schedule together stay below the last resort of a strict provider. */
const LONGEST_MS = 14 * 60_000;
const PASSING_MS = [1_000, 10_000, 21_000, 61_000, 200_000];

/**
 * Three workers, in an order and with faults that `steps` decides, then the same workers to their end
 * without faults, then the app in good health. Every value of `steps` is a valid schedule.
 */
export const runSchedule = async (
  { className, really = className, steps }: Schedule,
  sabotage?: RefreshWorld['sabotage'],
  begin: Begin = async (...rotations) => refreshWorld(...rotations),
): Promise<Judgement> => {
  const world = await begin(CLASSES[className], CLASSES[really]);
  world.sabotage = sabotage ?? world.sabotage;
  // Some schedules have a worker of a second deployment, with a control store of its own.
  const second = otherDeployment(world);
  const hasSecond = steps.length % 8 === 1;
  let workers: readonly TurnTaker[] = ['a', 'b', 'c'].map((name) => startWorker(world, name));
  if (hasSecond) workers = [...workers, startWorker(second, 'd')];
  const done: Done = { snapshot: snapshotOf(world), restored: undefined, mayRestore: !hasSecond };
  let passedMs = 0;
  for (const step of steps) {
    await quiet();
    if (step >= ACTORS_FROM) {
      workers = act(world, workers, done, step);
      continue;
    }
    const kind = step % 16;
    const pick = Math.floor(step / 16);
    const ready = workers.filter(
      ({ waiting, wakeAtMs, suspendedAtMs }) =>
        suspendedAtMs === undefined && (waiting.length > 0 || wakeAtMs !== undefined),
    );
    const worker = ready[pick % Math.max(ready.length, 1)];
    if (worker === undefined) break;
    if (kind < 10) takeTurn(world, worker);
    else if (kind === 10) passedMs += passTime(world, PASSING_MS[pick % PASSING_MS.length] ?? 0, passedMs);
    else if (kind === 11) breakStore(world, pick);
    else if (kind === 12) endOutages(world);
    else if (kind === 13) breakNetwork(world, pick);
    else if (kind === 14) loseAcknowledgement(world, pick);
    else if (kind === 15 && pick % 3 !== 1) workers = workers.filter((other) => other !== worker);
    else if (kind === 15 && pick % 5 === 1) consentByHand(world, workers, Math.floor(pick / 15));
    else takeTurn(world, worker);
  }
  endOutages(world);
  world.vault.loseAcknowledgement = false;
  world.control.loseAcknowledgement = false;
  if (world.sealed !== undefined) world.sealed.loseAcknowledgement = false;
  for (const worker of workers) if (worker.suspendedAtMs !== undefined) suspendOrWake(worker, world);
  await runToTheEnd(world, workers);
  const { issued } = world.server.state;
  const isAnywhere = (token: string) => isKept(world, token) || isKept(second, token);
  const unkept = issued.some((token) => !isAnywhere(token));
  const forGoodMs = world.elapsedMs + 26 * 3_600_000;
  const recoverable = issued.some((token) => world.server.accepts(token, forGoodMs) && isAnywhere(token));
  await runHealthy(world, 26 * 3_600_000);
  if (hasSecond) for (const one of [second, world, second]) await runHealthy(one, 3 * 3_600_000);
  // What a person wrote is known to be of no use when it is sent.
  if (!storedTokenWorks(world)) {
    world.elapsedMs += 31 * 86_400_000;
    for (const one of hasSecond ? [second, world, second] : [world]) await runHealthy(one, 26 * 3_600_000);
  }
  const told = world.telemetry.failures.length > 0;
  const posts = world.server.state.requests;
  const { familyKills } = world.server.state;
  const { restored } = done;
  return {
    // The secret may be the other deployment's by then, which has a sealed one of its own.
    works: storedTokenWorks(world) || (hasSecond && (storedTokenWorks(second) || vaultTokenWorks(world))),
    unkept,
    recoverable,
    restored,
    familyKills,
    told,
    posts,
    leaks: leaks(world),
  };
};

const startWorker = (world: RefreshWorld, name: string): TurnTaker => {
  const worker = turnTaker(world, name);
  const { grant, profile } = world;
  const trigger = name === 'c' ? 'watchdog' : 'due';
  void refreshGrant(worker.ports, { grant, profile, trigger });
  return worker;
};

const takeTurn = (world: RefreshWorld, worker: TurnTaker | undefined): void => {
  if (worker === undefined) return;
  if (worker.waiting.length > 0) worker.waiting.shift()?.take();
  else if (worker.wakeAtMs !== undefined && worker.wakeAtMs <= world.elapsedMs + 2_000) {
    world.elapsedMs = Math.max(world.elapsedMs, worker.wakeAtMs);
    worker.wake?.();
  }
};

const passTime = (world: RefreshWorld, ms: number, passedMs: number): number => {
  if (passedMs + ms > LONGEST_MS) return 0;
  world.elapsedMs += ms;
  return ms;
};

const breakStore = (world: RefreshWorld, pick: number): void => {
  if (pick % 3 !== 1) world.vault.down = true;
  if (pick % 3 !== 0) world.control.down = true;
  if (pick % 7 === 0) world.fallback.down = true;
  // One account has both.
  if (pick % 7 < 3 && world.sealed !== undefined) world.sealed.down = world.fallback.down = true;
};

const loseAcknowledgement = ({ vault, control, sealed }: RefreshWorld, pick: number): void => {
  const store = pick % 2 === 0 ? vault : pick % 4 === 1 ? control : (sealed ?? control);
  store.loseAcknowledgement = true;
};

const breakNetwork = (world: RefreshWorld, pick: number): void => {
  const faults = ['request_lost', 'answer_lost', 'refused_connection', 'proxy_fails'] as const;
  world.network.fault = faults[pick % faults.length] ?? 'none';
  world.network.requestsToFault = 1;
};

/** Mostly a new consent, else the same token again. */
const consentByHand = (world: RefreshWorld, workers: readonly TurnTaker[], pick: number): void =>
  writeByHand(world, workers, pick, pick % 4 === 3 ? 'same' : 'new');

const runToTheEnd = async (world: RefreshWorld, workers: readonly TurnTaker[]): Promise<void> => {
  for (let turn = 0; turn < 2_000; turn++) {
    await quiet();
    const busy = workers.filter(({ waiting }) => waiting.length > 0);
    const next = busy[turn % Math.max(busy.length, 1)];
    if (next !== undefined) {
      next.waiting.shift()?.take();
      continue;
    }
    const sleeper = workers
      .filter(({ wakeAtMs }) => wakeAtMs !== undefined)
      .sort((a, b) => (a.wakeAtMs ?? 0) - (b.wakeAtMs ?? 0))[0];
    if (sleeper === undefined) return;
    world.elapsedMs = Math.max(world.elapsedMs, sleeper.wakeAtMs ?? 0);
    sleeper.wake?.();
  }
  throw new Error('a worker did not come to an end');
};

/** Everything that leaves the program, except the vault and what is sealed. */
const leaks = (world: RefreshWorld): string[] => {
  const outputs = {
    'control record': world.control.body ?? '',
    'copies of control records': world.control.aside.join(),
    'sealed secret': world.sealed?.body ?? '',
    'fallback store': JSON.stringify([world.fallback.items, world.fallback.aside]),
    events: JSON.stringify(world.telemetry.events),
    exceptions: JSON.stringify(world.telemetry.failures),
    metrics: JSON.stringify(world.telemetry.metrics),
    spans: JSON.stringify(world.telemetry.calls),
    tags: JSON.stringify(world.vault.versions.map(({ tags, contentType }) => [tags, contentType])),
  };
  return Object.entries(outputs)
    .filter(([, text]) => text.includes(CANARY))
    .map(([name]) => name);
};
