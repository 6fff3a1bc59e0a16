import { type StoreAnswer, type StoreFailure, storeFailure } from '../../kernel/storeFailure.ts';
import { isReachableSeq } from '../../oauth/rules/grantTagNames.ts';
import { envelopeSeq } from '../../stores/rules/sealedEnvelope.ts';
import type { FallbackStore, KeptEnvelope } from '../ports.ts';
import type { ControlRecord, SealedPhase } from '../rules/controlRecord.ts';
import { grantDeadline } from '../rules/deadline.ts';
import { isSpent } from '../rules/vaultView.ts';
import type { Attempt } from './attempt.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Above the record's own sequence number there are one or two envelopes; more are somebody else's. */
const MOST_PAGES = 10;

/** `unknown`: the sink or the key cannot be had now, so that a newer token may lie there all the same. */
export type FallbackSearch =
  | { readonly kind: 'found'; readonly id: string; readonly phase: SealedPhase }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly failure: StoreFailure };

type SearchPorts = Pick<Attempt, 'ports' | 'grant' | 'profile' | 'leased'>;

/**
 * The newest token of this grant in the fallback store, if it is newer than the one that the record knows.
 * Damaged envelopes are passed over: whoever puts rubbish on top must not hide what lies below. One whose key
 * is away is not: the key can come back, and what lies below has been spent. So much rubbish that one look
 * does not get through it is reported, and waits for a person.
 * @param isRefused the server refused the record's token for good
 */
export const findInFallback = async (
  attempt: SearchPorts,
  record: ControlRecord,
  baseVersions: readonly string[],
  isRefused = false,
): Promise<FallbackSearch> => {
  // A token of somebody else's that never worked here: ours, which gave way to it, is wanted back.
  const aboveSeq = isRefused && record.refreshedAtEpochMs === undefined ? 0 : record.seq;
  for await (const page of pagesOf(attempt, () => aboveSeq)) {
    if (!page.ok) return { kind: 'unknown', failure: page };
    const search = await searchPage(attempt, record, baseVersions, aboveSeq, page.envelopes);
    if (search.kind !== 'none') return search;
  }
  return { kind: 'none' };
};

/**
 * The highest sequence number that any envelope of this grant bears, opened or not. Of a record that was lost it
 * says how far that had come, so that what lies here stays older than what comes from now on.
 * @param from the highest number that is known
 */
export const highestInFallback = async (
  attempt: ListingAttempt,
  from: number,
): Promise<StoreAnswer<{ readonly seq: number }>> => {
  let seq = from;
  // Only what is above the highest so far is listed on: what somebody named for the first page hides none that is higher.
  for await (const page of pagesOf(attempt, () => seq)) {
    if (!page.ok) return page;
    const reachable = page.envelopes
      .map(({ envelope }) => envelopeSeq(envelope))
      .filter((found) => isReachableSeq(found, from));
    seq = Math.max(seq, ...reachable);
  }
  return { ok: true, seq };
};

interface ListingAttempt {
  readonly ports: { readonly fallback: Pick<FallbackStore, 'list'> };
  readonly grant: Pick<Attempt['grant'], 'id'>;
}

/** The highest sequence numbers first; a failure is the last page. */
async function* pagesOf(
  { ports, grant }: ListingAttempt,
  aboveSeq: () => number,
): AsyncGenerator<StoreAnswer<{ readonly envelopes: readonly KeptEnvelope[] }>> {
  let from: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const listed = await ports.fallback.list(grant.id, aboveSeq(), from);
    yield listed.ok ? { ok: true, envelopes: listed.fallback } : listed;
    if (!listed.ok || listed.next === undefined) return;
    from = listed.next;
  }
  yield tooMany;
}

const tooMany = storeFailure('fallback', 'tampered', {
  message:
    'The fallback store holds more envelopes above the record of this grant than one look gets through.',
});

const searchPage = async (
  { ports, grant, profile, leased }: SearchPorts,
  record: ControlRecord,
  baseVersions: readonly string[],
  aboveSeq: number,
  page: readonly KeptEnvelope[],
): Promise<FallbackSearch> => {
  const newestFirst = page
    .map(({ id, envelope }) => ({ id, envelope, seq: envelopeSeq(envelope) }))
    .filter(({ seq }) => seq > aboveSeq)
    .sort((a, b) => b.seq - a.seq);
  for (const { id, envelope } of newestFirst) {
    const opened = await ports.seal.unseal(envelope, grant.id);
    if (!opened.ok && opened.reason === 'tampered') continue;
    if (!opened.ok) return { kind: 'unknown', failure: opened };
    const fingerprint = fingerprintOf(record.salt, opened.plaintext);
    const isOld = opened.seq <= record.seq;
    if (isOld && (fingerprint === record.fingerprint || isSpent(record, fingerprint))) continue;
    const refreshedAtEpochMs = leased.storeNowEpochMs();
    const phase: SealedPhase = {
      state: 'sealed',
      // Its authentication tag and what is before it: no other envelope ends so.
      attemptId: envelope.slice(-40),
      envelope,
      seq: isOld ? record.reservedSeq + 1 : opened.seq,
      fingerprint,
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
