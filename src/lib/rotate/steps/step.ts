import type { RotationOutcome } from '../../credentials/rotationOutcomes.ts';
import type { DirectoryApplication } from '../../directory/rules/directoryApplication.ts';
import { type Failure, permanentFailure } from '../../kernel/failure.ts';
import type { HoldSecret } from '../../oauth/holdingCredentials.ts';
import { digestOf } from '../../stores/digestOf.ts';
import type { LeasedRecord } from '../../stores/leasedRecord.ts';
import type { TokenVersion } from '../../stores/ports.ts';
import type { RotationPorts } from '../ports.ts';
import type { RemovalView } from '../rules/removable.ts';
import {
  AFTER_TAKEN_BACK_MS,
  PERMANENT_RETRY_MS,
  type Rotation,
  TRANSIENT_RETRY_MS,
} from '../rules/rotation.ts';
import type { RotationPhase, RotationRecord, SealedPhase } from '../rules/rotationRecord.ts';

/** One rotation as this turn found it: all of it read under the lease, a moment ago. */
export interface RotationWork {
  readonly ports: RotationPorts;
  readonly rotation: Rotation;
  readonly leased: LeasedRecord<RotationRecord>;
  readonly record: RotationRecord;
  readonly application: DirectoryApplication;
  /** The newest version of the vault secret, with its value; absent: there is no such secret. */
  readonly held: TokenVersion | undefined;
  /** By the clock of the control store. */
  readonly nowEpochMs: number;
  readonly signal: AbortSignal;
  readonly hold: HoldSecret;
}

/** How a turn ended, and when there is something to do again. */
export interface Turn {
  readonly outcome: RotationOutcome;
  readonly nextEpochMs: number;
  /** What the record says from now on; absent: what it said. */
  readonly phase?: RotationPhase | undefined;
  /** What the vault was just seen to hold; absent: what the record says. */
  readonly stored?: RotationRecord['stored'];
  /** Why it does not go on; of what is still settling, what was said last. */
  readonly failure?: Failure | undefined;
  readonly keyId?: string | undefined;
  readonly endEpochMs?: number | undefined;
  /** When somebody last signed in with the secret. */
  readonly lastUsedEpochMs?: number | undefined;
  /** What there is to say of a turn that did not fail. */
  readonly reason?: 'use_unknown' | undefined;
}

/** Ends the turn where it has something to do; `undefined`: the next step is asked. */
export type Step = (work: RotationWork) => Turn | undefined | Promise<Turn | undefined>;

export const failed = (
  { nowEpochMs }: Pick<RotationWork, 'nowEpochMs'>,
  failure: Failure,
  phase?: RotationPhase,
): Turn => ({
  outcome: 'failed',
  failure,
  phase,
  nextEpochMs: nowEpochMs + (failure.retryable ? TRANSIENT_RETRY_MS : PERMANENT_RETRY_MS),
});

/** Gives up what was begun. Where its write may have landed below that of somebody else, consumers may have it. */
export const takenBack = (
  { nowEpochMs, held }: RotationWork,
  { keyId, attemptId, storingEpochMs, baseVersion }: SealedPhase,
  failure: Failure,
): Turn => {
  const wasNeverRead = storingEpochMs === undefined || held?.version === baseVersion;
  return {
    outcome: 'taken_back',
    failure,
    keyId,
    phase: {
      state: 'idle',
      notBeforeEpochMs: nowEpochMs + AFTER_TAKEN_BACK_MS,
      abandoned: wasNeverRead ? attemptId : undefined,
    },
    nextEpochMs: nowEpochMs + TRANSIENT_RETRY_MS,
  };
};

/** Of the vault, at most. A change at the directory ends with the signal of its turn, which is before the lease ends. */
const LONGEST_CALL_MS = 20_000;

export const removalView = ({ application, record, ...work }: RotationWork): RemovalView => ({
  ...work,
  heldKeyId:
    work.held && record.stored?.digest === digestOf(work.held.value) ? record.stored.keyId : undefined,
  credentials: application.credentials,
  abandoned: record.phase.state === 'idle' ? record.phase.abandoned : undefined,
});

/** Makes sure that what is begun now ends while the lease is ours; else the failure. */
export const whileOurs = async ({ leased }: RotationWork): Promise<Failure | undefined> => {
  if (leased.canStart(LONGEST_CALL_MS)) return undefined;
  const renewed = await leased.renew();
  return renewed.ok ? undefined : renewed;
};

export const nobodyOwns = (rotation: Rotation): Failure =>
  permanentFailure({
    code: 'rotation_application_gone',
    message: `The directory has no application with the client id ${rotation.appId}.`,
    action: `Correct "appId" of rotation ${rotation.id} in keywatch.config.json, restore the application, or take the rotation out.`,
  });
