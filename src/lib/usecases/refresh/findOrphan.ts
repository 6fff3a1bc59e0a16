import type { ControlRecord, SealedPhase } from '../../domain/controlRecord.ts';
import { grantDeadline } from '../../domain/deadline.ts';
import type { StoreFailure } from '../../ports/storeFailure.ts';
import type { Attempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

const SEQ = /^kwseal1\.(\d{1,15})\./;

/** `unknown`: the sink or the key cannot be had now, so that a newer token may lie there all the same. */
export type OrphanSearch =
  | { readonly kind: 'found'; readonly id: string; readonly phase: SealedPhase }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly failure: StoreFailure };

/**
 * The newest token of this grant in the third sink, if it is newer than the one that the record knows.
 * Damaged envelopes are passed over: whoever puts rubbish on top must not hide what lies below. One whose key
 * is away is not: the key can come back, and what lies below has been spent.
 */
export const findOrphan = async (
  { ports, grant, profile }: Pick<Attempt, 'ports' | 'grant' | 'profile'>,
  record: ControlRecord,
  baseVersions: readonly string[],
): Promise<OrphanSearch> => {
  const listed = await ports.orphans.list(grant.id);
  if (!listed.ok) return { kind: 'unknown', failure: listed };
  const newestFirst = listed.orphans
    .map(({ id, envelope }) => ({ id, envelope, seq: Number(SEQ.exec(envelope)?.[1] ?? -1) }))
    .filter(({ seq }) => seq > record.seq)
    .sort((a, b) => b.seq - a.seq);
  for (const { id, envelope } of newestFirst) {
    const opened = await ports.seal.unseal(envelope, grant.id);
    if (!opened.ok && opened.code === 'tampered') continue;
    if (!opened.ok) return { kind: 'unknown', failure: opened };
    const refreshedAtEpochMs = ports.clock.nowEpochMs();
    const phase: SealedPhase = {
      state: 'sealed',
      attemptId: envelope.slice(0, 40),
      envelope,
      seq: opened.seq,
      fingerprint: fingerprintOf(record.salt, opened.plaintext),
      baseFingerprint: record.fingerprint,
      baseVersions,
      refreshedAtEpochMs,
      deadlineEpochMs: grantDeadline({
        profile,
        usedAtEpochMs: refreshedAtEpochMs,
        issuedAtEpochMs: refreshedAtEpochMs,
        consentedAtEpochMs: record.consentedAtEpochMs,
        expiresInSeconds: undefined,
      }),
    };
    return { kind: 'found', id, phase };
  }
  return { kind: 'none' };
};
