import { refreshGrant } from '../../src/lib/usecases/refreshGrant.ts';
import { CANARY } from '../fakes/refresh/fakeAuthorizationServer.ts';
import { addVersion } from '../fakes/refresh/fakeTokenStore.ts';
import { endOutages, runHealthy } from '../fakes/refresh/healthyTicks.ts';
import {
  otherDeployment,
  type RefreshWorld,
  refreshWorld,
  storedTokenWorks,
  worldNow,
} from '../fakes/refresh/refreshWorld.ts';
import { quiet, type TurnTaker, turnTaker } from '../fakes/refresh/turnTaking.ts';
import { CLASSES, type ClassName } from './crashTable.ts';
import { isKept } from './keptTokens.ts';

/** A schedule: which class, and one number for each thing that happens next. */
export interface Schedule {
  readonly className: ClassName;
  readonly steps: readonly number[];
}

export interface Judgement {
  readonly works: boolean;
  /** A token that the server issued and no store has: its worker ended, or its answer was lost. */
  readonly unkept: boolean;
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
export const runSchedule = async ({ className, steps }: Schedule): Promise<Judgement> => {
  const world = refreshWorld(CLASSES[className]);
  // Some schedules have a worker of a second deployment, with a control store of its own.
  const second = otherDeployment(world);
  const hasSecond = steps.length % 8 === 1;
  let workers = ['a', 'b', 'c'].map((name) => startWorker(world, name));
  if (hasSecond) workers.push(startWorker(second, 'd'));
  let passedMs = 0;
  for (const step of steps) {
    await quiet();
    const kind = step % 16;
    const pick = Math.floor(step / 16);
    const ready = workers.filter(({ waiting, wakeAtMs }) => waiting.length > 0 || wakeAtMs !== undefined);
    const worker = ready[pick % Math.max(ready.length, 1)];
    if (worker === undefined) break;
    if (kind < 10) takeTurn(world, worker);
    else if (kind === 10) passedMs += passTime(world, PASSING_MS[pick % PASSING_MS.length] ?? 0, passedMs);
    else if (kind === 11) breakStore(world, pick);
    else if (kind === 12) endOutages(world);
    else if (kind === 13) breakNetwork(world, pick);
    else if (kind === 14) (pick % 2 === 0 ? world.vault : world.control).loseAcknowledgement = true;
    else if (kind === 15 && pick % 3 !== 1) workers = workers.filter((other) => other !== worker);
    else if (kind === 15 && pick % 5 === 1) writeByHand(world, workers, Math.floor(pick / 15));
    else takeTurn(world, worker);
  }
  endOutages(world);
  world.vault.loseAcknowledgement = false;
  world.control.loseAcknowledgement = false;
  await runToTheEnd(world, workers);
  const unkept = world.server.state.issued.some((token) => !isKept(world, token) && !isKept(second, token));
  await runHealthy(world, 26 * 3_600_000);
  if (hasSecond) for (const one of [second, world, second]) await runHealthy(one, 3 * 3_600_000);
  const told = world.telemetry.exceptions.length > 0;
  const posts = world.server.state.requests;
  return { works: storedTokenWorks(world), unkept, told, posts, leaks: leaks(world) };
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
  if (pick % 7 === 0) world.orphans.down = true;
};

const breakNetwork = (world: RefreshWorld, pick: number): void => {
  const faults = ['request_lost', 'answer_lost', 'refused_connection', 'proxy_fails'] as const;
  world.network.fault = faults[pick % faults.length] ?? 'none';
  world.network.requestsToFault = 1;
};

/**
 * A person writes a token, but not in the instant between a worker's look and its write: that one is lost. Mostly a
 * new consent, else the same token again; with the tags of any version, or with none.
 */
const writeByHand = (world: RefreshWorld, workers: readonly TurnTaker[], pick: number): void => {
  const isWriting = ({ waiting }: TurnTaker) => waiting.some(({ name }) => name === 'vault.write');
  const latest = world.vault.versions.at(-1);
  if (workers.some(isWriting) || latest === undefined) return;
  // Within one second Key Vault's time stamps cannot tell what was written first.
  world.elapsedMs += 1_000;
  const value = pick % 4 === 3 ? latest.value : world.server.consent();
  const tags = world.vault.versions[pick % (world.vault.versions.length + 1)]?.tags ?? {};
  addVersion(
    world.vault,
    { value, tags, expiresOnEpochMs: undefined, contentType: undefined },
    worldNow(world),
  );
  world.elapsedMs += 1_000;
};

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
    'third sink': JSON.stringify(world.orphans.items),
    events: JSON.stringify(world.telemetry.events),
    exceptions: JSON.stringify(world.telemetry.exceptions),
    metrics: JSON.stringify(world.telemetry.metrics),
    spans: JSON.stringify(world.telemetry.calls),
    tags: JSON.stringify(world.vault.versions.map(({ tags, contentType }) => [tags, contentType])),
  };
  return Object.entries(outputs)
    .filter(([, text]) => text.includes(CANARY))
    .map(([name]) => name);
};
