import type { StoreAnswer } from '../../kernel/storeFailure.ts';
import { type ControlRecord, newControlRecord, type SealedPhase } from '../rules/controlRecord.ts';
import type { ControlReading } from '../rules/controlRecordText.ts';
import { intentInstants } from '../rules/intentDeadline.ts';
import type { Attempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

type Unreadable = Extract<ControlReading, { kind: 'unreadable' }>;

/**
 * Replaces a control blob that this program cannot read, after copying it aside. What it said is unknown,
 * so the worst is assumed: that an attempt is under way. A sealed token found in it is taken up; while one
 * cannot be opened the blob stays as it is, because an assumed attempt ends with the old token being sent.
 */
export const rebuildRecord = async (
  attempt: Attempt,
  unreadable: Unreadable,
): Promise<StoreAnswer<{ readonly record: ControlRecord; readonly aside: string }>> => {
  const { ports, leased, grant } = attempt;
  const empty = newControlRecord(grant.id, ports.newId());
  const opened = await newestEnvelope(attempt, empty, unreadable.envelopes);
  if (!opened.ok) return opened;
  const aside = await ports.control.archiveUnreadable(leased.lease(), leased.body() ?? '');
  if (!aside.ok) return aside;
  const { sealed } = opened;
  const record = sealed === undefined ? unknownAttempt(attempt, empty) : { ...empty, phase: sealed };
  const written = await leased.write(record);
  return written.ok ? { ok: true, record, aside: aside.name } : written;
};

/** A record that assumes an attempt of which nothing is known to be under way. */
export const unknownAttempt = (
  { ports, leased, timings }: Attempt,
  record: ControlRecord,
): ControlRecord => ({
  ...record,
  phase: {
    state: 'intent',
    attemptId: ports.newId(),
    ...intentInstants(timings, leased.storeNowEpochMs(), undefined),
    nextSeq: record.seq + 1,
    baseFingerprint: undefined,
    baseVersions: [],
    isRetry: true,
    reported: true,
  },
});

const newestEnvelope = async (
  { ports, grant, leased }: Attempt,
  record: ControlRecord,
  envelopes: readonly string[],
): Promise<StoreAnswer<{ readonly sealed: SealedPhase | undefined }>> => {
  let newest: SealedPhase | undefined;
  for (const envelope of envelopes) {
    const opened = await ports.seal.unseal(envelope, grant.id);
    if (!opened.ok && opened.reason !== 'tampered') return opened;
    if (!opened.ok || opened.seq <= (newest?.seq ?? -1)) continue;
    newest = {
      state: 'sealed',
      attemptId: ports.newId(),
      envelope,
      seq: opened.seq,
      fingerprint: fingerprintOf(record.salt, opened.plaintext),
      baseFingerprint: undefined,
      baseVersions: [],
      refreshedAtEpochMs: leased.storeNowEpochMs(),
      deadlineEpochMs: undefined,
    };
  }
  return { ok: true, sealed: newest };
};
