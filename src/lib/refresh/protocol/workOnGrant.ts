import { actingDeployment, UNNAMED_DEPLOYMENT } from '../../kernel/deployment.ts';
import { clockAheadAsAbsent } from '../../kernel/instant.ts';
import { isByHand } from '../../oauth/rules/grant.ts';
import type { FailedOutcome, RefreshOutcome } from '../refreshOutcome.ts';
import {
  type ControlRecord,
  type DeadPhase,
  type IntentPhase,
  newControlRecord,
} from '../rules/controlRecord.ts';
import { believedProfile, type ObservedRotation, standingObservation } from '../rules/observedRotation.ts';
import { decideRefreshDue } from '../rules/refreshDue.ts';
import { strictTimings } from '../rules/refreshTimings.ts';
import { mayTryAgain } from '../rules/tryAgain.ts';
import { armAttempt } from './armAttempt.ts';
import { type Attempt, type LatestToken, readLatestToken, withFailure } from './attempt.ts';
import { exchange } from './exchange.ts';
import { assumeAttempt, failEarly, leaveAlone, moveAside } from './leaveForNow.ts';
import { markDead } from './markDead.ts';
import { findOwner, mayBeUnderWay, ourNamesOf, showsUnknownAttempt, strangerOutcome } from './owner.ts';
import { readCredentials } from './readCredentials.ts';
import { reconcile } from './reconcile.ts';
import { recoverOrphan } from './recoverOrphan.ts';
import { recoverSealed } from './recoverSealed.ts';
import { resolveIntent } from './resolveIntent.ts';
import { settleAnswer } from './settleAnswer.ts';
import { deadOutcome } from './settleDead.ts';
import { storeProblem } from './storeProblem.ts';
import { uncoverToken } from './uncoverToken.ts';
import { withdrawIntent } from './withdrawIntent.ts';

const LOOK_EVERY_MS = 12 * 3_600_000;

/** `overslept`: this process stood still past its lease before anything was spent; start again. */
export type Work = RefreshOutcome | { readonly kind: 'overslept' };

/** Everything between taking a grant's lease and giving it back. */
export const workOnGrant = async (asked: Attempt): Promise<Work> => {
  const reading = asked.journal.reading();
  if (reading.kind === 'unreadable') return moveAside(asked, reading);
  const found =
    reading.kind === 'record' ? reading.record : newControlRecord(asked.grant.id, asked.ports.newId());
  const own = asked.ports.deployment ?? UNNAMED_DEPLOYMENT;
  const deployment = actingDeployment(found.deployment, own, found.phase.state === 'idle');
  const observedRotation = standingObservation(asked.profile.rotation, found.observedRotation);
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
    if (current.phase.state !== 'intent') return settleLook(attempt, current, false);
    // The token that is being spent is on top again, and the window in which it may be sent again does not wait.
    const resolved = await resolveIntent(attempt, current, current.phase, latest);
    if (resolved.kind === 'done') return resolved.outcome;
    if (resolved.kind !== 'retry') return settleLook(attempt, current, false);
    earlier = resolved.intent;
  }
  if (change === 'caught_up' && record.phase.state === 'intent') {
    // The worker that stored it may have done so without a look.
    const { baseVersions: versions, baseFingerprint } = record.phase;
    const known = { versions, fingerprints: [baseFingerprint], seq: record.seq };
    const below = await uncoverToken(attempt, current, known);
    if (below.kind === 'unknown') return failEarly(attempt, record, below.failure);
    return settleLook(
      attempt,
      below.kind === 'uncovered' ? { ...current, lookedAtEpochMs: undefined } : current,
      true,
    );
  }
  if (current.phase.state === 'dead') {
    const orphan = await recoverOrphan(attempt, current, current.previousVersions, true);
    if (orphan.kind === 'done') return orphan.outcome;
    const { trigger, profile, journal } = attempt;
    const { rotation } = profile;
    const nowEpochMs = journal.storeNowEpochMs();
    const { phase } = current;
    if (mayTryAgain({ phase, record, latest, rotation, trigger, nowEpochMs }))
      return spend(attempt, current, latest, undefined, phase);
    await markDead(attempt, latest, phase.sinceEpochMs);
    // On record each time: the timer counts its 15 minutes from it.
    await attempt.journal.write(current);
    const dead = deadOutcome(attempt.grant, current.phase);
    return current.phase.reported
      ? { kind: 'quarantined', sinceEpochMs: current.phase.sinceEpochMs, action: dead.action }
      : dead;
  }
  if (earlier === undefined && !isByHand(attempt.trigger)) {
    const nowEpochMs = attempt.journal.storeNowEpochMs();
    const due = decideRefreshDue({ grantId: attempt.grant.id, record: current, nowEpochMs });
    if (due.kind !== 'due') {
      if (change === 'none') await noteLook(attempt, record, current);
      else await attempt.journal.write(current);
      return { kind: 'not_due', reason: due.reason, coolingDownFrom: due.coolingDownFrom };
    }
  }
  if (reading.kind === 'none' || change === 'adopted') {
    // On record before anything else: a record that vanishes later is then known to have vanished.
    const known = await attempt.journal.write(
      earlier === undefined ? current : { ...current, phase: earlier },
    );
    if (!known.ok) return { kind: 'transient_failure', ...storeProblem(attempt.grant, known) };
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
  const { grant, journal } = attempt;
  const keep = earlier ?? (again && { ...again, isAsked: true }) ?? ({ state: 'idle' } as const);
  const end = async (outcome: FailedOutcome, from: ControlRecord): Promise<FailedOutcome> => {
    await journal.write(withFailure(attempt, from, outcome, keep));
    return outcome;
  };
  const credentials = await readCredentials(attempt, latest);
  if (!credentials.ok) return end(credentials.outcome, record);
  // Each of the steps from here on leaves something behind for another worker to wait for.
  if (attempt.stop.aborted) return { kind: 'stopped' };
  const arming = await armAttempt(attempt, record, latest, earlier, again);
  if (arming.kind === 'overslept') return arming;
  if (arming.kind === 'yielded') {
    const unclaimed = { ...record, versionsBeforeClaim: undefined };
    return end(strangerOutcome(attempt, arming.deployment), unclaimed);
  }
  if (arming.kind === 'refused') {
    return end({ kind: 'preflight_failed', ...storeProblem(grant, arming.failure) }, arming.record);
  }
  const exchanged = await exchange(arming.armed, credentials.clientAuthentication);
  if (exchanged.kind === 'fenced') return withdrawIntent(arming.armed, keep);
  return settleAnswer(arming.armed, exchanged);
};

const settleLook = async (
  attempt: Attempt,
  record: ControlRecord,
  isSeenAgain: boolean,
): Promise<RefreshOutcome> => {
  const written = await attempt.journal.write(record);
  // What the next tick finds again would be told again, at every tick.
  if (!written.ok && isSeenAgain)
    return { kind: 'transient_failure', ...storeProblem(attempt.grant, written) };
  return { kind: 'recovered', seq: record.seq, deadlineEpochMs: record.deadlineEpochMs };
};

/** Remembers that the vault was looked at, when that is news. */
const noteLook = async (attempt: Attempt, before: ControlRecord, now: ControlRecord): Promise<void> => {
  const nowEpochMs = attempt.journal.storeNowEpochMs();
  const last = clockAheadAsAbsent(before.lookedAtEpochMs, nowEpochMs);
  const isNews = last === undefined || nowEpochMs - last >= LOOK_EVERY_MS;
  if (isNews || before.version !== now.version) await attempt.journal.write(now);
};
