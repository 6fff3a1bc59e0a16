import { type Failure, permanentFailure } from '../kernel/failure.ts';
import type { HoldSecret } from '../oauth/holdingCredentials.ts';
import { type LeasedRecord, type LeaseTimings, leaseRecord } from '../stores/leasedRecord.ts';
import type { RotationPorts } from './ports.ts';
import { LEASE_MS, PERMANENT_RETRY_MS, type Rotation, TRANSIENT_RETRY_MS } from './rules/rotation.ts';
import { newRotationRecord, ROTATION_RECORD, type RotationRecord } from './rules/rotationRecord.ts';
import { addAndSeal, rest, waitOutIntent } from './steps/begin.ts';
import { finishSealed } from './steps/finishSealed.ts';
import { removeOne } from './steps/removeOne.ts';
import { failed, nobodyOwns, type RotationWork, type Step, type Turn } from './steps/step.ts';

const TIMINGS: LeaseTimings = { leaseSeconds: LEASE_MS / 1000, fenceMarginMs: 10_000 };

/**
 * What a turn asks of a rotation, in order: the first step that has something to do ends it. A removal that the
 * directory refuses for ever keeps no new secret from being made.
 */
const STEPS: readonly Step[] = [finishSealed, waitOutIntent, addAndSeal, removeOne, rest];

export interface TimedTurn extends Turn {
  readonly nowEpochMs: number;
}

export interface TurnContext {
  readonly signal: AbortSignal;
  readonly hold: HoldSecret;
}

/**
 * One turn at one rotation: under its lease, everything is read anew, and at most one thing is changed outside.
 * Killed anywhere, what the vault holds works; what was made and not stored is found by its name and removed.
 * @returns `undefined`: another worker has the lease, or nothing is to be done yet
 */
export const rotateSecret = async (
  ports: RotationPorts,
  rotation: Rotation,
  context: TurnContext,
): Promise<TimedTurn | undefined> => {
  const { clock } = ports;
  const opened = await leaseRecord(ports, rotation.id, TIMINGS, ROTATION_RECORD);
  if (!opened.ok) return opened.reason === 'held' ? undefined : early(opened, clock.nowEpochMs());
  const { leased } = opened;
  try {
    const reading = leased.reading();
    const nowEpochMs = leased.storeNowEpochMs();
    if (reading.kind === 'unreadable') return early(unreadable(rotation, reading.why), nowEpochMs);
    const record = reading.kind === 'record' ? reading.record : newRotationRecord(rotation.id);
    if (record.nextEpochMs > nowEpochMs) return undefined;
    const turn = await takeTurn({ ports, rotation, leased, record, nowEpochMs, ...context });
    const written = await close(leased, record, turn);
    return { ...(written ?? turn), nowEpochMs };
  } finally {
    await leased.close();
  }
};

const takeTurn = async (known: Omit<RotationWork, 'application' | 'held'>): Promise<Turn> => {
  const { ports, rotation, signal, hold } = known;
  const read = await ports.directory.readApplication(rotation.appId, signal);
  if (!read.ok) return failed(known, read);
  if (read.application === undefined) return failed(known, nobodyOwns(rotation));
  const latest = await ports.vault.readLatest(rotation.secret);
  if (!latest.ok && latest.reason !== 'not_found') return failed(known, latest);
  const held = latest.ok ? latest.latest : undefined;
  if (held !== undefined) hold(held.value, 'secret');
  const work = { ...known, application: read.application, held };
  for (const step of STEPS) {
    const turn = await step(work);
    if (turn !== undefined) return turn;
  }
  throw new Error('no step ended the turn');
};

/** Writes what comes next. Where that fails, the next turn decides by what it finds. */
const close = async (
  leased: LeasedRecord<RotationRecord>,
  record: RotationRecord,
  { phase, nextEpochMs, stored = record.stored, ...turn }: Turn,
): Promise<Turn | undefined> => {
  const current = leased.reading();
  const written = await leased.write({
    ...record,
    nextEpochMs,
    stored,
    phase: phase ?? (current.kind === 'record' ? current.record.phase : record.phase),
  });
  return written.ok || turn.failure !== undefined
    ? undefined
    : { ...turn, outcome: 'failed', failure: written, nextEpochMs };
};

const early = (failure: Failure, nowEpochMs: number): TimedTurn => ({
  outcome: 'failed',
  failure,
  nowEpochMs,
  nextEpochMs: nowEpochMs + (failure.retryable ? TRANSIENT_RETRY_MS : PERMANENT_RETRY_MS),
});

const unreadable = ({ id }: Rotation, why: string) =>
  permanentFailure({
    code: 'rotation_record_unreadable',
    message: `The record of rotation ${id} cannot be read (${why}).`,
    action: `Delete the blob rotations/${id}.json in the container keywatch-rotation: what vault and directory say is enough to go on, and a secret of which only that record knew is removed and made anew.`,
  });
