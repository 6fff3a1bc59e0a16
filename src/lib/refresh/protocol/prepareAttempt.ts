import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { isTaggedDead } from '../../oauth/rules/deadMark.ts';
import { GRANT_TAGS, seqOf } from '../../oauth/rules/grantTagNames.ts';
import { canLoseToken, effectiveRotation } from '../../oauth/rules/rotation.ts';
import type { ControlRecord, DeadPhase, IntentPhase } from '../rules/controlRecord.ts';
import { endsAfterRefresh } from '../rules/grantEnds.ts';
import { decideAmbiguous, intentInstants } from '../rules/intentDeadline.ts';
import type { Attempt, LatestToken, PreparedAttempt } from './attempt.ts';
import { grantTags, TOKEN_CONTENT_TYPE } from './grantTags.ts';
import { writerOf } from './owner.ts';
import { writeWithEnd } from './writeWithEnd.ts';
import { beginClaim, yieldToOther } from './yieldToOther.ts';

/** Seconds that the watchdog comes after the instant from which it may act. */
const WATCHDOG_MARGIN_SECONDS = 2;

export type Preparation =
  | { readonly kind: 'prepared'; readonly prepared: PreparedAttempt }
  /** Nothing was spent, and the stores would have refused the new token. */
  | { readonly kind: 'refused'; readonly record: ControlRecord; readonly failure: StoreFailure }
  /** Nothing was spent: another deployment began with this secret at the same moment. */
  | { readonly kind: 'yielded'; readonly deployment: string }
  /** This process stood still past its lease or the window of a retry, or the vault has changed: nothing it knows is certain. */
  | { readonly kind: 'lease_expired' };

/**
 * Proves that a new token can be kept, and then declares that one is about to be asked for. Everything
 * that can fail is made to fail here, while the token is still good.
 */
export const prepareAttempt = async (
  attempt: Attempt,
  found: ControlRecord,
  base: LatestToken,
  earlier: IntentPhase | undefined,
  again?: DeadPhase | undefined,
): Promise<Preparation> => {
  const { ports, leased, timings, grant, profile } = attempt;
  const sealing = await ports.seal.prepare();
  if (!sealing.ok) return { kind: 'refused', record: found, failure: sealing };
  const claim = canLoseToken(profile.rotation)
    ? await beginClaim(attempt, found, base, earlier ?? again ?? found.phase)
    : { ok: true as const, record: found };
  if (!claim.ok) return { kind: 'refused', record: found, failure: claim };
  const { record } = claim;
  const proven = await proveWritable(attempt, record, base);
  if (proven === 'changed') return { kind: 'lease_expired' };
  if ('deployment' in proven) return { kind: 'yielded', ...proven };
  // A write without acknowledgement may land later, on top of a newer token: have it looked at soon.
  if (!proven.ok) {
    const reconciledAtEpochMs = proven.mayHaveLanded ? undefined : record.reconciledAtEpochMs;
    return { kind: 'refused', record: { ...record, reconciledAtEpochMs }, failure: proven };
  }
  if (!leased.canStart(0)) return { kind: 'lease_expired' };

  if (effectiveRotation(profile.rotation).kind === 'grace') {
    const delaySeconds = timings.retryAfterMs / 1000 + WATCHDOG_MARGIN_SECONDS;
    const watched = await ports.watchdog.arm(grant.id, delaySeconds);
    if (!watched.ok) return { kind: 'refused', record, failure: watched };
  }
  // All of this took time: a window that was open for the retry may have closed.
  const isTooLate =
    earlier !== undefined &&
    canLoseToken(profile.rotation) &&
    decideAmbiguous(earlier, leased.storeNowEpochMs()).kind === 'wait';
  if (isTooLate) return { kind: 'lease_expired' };
  const nextSeq = Math.max(record.seq, record.reservedSeq) + 1;
  const intent: IntentPhase = {
    state: 'intent',
    attemptId: ports.newId(),
    ...intentInstants(timings, leased.storeNowEpochMs(), earlier?.graceAnchorEpochMs),
    nextSeq,
    baseFingerprint: base.fingerprint,
    baseVersions: [...new Set([...(earlier?.baseVersions ?? []), base.version, proven.version])],
    isRetry: earlier !== undefined,
    reported: false,
    again,
  };
  const declared = { ...record, versionsBeforeClaim: undefined, reservedSeq: nextSeq, phase: intent };
  const written = await leased.write(declared);
  if (!written.ok) return { kind: 'refused', record, failure: written };
  return { kind: 'prepared', prepared: { ...attempt, record: declared, intent, base, seal: sealing.seal } };
};

/**
 * Writes the current token again as a new version: the same operation on the same secret that the new
 * token will need, so it finds a lost role, a soft-deleted name, a full tag list, a closed firewall.
 * Where the old token stays good there is nothing to lose and nothing is written. Where an attempt before
 * this one left such a version it is touched in place: Key Vault forgets no version, and an attempt that
 * fails day after day must not make one each time.
 */
const proveWritable = async (
  attempt: Attempt,
  record: ControlRecord,
  base: LatestToken,
): Promise<
  { readonly ok: true; readonly version: string } | { readonly deployment: string } | StoreFailure | 'changed'
> => {
  const { ports, grant, profile, leased } = attempt;
  if (!canLoseToken(profile.rotation)) return { ok: true, version: base.version };
  const recordClaim = async (version: string) =>
    record.versionsBeforeClaim === undefined ? undefined : yieldToOther(attempt, record, version);
  // The last look before a write that would cover what a person has written since the first.
  const now = await ports.vault.readLatest(grant.secret);
  if (!now.ok) return now;
  if (now.latest.version !== base.version) return 'changed';
  const tags = grantTags(base.tags, grant, { ...record, stage: 'intent' });
  // Tried again after it was called dead, it ends when it did before.
  const expiresOnEpochMs = isTaggedDead(base) ? record.deadlineEpochMs : base.expiresOnEpochMs;
  if (writerOf(base) === record.deployment && isPreflightOf(record, base)) {
    const touched = await ports.vault.updateProperties(grant.secret, base.version, {
      tags,
      expiresOnEpochMs,
    });
    if (!touched.ok) return touched;
    return (await recordClaim(base.version)) ?? { ok: true, version: base.version };
  }
  const version = { value: base.value, tags, contentType: base.contentType ?? TOKEN_CONTENT_TYPE };
  const { deadlineEpochMs } = endsAfterRefresh(record, {
    profile,
    usedAtEpochMs: leased.storeNowEpochMs(),
    rotated: true,
    expiresInSeconds: undefined,
  });
  // Refused for the end of the old token, it may still be taken with that of the new one, which is what counts.
  const ends = [expiresOnEpochMs, ...(deadlineEpochMs === undefined ? [] : [deadlineEpochMs])] as const;
  const written = await writeWithEnd(ports.vault, grant.secret, version, ends);
  if (!written.ok) return written;
  return (await recordClaim(written.version)) ?? written;
};

/** Whether the latest version is the current token, written by the preflight of an earlier attempt. */
const isPreflightOf = (record: ControlRecord, { tags, fingerprint }: LatestToken): boolean =>
  tags[GRANT_TAGS.stage] === 'intent' && seqOf(tags) === record.seq && fingerprint === record.fingerprint;
