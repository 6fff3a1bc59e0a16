import type { ControlRecord, SealedPhase } from '../../domain/controlRecord.ts';
import { grantDeadline } from '../../domain/deadline.ts';
import type { StoreFailureCode } from '../../ports/storeFailure.ts';
import type { Attempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

const SEQ = /^kwseal1\.(\d{1,15})\./;

const NEVER_OPENS: ReadonlySet<StoreFailureCode> = new Set(['tampered', 'key_gone']);

/**
 * The newest token of this grant in the third sink that opens, if it is newer than the one that the record
 * knows: whoever puts rubbish on top must not hide what lies below. When the sink or the key does not answer
 * there is none to be had now; the sink keeps it.
 */
export const findOrphan = async (
  { ports, grant, profile }: Pick<Attempt, 'ports' | 'grant' | 'profile'>,
  record: ControlRecord,
  baseVersions: readonly string[],
): Promise<{ readonly id: string; readonly phase: SealedPhase } | undefined> => {
  const listed = await ports.orphans.list(grant.id);
  if (!listed.ok) return undefined;
  const newestFirst = listed.orphans
    .map(({ id, envelope }) => ({ id, envelope, seq: Number(SEQ.exec(envelope)?.[1] ?? -1) }))
    .filter(({ seq }) => seq > record.seq)
    .sort((a, b) => b.seq - a.seq);
  for (const { id, envelope } of newestFirst) {
    const opened = await ports.seal.unseal(envelope, grant.id);
    if (!opened.ok && NEVER_OPENS.has(opened.code)) continue;
    if (!opened.ok) return undefined;
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
    return { id, phase };
  }
  return undefined;
};
