import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { passing, type RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlRecord, SealedPhase } from '../rules/controlRecord.ts';
import { type Attempt, readLatestToken } from './attempt.ts';
import { type PlacedToken, placeToken } from './placeToken.ts';
import { recordStored } from './settleStored.ts';

/**
 * Finishes what an earlier worker began: brings a sealed token into the vault. The old token is never
 * sent while one is sealed: it has been spent.
 */
export const recoverSealed = async (
  attempt: Attempt,
  record: ControlRecord,
  phase: SealedPhase,
): Promise<RefreshOutcome> => {
  const { ports, grant } = attempt;
  const keep = (failure: StoreFailure): RefreshOutcome => ({
    kind: 'not_stored',
    ...failure,
    seq: phase.seq,
  });
  const read = await readLatestToken(attempt, record.salt);
  // Of a first consent the secret may not be there yet.
  if (!read.ok && read.reason !== 'not_found') return keep(read);
  const opened = await ports.seal.unseal(phase.envelope, grant.id);
  if (!opened.ok) return keep(opened);
  const token: PlacedToken = {
    refreshToken: opened.plaintext,
    fingerprint: phase.fingerprint,
    seq: phase.seq,
    refreshedAtEpochMs: phase.refreshedAtEpochMs,
    deadlineEpochMs: phase.deadlineEpochMs,
    baseFingerprint: phase.baseFingerprint,
    baseVersions: phase.baseVersions,
    fallbackTags: read.ok ? read.latest.tags : {},
  };
  const placed = await placeToken(attempt, record, token);
  if (placed.kind === 'failed') return keep(placed.failure);
  if (placed.kind === 'overtaken') return moveToFallback(attempt, record, phase);
  // The worker that sealed it may have written the vault without a look.
  const settled = await recordStored(attempt, record, token, true);
  if (settled.kind === 'unverified') {
    return passing('not_stored', {
      ...settled.problem,
      action: 'Nothing now: the token is kept sealed and put into the vault again.',
      seq: phase.seq,
    });
  }
  // Reported once it is on record: the next run finds the same, and would tell it again.
  if (settled.kind === 'unrecorded') {
    const message = `The new token is in the vault, and stays sealed until that is certain and on record: ${settled.failure.message}`;
    return keep({ ...settled.failure, message });
  }
  return { kind: 'recovered', seq: phase.seq, deadlineEpochMs: phase.deadlineEpochMs };
};

/** The vault has something that wins: our token goes to the fallback store, and what is there is used. */
export const moveToFallback = async (
  attempt: Pick<Attempt, 'ports' | 'grant' | 'leased'>,
  record: ControlRecord,
  phase: SealedPhase,
): Promise<RefreshOutcome> => {
  const { ports, grant, leased } = attempt;
  const put = await ports.fallback.put(grant.id, phase.envelope);
  if (!put.ok) return { kind: 'not_stored', ...put, seq: phase.seq };
  const reservedSeq = Math.max(record.reservedSeq, phase.seq);
  await leased.write({ ...record, reservedSeq, reconciledAtEpochMs: undefined, phase: { state: 'idle' } });
  return passing('not_stored', {
    code: 'superseded',
    needsPerson: true,
    message: `Grant ${grant.id}: somebody wrote another token into the vault while ours was on its way; theirs is used, ours is kept aside, sealed.`,
    action: 'Nothing, if a person consented again; otherwise find out what else writes this secret.',
    seq: phase.seq,
  });
};
