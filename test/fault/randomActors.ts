import { HOUR_MS } from '../../src/lib/kernel/time.ts';
import { canLoseToken } from '../../src/lib/oauth/rules/rotation.ts';
import { addVersion } from '../fakes/refresh/fakeTokenStore.ts';
import { type RefreshWorld, worldNow } from '../fakes/refresh/refreshWorld.ts';
import { suspendOrWake, type TurnTaker } from '../fakes/refresh/turnTaking.ts';

/** What an older state of a store can be restored from. */
export interface Snapshot {
  readonly vault: RefreshWorld['vault']['versions'];
  readonly control: string | undefined;
}

/** What the actors did to the stores, for the judge. */
export interface Done {
  snapshot: Snapshot;
  restored: 'vault' | 'control' | undefined;
  /** Two deployments whose names are gone from the vault are two things going wrong at once. */
  readonly mayRestore: boolean;
}

export const snapshotOf = ({ vault, control }: RefreshWorld): Snapshot => ({
  vault: [...vault.versions],
  control: control.body,
});

/** Numbers of a step from here on are the world's doings, not those of the workers. */
export const ACTORS_FROM = 16 * 420;
const PICKS = 96;
const CLOCK_AHEAD_MS = [0, 2 * HOUR_MS, -2 * HOUR_MS, 9_600 * HOUR_MS, -9_600 * HOUR_MS];

type Actor = (world: RefreshWorld, workers: readonly TurnTaker[], done: Done, pick: number) => void;

/** What somebody other than a worker does. */
const ACTORS: readonly Actor[] = [
  (world, workers, _done, pick) => writeByHand(world, workers, pick, 'old'),
  (world, workers, _done, pick) => writeByHand(world, workers, pick, pick % 3 === 0 ? 'same' : 'new'),
  (world, _workers, _done, pick) => {
    world.wallAheadMs = CLOCK_AHEAD_MS[pick % CLOCK_AHEAD_MS.length] ?? 0;
  },
  (world, workers, _done, pick) => {
    const worker = workers[pick % Math.max(workers.length, 1)];
    if (worker !== undefined) suspendOrWake(worker, world);
  },
  (world, _workers, _done, pick) => {
    const faults = ['odd_answer', 'unreadable_answer', 'answer_late', 'answer_too_late'] as const;
    world.network.fault = faults[pick % faults.length] ?? 'none';
    world.network.shape = Math.floor(pick / faults.length);
    world.network.requestsToFault = 1;
  },
  (world, _workers, done) => {
    done.snapshot = snapshotOf(world);
  },
  (world, _workers, done, pick) => {
    if (pick % 4 === 0) restoreVault(world, done);
  },
  (world, _workers, done, pick) => {
    if (pick % 4 === 0) restoreControl(world, done);
  },
];

export const STEPS = ACTORS_FROM + ACTORS.length * PICKS;

/** Lets the actor of a step act. @returns the workers that are left */
export const act = (
  world: RefreshWorld,
  workers: readonly TurnTaker[],
  done: Done,
  step: number,
): readonly TurnTaker[] => {
  const number = step - ACTORS_FROM;
  const { restored } = done;
  ACTORS[number % ACTORS.length]?.(world, workers, done, Math.floor(number / ACTORS.length));
  // Whoever restores the control store stops the app for it, as docs/refresh-protocol.md says.
  return done.restored === 'control' && restored === undefined ? [] : workers;
};

/** Whether a worker stands between its look at the vault and its write: what a person writes then is covered. */
const isWriting = ({ waiting }: TurnTaker) => waiting.some(({ name }) => name === 'vault.write');

const isUnderWay = ({ control, vault }: RefreshWorld): boolean =>
  /"state": "intent"/.test(control.body ?? '') || vault.versions.at(-1)?.tags['keywatch-stage'] === 'intent';

/** A person writes a token: a new consent, the one that is there, or one that was there before; with the tags of any version, or none. */
export const writeByHand = (
  world: RefreshWorld,
  workers: readonly TurnTaker[],
  pick: number,
  which: 'new' | 'same' | 'old',
): void => {
  const { versions } = world.vault;
  const latest = versions.at(-1);
  if (workers.some(isWriting) || latest === undefined) return;
  // Named in docs/refresh-protocol.md: a bad token written over one that is being spent.
  if (which === 'old' && canLoseToken(world.profile.rotation) && isUnderWay(world)) return;
  // Within one second Key Vault's time stamps cannot tell what was written first.
  world.elapsedMs += 1_000;
  const old = versions[Math.floor(pick / 5) % versions.length] ?? latest;
  const value = which === 'new' ? world.server.consent() : which === 'same' ? latest.value : old.value;
  const tags = versions[pick % (versions.length + 1)]?.tags ?? {};
  addVersion(
    world.vault,
    { value, tags, expiresOnEpochMs: undefined, contentType: undefined },
    worldNow(world),
  );
  world.elapsedMs += 1_000;
};

/** Deleted, purged and restored from an older backup: what came since is gone. */
const restoreVault = (world: RefreshWorld, done: Done): void => {
  if (done.restored !== undefined || !done.mayRestore) return;
  done.restored = 'vault';
  world.vault.versions.splice(0, Number.POSITIVE_INFINITY, ...done.snapshot.vault);
};

const restoreControl = (world: RefreshWorld, done: Done): void => {
  if (done.restored !== undefined || !done.mayRestore) return;
  done.restored = 'control';
  world.control.body = done.snapshot.control;
  world.control.etag++;
  world.control.lease = undefined;
};
