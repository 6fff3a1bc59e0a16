import type { AzureErrorReason } from '../../../src/lib/azure/azureErrorReason.ts';
import { TAGS } from '../../../src/lib/credentials/tagNames.ts';
import type { ApplicationSecrets, SecretChangeFailure } from '../../../src/lib/directory/ports.ts';
import type { Clock } from '../../../src/lib/kernel/clock.ts';
import { permanentFailure } from '../../../src/lib/kernel/failure.ts';
import { DAY_MS } from '../../../src/lib/kernel/time.ts';
import type { RotationPorts } from '../../../src/lib/rotate/ports.ts';
import { attemptOf, type Rotation } from '../../../src/lib/rotate/rules/rotation.ts';
import { recordingTelemetry } from '../recordingTelemetry.ts';
import {
  type ControlState,
  failure,
  fakeControlStore,
  newControlState,
  type PortCall,
  portOf,
} from '../refresh/fakeControlStore.ts';
import { fakeTokenSeal } from '../refresh/fakeTokenSeal.ts';
import { addVersion, fakeTokenStore, newVaultState, type VaultState } from '../refresh/fakeTokenStore.ts';

/** A secret of the application as it really is; reads and the token service may be behind. */
interface RealSecret {
  readonly keyId: string;
  readonly displayName: string | undefined;
  readonly value: string;
  readonly startMs: number;
  readonly endMs: number;
  removedMs: number;
}

/** Everything that survives a crash, and the clock. Times are the world's elapsed milliseconds. */
export interface RotationWorld {
  readonly rotation: Rotation;
  readonly secrets: RealSecret[];
  readonly control: ControlState;
  readonly vault: VaultState;
  /** How far behind the truth is what a read of the directory shows, and what the token service knows. */
  readonly lagMs: { directory: number; tokens: number };
  /** Of the next write to the vault, the next secret to be made, the next removal. */
  readonly faults: {
    vault?: 'refuses' | 'lost' | 'silent' | undefined;
    add?: 'lost' | 'silent' | 'refuses' | undefined;
    remove?: 'lost' | 'conflict' | undefined;
    tokens?: 'refuse new' | undefined;
    /** Absent: there are no sign-in logs. `show it`: everything that consumers ever had is used right now. */
    use?: 'silent' | 'show it' | undefined;
  };
  /** Proofs of each secret that were accepted. */
  readonly accepted: Map<string, number>;
  readonly telemetry: ReturnType<typeof recordingTelemetry>;
  /** What was done against the promises. */
  readonly broken: string[];
  /** Until when each value was the newest one of the vault; absent: it never was. */
  readonly heldUntilMs: Map<string, number>;
  sabotage: (ports: RotationPorts) => RotationPorts;
  elapsedMs: number;
  made: number;
}

export const ROTATION: Rotation = {
  id: 'crm',
  appId: '00000000-0000-0000-0000-00000000a001',
  tenantId: '00000000-0000-0000-0000-00000000e001',
  authorityHost: 'login.example',
  scope: 'https://graph.example/.default',
  secret: { vaultUrl: 'https://kv.vault.azure.net', name: 'crm-secret' },
  lifetimeDays: 90,
  rotateAtShare: 0.5,
  keepOldDays: 7,
  adopt: [],
  owner: 'crm-team',
};

const START_EPOCH_MS = Date.parse('2026-11-22T12:10:00Z');
export const FOREIGN = 'f0000000-0000-0000-0000-000000000000';

/** An application whose secret a person made long ago, and wrote into the vault. */
export const rotationWorld = (rotation: Rotation = ROTATION): RotationWorld => {
  const world: RotationWorld = {
    rotation,
    secrets: [
      {
        ...{ keyId: FOREIGN, displayName: 'made by hand', value: 'value-of-a-person' },
        ...{ startMs: -600 * DAY_MS, endMs: 700 * DAY_MS, removedMs: Number.POSITIVE_INFINITY },
      },
    ],
    control: newControlState(),
    vault: newVaultState(),
    lagMs: { directory: 0, tokens: 0 },
    faults: {},
    accepted: new Map(),
    telemetry: recordingTelemetry(),
    broken: [],
    heldUntilMs: new Map(),
    sabotage: (ports) => ports,
    elapsedMs: 0,
    made: 0,
  };
  const tags = { 'keywatch-owner': 'crm-team' };
  const byHand = { value: 'value-of-a-person', tags, expiresOnEpochMs: undefined, contentType: 'text/plain' };
  addVersion(world.vault, byHand, START_EPOCH_MS - 600 * DAY_MS);
  return world;
};

export const worldNow = ({ elapsedMs }: RotationWorld): number => START_EPOCH_MS + elapsedMs;

/** Whether the token service takes this value, for a consumer that is patient with what is new. */
export const works = (world: RotationWorld, value: string | undefined): boolean =>
  world.secrets.some(
    (secret) =>
      secret.value === value && secret.removedMs > world.elapsedMs && secret.endMs > world.elapsedMs,
  );

export const heldValue = (world: RotationWorld): string | undefined => world.vault.versions.at(-1)?.value;

/** Key ids that Keywatch made and that are still there. */
export const ownSecrets = (world: RotationWorld): readonly string[] =>
  world.secrets
    .filter(({ displayName, removedMs }) => attemptOf('crm', displayName) && removedMs > world.elapsedMs)
    .map(({ keyId }) => keyId);

export const watch = (world: RotationWorld): void => {
  const value = heldValue(world) ?? '';
  world.heldUntilMs.set(value, world.elapsedMs);
  if (!works(world, value)) world.broken.push(`consumers read a secret that does not work`);
};

const changeFailure = (reason: AzureErrorReason, mayHaveHappened: boolean): SecretChangeFailure => ({
  ok: false,
  ...{ code: `directory_${reason}`, reason, retryable: reason !== 'forbidden', mayHaveHappened },
  ...{ message: `The directory said ${reason}.`, action: 'Wait.' },
});

const fakeDirectory = (world: RotationWorld, call: PortCall): ApplicationSecrets =>
  portOf<ApplicationSecrets>('directory', call, {
    readApplication(appId) {
      const seenMs = world.elapsedMs - world.lagMs.directory;
      const credentials = world.secrets
        .filter(({ startMs, removedMs }) => startMs <= seenMs && removedMs > seenMs)
        .map(({ keyId, displayName, startMs, endMs }) => ({
          ...{ type: 'secret' as const, keyId, displayName, identifier: undefined },
          ...{ startEpochMs: START_EPOCH_MS + startMs, endEpochMs: START_EPOCH_MS + endMs },
        }));
      const application = {
        type: 'applications' as const,
        id: 'object-of-crm',
        appId,
        credentials,
        labels: [],
      };
      return { ok: true, application: { ...application, displayName: 'CRM', createdEpochMs: undefined } };
    },
    addSecret(_id, { displayName, endEpochMs }) {
      const fault = world.faults.add;
      world.faults.add = undefined;
      if (fault === 'refuses') return changeFailure('forbidden', false);
      if (fault === 'silent') return changeFailure('timeout', true);
      const keyId = `k${++world.made}`;
      const value = `value-of-${keyId}`;
      const endMs = endEpochMs - START_EPOCH_MS;
      world.secrets.push({
        ...{ keyId, displayName, value, endMs },
        ...{ startMs: world.elapsedMs, removedMs: Number.POSITIVE_INFINITY },
      });
      if (fault === 'lost') return changeFailure('timeout', true);
      return { ok: true, keyId, secretText: value, endEpochMs };
    },
    removeSecret(_id, keyId) {
      const fault = world.faults.remove;
      world.faults.remove = undefined;
      if (fault === 'conflict') return changeFailure('rejected', false);
      const found = world.secrets.find((secret) => secret.keyId === keyId);
      if (found === undefined || found.removedMs <= world.elapsedMs) return { ok: true };
      judgeRemoval(world, found);
      found.removedMs = world.elapsedMs;
      return fault === 'lost' ? changeFailure('timeout', true) : { ok: true };
    },
  });

const judgeRemoval = (world: RotationWorld, { keyId, displayName, value, endMs }: RealSecret): void => {
  const { adopt, keepOldDays } = world.rotation;
  if (attemptOf('crm', displayName) === undefined && !adopt.includes(keyId))
    world.broken.push('a secret of somebody else was removed');
  const heldUntilMs = world.heldUntilMs.get(value);
  if (heldUntilMs !== undefined && world.elapsedMs - heldUntilMs < keepOldDays * DAY_MS)
    world.broken.push('a secret was removed that consumers may still have');
  if (heldUntilMs !== undefined && world.faults.use === 'show it' && endMs > world.elapsedMs)
    world.broken.push('a secret was removed that somebody uses');
  const others = world.secrets.filter((secret) => secret.keyId !== keyId && works(world, secret.value));
  if (others.length === 0) world.broken.push('the last secret was removed');
};

/** The ports of one worker; every call goes through `call`. */
export const rotationPorts = (world: RotationWorld, call: PortCall, clock: Clock): RotationPorts => {
  const nowEpochMs = () => worldNow(world);
  const vault = fakeTokenStore(world.vault, nowEpochMs, call);
  return world.sabotage({
    clock,
    telemetry: world.telemetry,
    control: fakeControlStore(world.control, nowEpochMs, call),
    seal: fakeTokenSeal(call),
    vault: {
      ...vault,
      write: (secret, version) => {
        const fault = world.faults.vault;
        if (fault === 'refuses')
          return call('vault.write', () => ({ ...failure('vault', 'forbidden'), retryable: false }));
        world.faults.vault = undefined;
        if (fault === 'silent') return call('vault.write', () => failure('vault', 'unavailable', true));
        world.vault.loseAcknowledgement = fault === 'lost';
        if ((world.accepted.get(version.value) ?? 0) < 3)
          world.broken.push('consumers were given an unproven secret');
        if (version.tags[TAGS.keyId] === undefined) world.broken.push('a version does not say what it holds');
        return vault.write(secret, version);
      },
    },
    directory: fakeDirectory(world, call),
    use: world.faults.use && {
      lastUses: () =>
        call('use', () =>
          world.faults.use === 'silent'
            ? changeFailure('timeout', false)
            : { ok: true, lastUses: new Map(world.secrets.map(({ keyId }) => [keyId, worldNow(world)])) },
        ),
    },
    proof: {
      prove: ({ secret, madeEpochMs = 0 }) =>
        call('proof', () => {
          const knownMs = world.elapsedMs - world.lagMs.tokens;
          const isNew = world.faults.tokens === 'refuse new' && secret !== 'value-of-a-person';
          const isTaken = world.secrets.some(
            ({ value, startMs, removedMs, endMs }) =>
              value === secret && startMs <= knownMs && removedMs > knownMs && endMs > world.elapsedMs,
          );
          if (isTaken && !isNew) {
            world.accepted.set(secret, (world.accepted.get(secret) ?? 0) + 1);
            return { ok: true };
          }
          const isFresh = worldNow(world) - madeEpochMs < 10 * 60_000;
          const refused = permanentFailure({
            code: isFresh ? ('settling' as const) : ('credential_wrong' as const),
            ...{ message: 'Entra ID does not know the secret.', action: 'Make another.' },
          });
          return { ...refused, retryable: isFresh };
        }),
    },
    newId: () => `attempt-${++world.made}`,
  });
};
