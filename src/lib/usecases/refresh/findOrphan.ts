import type { ControlRecord, SealedPhase } from '../../domain/controlRecord.ts';
import { grantDeadline } from '../../domain/deadline.ts';
import type { Attempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

const SEQ = /^kwseal1\.(\d{1,15})\./;

/**
 * The newest token of this grant in the third sink, if it is newer than the one that the record knows.
 * When the sink or the key does not answer there is none to be had now; the sink keeps it.
 */
export const findOrphan = async (
  { ports, grant, profile }: Pick<Attempt, 'ports' | 'grant' | 'profile'>,
  record: ControlRecord,
  baseVersions: readonly string[],
): Promise<{ readonly id: string; readonly phase: SealedPhase } | undefined> => {
  const listed = await ports.orphans.list(grant.id);
  if (!listed.ok) return undefined;
  const newest = listed.orphans
    .map(({ id, envelope }) => ({ id, envelope, seq: Number(SEQ.exec(envelope)?.[1] ?? -1) }))
    .filter(({ seq }) => seq > record.seq)
    .sort((a, b) => b.seq - a.seq)[0];
  if (newest === undefined) return undefined;
  const opened = await ports.seal.unseal(newest.envelope, grant.id);
  if (!opened.ok) return undefined;
  const refreshedAtEpochMs = ports.clock.nowEpochMs();
  const phase: SealedPhase = {
    state: 'sealed',
    attemptId: newest.envelope.slice(0, 40),
    envelope: newest.envelope,
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
  return { id: newest.id, phase };
};
