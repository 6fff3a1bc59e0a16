import { randomUUID } from 'node:crypto';
import { rotationCredentialId } from '../credentials/credentialIds.ts';
import { ROTATION_JOB } from '../credentials/jobs.ts';
import type { RotationOutcome } from '../credentials/rotationOutcomes.ts';
import type { Clock } from '../kernel/clock.ts';
import { eachOf } from '../kernel/eachOf.ts';
import { permanenceOf } from '../kernel/failure.ts';
import { vaultNameOf } from '../kernel/vaultUrl.ts';
import type { HoldSecret } from '../oauth/holdingCredentials.ts';
import { forgettingWhenSent } from '../telemetry/forgetWhenSent.ts';
import type { SecretRegister } from '../telemetry/secretRegister.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { turnOf } from '../telemetry/turnOf.ts';
import type { RotationPorts } from './ports.ts';
import { rotateSecret, type TimedTurn } from './rotateSecret.ts';
import { type Rotation, rotationSubject } from './rules/rotation.ts';

export interface RotatorPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly secrets: SecretRegister;
  /** Absent where nothing is rotated. */
  readonly rotate: RotationPorts | undefined;
}

export interface RotatorSettings {
  readonly rotations: readonly Rotation[];
  /** Whether a value is a name of the configuration: nobody may make one a secret. */
  readonly isConfiguredName: (value: string) => boolean;
  /** Aborted: no turn is begun any more. */
  readonly ending?: AbortSignal | undefined;
}

export interface RotationSummary {
  readonly rotations: number;
  /** What came of those at which there was something to do. */
  readonly turns: readonly { readonly id: string; readonly outcome: RotationOutcome }[];
  /** Those that could not go on. */
  readonly failed: number;
}

/** What triggers may ask about rotations. */
export interface Rotator {
  /**
   * What a run of the rotation timer does: each rotation goes on for as long as it has not to wait, and the heartbeat.
   * @param periodSeconds between two runs; absent where nobody knows
   */
  startRun(periodSeconds?: number): Promise<RotationSummary>;
}

const AT_A_TIME = 4;
/** A turn that is due so soon is waited for: a secret is made, proven and stored in one run. */
const PATIENCE_MS = 30_000;
/** The clock of the store tells whole seconds. */
const STORE_TICK_MS = 1_000;
/** No turn is begun later in a run. */
const BEGIN_WITHIN_MS = 5 * 60_000;
/** Of one turn at the directory and the token service; its lease ends with it. */
const TURN_TIMEOUT_MS = 50_000;

/** The rotation of what the settings name, over these ports. */
export const createRotator = (
  { rotations, isConfiguredName, ending }: RotatorSettings,
  { clock, telemetry, secrets, rotate }: RotatorPorts,
): Rotator => {
  const forgetWhenSent = forgettingWhenSent(telemetry);

  const goOn = async (ports: RotationPorts, rotation: Rotation, runId: string, hold: HoldSecret) => {
    const startedMs = clock.monotonicMs();
    let last: TimedTurn | undefined;
    while (!ending?.aborted && clock.monotonicMs() - startedMs < BEGIN_WITHIN_MS) {
      const turn = await rotateSecret(ports, rotation, {
        hold,
        signal: AbortSignal.timeout(TURN_TIMEOUT_MS),
      });
      if (turn === undefined) break;
      last = turn;
      report(telemetry, rotation, turn, runId);
      const waitMs = turn.nextEpochMs - turn.nowEpochMs;
      if (waitMs > PATIENCE_MS) break;
      await ports.clock.sleep(Math.max(waitMs, 0) + STORE_TICK_MS, ending).catch(() => undefined);
    }
    return last;
  };

  return {
    async startRun(periodSeconds) {
      const startedMs = clock.monotonicMs();
      const runId = randomUUID();
      const turns: { id: string; outcome: RotationOutcome }[] = [];
      const held: (() => void)[] = [];
      const hold: HoldSecret = (value, origin) => {
        if (!isConfiguredName(value)) held.push(secrets.registerSecret(value, origin));
      };
      let broken = 0;
      if (rotate !== undefined)
        await eachOf(rotations, AT_A_TIME, async (rotation) => {
          const isWhole = await turnOf(
            telemetry,
            `The turn of rotation ${rotation.id} broke off.`,
            async () => {
              const last = await goOn(rotate, rotation, runId, hold);
              if (last !== undefined) turns.push({ id: rotation.id, outcome: last.outcome });
            },
            rotationSubject(rotation),
          );
          if (!isWhole) broken += 1;
        });
      const failed = broken + turns.filter(({ outcome }) => outcome === 'failed').length;
      telemetry.event('keywatch.run.completed', {
        ...{ job: ROTATION_JOB, runId, mode: 'timer', objects: rotations.length, pages: 0, periodSeconds },
        outcome: broken === 0 ? 'complete' : 'failed',
        reason: broken === 0 ? undefined : 'rotations_broke_off',
        durationMs: clock.monotonicMs() - startedMs,
      });
      await forgetWhenSent(() => held.splice(0).forEach((forget) => void forget()));
      return { rotations: rotations.length, turns, failed };
    },
  };
};

const report = (telemetry: Telemetry, rotation: Rotation, turn: TimedTurn, runId: string): void => {
  const { outcome, failure, keyId, endEpochMs: endsOn, lastUsedEpochMs: lastUsedOn } = turn;
  const { owner, runbook, appId: application, secret } = rotation;
  if (failure !== undefined && outcome !== 'settling')
    telemetry.failure({ ...failure, subject: rotationSubject(rotation) });
  telemetry.event('keywatch.rotation.advanced', {
    ...{
      credentialId: rotationCredentialId(rotation.id),
      outcome,
      keyId,
      endsOn,
      lastUsedOn,
      application,
      owner,
      runbook,
      runId,
    },
    ...{ vault: vaultNameOf(secret.vaultUrl), name: secret.name },
    permanence: failure && permanenceOf(failure),
    reason: failure?.code ?? turn.reason,
    httpStatus: failure?.httpStatus,
    action: failure?.action,
  });
};
