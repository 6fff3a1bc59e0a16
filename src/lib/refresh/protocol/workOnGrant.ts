import { actingDeployment, UNNAMED_DEPLOYMENT } from '../../kernel/deployment.ts';
import { clockAheadAsAbsent } from '../../kernel/instant.ts';
import { isByHand } from '../../oauth/rules/grant.ts';
import type { FailedOutcome, RefreshOutcome } from '../refreshOutcome.ts';
import {
  type ControlRecord,
  type DeadPhase,
  type IntentPhase,
  newControlRecord,
  type ObservedRotation,
} from '../rules/controlRecord.ts';
import { believedProfile, currentObservation } from '../rules/observedRotation.ts';
import { decideRefreshDue } from '../rules/refreshDue.ts';
import { strictTimings } from '../rules/refreshTimings.ts';
import { mayTryAgain } from '../rules/tryAgain.ts';
import { type Attempt, type LatestToken, readLatestToken, withFailure } from './attempt.ts';
import { exchange } from './exchange.ts';
import { archiveUnreadable, assumeAttempt, failEarly, leaveAlone } from './leaveForNow.ts';
import { markDead } from './markDead.ts';
import { findOwner, mayBeUnderWay, ourNamesOf, showsUnknownAttempt, strangerOutcome } from './owner.ts';
import { prepareAttempt } from './prepareAttempt.ts';
import { readCredentials } from './readCredentials.ts';
import { reconcile } from './reconcile.ts';
import { recordAnswer } from './recordAnswer.ts';
import { deadOutcome } from './recordDead.ts';
import { recoverFromFallback } from './recoverFromFallback.ts';
import { recoverSealed } from './recoverSealed.ts';
import { resolveIntent } from './resolveIntent.ts';
import { restoreCovered } from './restoreCovered.ts';
import { withdrawIntent } from './withdrawIntent.ts';

const RECONCILE_EVERY_MS = 12 * 3_600_000;

/** `lease_expired`: this process stood still past its lease before anything was spent; start again. */
export type Work = RefreshOutcome | { readonly kind: 'lease_expired' };

/** Everything between taking a grant's lease and giving it back. */
export const workOnGrant = async (asked: Attempt): Promise<Work> => {
  const reading = asked.leased.reading();
  if (reading.kind === 'unreadable') return archiveUnreadable(asked, reading);
  const found =
    reading.kind === 'record' ? reading.record : newControlRecord(asked.grant.id, asked.ports.newId());
  const own = asked.ports.deployment ?? UNNAMED_DEPLOYMENT;
  const deployment = actingDeployment(found.deployment, own, found.phase.state === 'idle');
  const observedRotation = currentObservation(asked.profile.rotation, found.observedRotation);
  const record: ControlRecord = { ...found, deployment, observedRotation };
  const attempt = observedRotation === undefined ? asked : asStrict(asked, observedRotation);
  if (record.phase.state === 'sealed') return recoverSealed(attempt, record, record.phase);

  const read = await readLatestToken(attempt, record.salt);
  if (!read.ok) return failEarly(attempt, record, read);
  const owner = await findOwner(attempt, record, ourNamesOf(found, deployment), read.latest);
  if (owner.kind === 'unknown') return failEarly(attempt, record, owner.failure);
  if (owner.kind === 'stranger') {
    if (attempt.trigger !== 'adopt') return leaveAlone(attempt, record, owner.deployment);
    // From now on its version is one that our record names.
    if (mayBeUnderWay(attempt, read.latest))
      return assumeAttempt(attempt, { ...record, version: read.latest.version });
  } else if (showsUnknownAttempt(attempt, record, read.latest)) {
    return assumeAttempt(attempt, { ...record, version: read.latest.version });
  }

  let earlier: IntentPhase | undefined;
  if (record.phase.state === 'intent') {
    const resolved = await resolveIntent(attempt, record, record.phase, read.latest);
    if (resolved.kind === 'done') return resolved.outcome;
    if (resolved.kind === 'unknown') return failEarly(attempt, record, resolved.failure);
    if (resolved.kind === 'retry') earlier = resolved.intent;
  }
  const agreed = await reconcile(attempt, record, read.latest);
  if (!agreed.ok) return failEarly(attempt, record, agreed);
  const { change, latest } = agreed.value;
  const current = agreed.value.record;
  if (change === 'healed') {
    if (current.phase.state !== 'intent') return recordReconciled(attempt, current, false);
    // The token that is being spent is on top again, and the window in which it may be sent again does not wait.
    const resolved = await resolveIntent(attempt, current, current.phase, latest);
    if (resolved.kind === 'done') return resolved.outcome;
    if (resolved.kind !== 'retry') return recordReconciled(attempt, current, false);
    earlier = resolved.intent;
  }
  if (change === 'caught_up' && record.phase.state === 'intent') {
    // The worker that stored it may have done so without a look.
    const { baseVersions: versions, baseFingerprint } = record.phase;
    const known = { versions, fingerprints: [baseFingerprint], seq: record.seq };
    const below = await restoreCovered(attempt, current, known);
    if (below.kind === 'unknown') return failEarly(attempt, record, below.failure);
    return recordReconciled(
      attempt,
      below.kind === 'restored' ? { ...current, reconciledAtEpochMs: undefined } : current,
      true,
    );
  }
  if (current.phase.state === 'dead') {
    const kept = await recoverFromFallback(attempt, current, current.previousVersions, true);
    if (kept.kind === 'done') return kept.outcome;
    const { trigger, profile, leased } = attempt;
    const { rotation } = profile;
    const nowEpochMs = leased.storeNowEpochMs();
    const { phase } = current;
    if (mayTryAgain({ phase, record, latest, rotation, trigger, nowEpochMs }))
      return spend(attempt, current, latest, undefined, phase);
    await markDead(attempt, latest, phase.sinceEpochMs);
    // On record each time: the timer counts its 15 minutes from it.
    await attempt.leased.write(current);
    const dead = deadOutcome(attempt.grant, current.phase);
    return current.phase.reported
      ? { kind: 'quarantined', sinceEpochMs: current.phase.sinceEpochMs, action: dead.action }
      : dead;
  }
  if (earlier === undefined && !isByHand(attempt.trigger)) {
    const nowEpochMs = attempt.leased.storeNowEpochMs();
    const due = decideRefreshDue({ grantId: attempt.grant.id, record: current, nowEpochMs });
    if (due.kind !== 'due') {
      if (change === 'none') await noteReconciled(attempt, record, current);
      else await attempt.leased.write(current);
      return { kind: 'not_due', reason: due.reason, coolingDownFrom: due.coolingDownFrom };
    }
  }
  if (reading.kind === 'none' || change === 'adopted') {
    // On record before anything else: a record that vanishes later is then known to have vanished.
    const known = await attempt.leased.write(
      earlier === undefined ? current : { ...current, phase: earlier },
    );
    if (!known.ok) return { kind: 'transient_failure', ...known };
  }
  return spend(attempt, current, latest, earlier);
};

const asStrict = (attempt: Attempt, observed: ObservedRotation): Attempt => ({
  ...attempt,
  profile: believedProfile(attempt.profile, observed),
  timings: strictTimings(attempt.timings),
});

const spend = async (
  attempt: Attempt,
  record: ControlRecord,
  latest: LatestToken,
  earlier: IntentPhase | undefined,
  again?: DeadPhase | undefined,
): Promise<Work> => {
  const { leased } = attempt;
  const keep = earlier ?? (again && { ...again, isAsked: true }) ?? ({ state: 'idle' } as const);
  const end = async (outcome: FailedOutcome, from: ControlRecord): Promise<FailedOutcome> => {
    await leased.write(withFailure(attempt, from, outcome, keep));
    return outcome;
  };
  const credentials = await readCredentials(attempt, latest);
  if (!credentials.ok) return end(credentials.outcome, record);
  // Each of the steps from here on leaves something behind for another worker to wait for.
  if (attempt.stop.aborted) return { kind: 'stopped' };
  const preparation = await prepareAttempt(attempt, record, latest, earlier, again);
  if (preparation.kind === 'lease_expired') return preparation;
  if (preparation.kind === 'yielded') {
    const unclaimed = { ...record, versionsBeforeClaim: undefined };
    return end(strangerOutcome(attempt, preparation.deployment), unclaimed);
  }
  if (preparation.kind === 'refused') {
    return end({ kind: 'preflight_failed', ...preparation.failure }, preparation.record);
  }
  const exchanged = await exchange(preparation.prepared, credentials.authenticate);
  if (exchanged.kind === 'fenced') return withdrawIntent(preparation.prepared, keep);
  return recordAnswer(preparation.prepared, exchanged);
};

const recordReconciled = async (
  attempt: Attempt,
  record: ControlRecord,
  isSeenAgain: boolean,
): Promise<RefreshOutcome> => {
  const written = await attempt.leased.write(record);
  // What the next run finds again would be reported again, at every run.
  if (!written.ok && isSeenAgain) return { kind: 'transient_failure', ...written };
  return { kind: 'recovered', seq: record.seq, deadlineEpochMs: record.deadlineEpochMs };
};

/** Remembers that the vault was looked at, when that is news. */
const noteReconciled = async (attempt: Attempt, before: ControlRecord, now: ControlRecord): Promise<void> => {
  const nowEpochMs = attempt.leased.storeNowEpochMs();
  const last = clockAheadAsAbsent(before.reconciledAtEpochMs, nowEpochMs);
  const isNews = last === undefined || nowEpochMs - last >= RECONCILE_EVERY_MS;
  if (isNews || before.version !== now.version) await attempt.leased.write(now);
};
