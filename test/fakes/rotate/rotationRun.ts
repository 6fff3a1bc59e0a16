import type { Clock } from '../../../src/lib/kernel/clock.ts';
import { MINUTE_MS } from '../../../src/lib/kernel/time.ts';
import { createRotator, type RotationSummary } from '../../../src/lib/rotate/rotator.ts';
import { ROTATION_RECORD } from '../../../src/lib/rotate/rules/rotationRecord.ts';
import { digestOf } from '../../../src/lib/stores/digestOf.ts';
import { readRecord } from '../../../src/lib/stores/rules/recordText.ts';
import { oncePer, oncePerText } from '../oncePer.ts';
import { recordingTelemetry } from '../recordingTelemetry.ts';
import { type RotationWorld, rotationPorts, watch, worldNow } from './rotationWorld.ts';

const CALL_MS = 20;

export interface RunOptions {
  /** The process ends once this many calls took effect; absent: it does not. */
  readonly crashAfterCalls?: number | undefined;
  /** Called when so many calls took effect: a copy of the world made here is what a crash at this point leaves. */
  readonly afterCalls?: ((count: number) => void) | undefined;
  /** Called around the effect of each call. */
  readonly around?: ((index: number, name: string, when: 'before' | 'after') => Promise<void>) | undefined;
}

/** What one run of the timer came to; `undefined`: its process ended first. */
export const runRotation = async (
  world: RotationWorld,
  { crashAfterCalls = Number.POSITIVE_INFINITY, afterCalls, around }: RunOptions = {},
): Promise<{ readonly summary: RotationSummary | undefined; readonly calls: readonly string[] }> => {
  const calls: string[] = [];
  let crash: () => void = () => undefined;
  const crashed = new Promise<undefined>((resolve) => {
    crash = () => resolve(undefined);
  });
  const never = new Promise<never>(() => {});
  const call = async <T>(name: string, effect: () => T): Promise<T> => {
    if (calls.length >= crashAfterCalls) {
      crash();
      return never;
    }
    const index = calls.push(name) - 1;
    await around?.(index, name, 'before');
    world.elapsedMs += CALL_MS;
    const result = effect();
    watch(world);
    afterCalls?.(calls.length);
    await around?.(index, name, 'after');
    return result;
  };
  const clock: Clock = {
    nowEpochMs: () => worldNow(world),
    monotonicMs: () => world.elapsedMs,
    sleep: async (ms) => {
      if (calls.length >= crashAfterCalls) {
        crash();
        return never;
      }
      world.elapsedMs += ms;
      return undefined;
    },
  };
  const rotate = rotationPorts(world, call, clock);
  const secrets = { registerSecret: () => () => undefined };
  const rotator = createRotator(
    { rotations: [world.rotation], isConfiguredName: () => false },
    { clock, telemetry: world.telemetry, secrets, rotate },
  );
  const summary = await Promise.race([rotator.startRun(600), crashed]);
  return { summary, calls };
};

/** Another world in the same state, so that what many runs have in common happens once. */
export const copyOf = (world: RotationWorld): RotationWorld => {
  const { secrets, control, vault, lagMs, faults, accepted, broken, heldUntilMs } = world;
  return {
    ...world,
    secrets: secrets.map((secret) => ({ ...secret })),
    control: { ...control, lease: control.lease && { ...control.lease }, aside: [...control.aside] },
    vault: { ...vault, versions: [...vault.versions] },
    lagMs: { ...lagMs },
    faults: { ...faults },
    accepted: new Map(accepted),
    telemetry: recordingTelemetry(),
    broken: [...broken],
    heldUntilMs: new Map(heldUntilMs),
  };
};

/** Everything that decides how a world goes on, but for the rotation and a sabotage. */
const stateOf = ({ rotation: _, sabotage: __, telemetry: ___, ...world }: RotationWorld): string =>
  JSON.stringify({ ...world, accepted: [...world.accepted], heldUntilMs: [...world.heldUntilMs] });

/**
 * Lives each state once in which others of the same rotation go on. The next run comes with a full minute, so that
 * worlds between which nothing but a moment has passed are one.
 */
export const oncePerState = (
  live: (world: RotationWorld) => Promise<void>,
): ((world: RotationWorld) => Promise<void>) =>
  oncePer((world) => {
    world.elapsedMs = Math.ceil(world.elapsedMs / MINUTE_MS) * MINUTE_MS;
    watch(world);
    return stateOf(world);
  }, live);

const readingsOf = oncePerText((id) =>
  oncePerText((body) => readRecord(body, id, ROTATION_RECORD, digestOf)),
);

/** Whether a run would do more than read the record; its calls take less than a second until then. */
const isDue = (world: RotationWorld): boolean => {
  const reading = readingsOf(world.rotation.id)(world.control.body ?? '');
  return reading.kind !== 'record' || reading.record.nextEpochMs <= worldNow(world) + 1_000;
};

/**
 * Lets the timer run, ever more seldom, for some days: as long as there is something to do.
 * @param isRun leaves out what is not due by the record's own word; a test compares
 */
export const liveOn = async (world: RotationWorld, days: number, isRun = isDue): Promise<void> => {
  const minutes = [10, 10, 10, 10, 10, 20, 60, 60];
  for (const pause of [...minutes, ...Array<number>(days).fill(24 * 60)]) {
    world.elapsedMs += pause * 60_000;
    watch(world);
    if (isRun(world)) await runRotation(world);
  }
};
