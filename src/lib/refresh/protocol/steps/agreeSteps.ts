import { isoSeconds } from '../../../kernel/instant.ts';
import type { StoreFailure } from '../../../kernel/storeFailure.ts';
import type { RefreshOutcome } from '../../refreshOutcome.ts';
import type { ControlRecord, IntentPhase } from '../../rules/controlRecord.ts';
import { believedIntent } from '../../rules/intentDeadline.ts';
import type { Attempt, LatestToken } from '../attempt.ts';
import { failEarly } from '../leaveForNow.ts';
import { heal, reconcile } from '../reconcile.ts';
import { recoverFromFallback } from '../recoverFromFallback.ts';
import { decideByTime, resolveIntent } from '../resolveIntent.ts';
import { restoreCovered } from '../restoreCovered.ts';
import { type Acted, type Action, endWith, type GrantWork, goOn, latestOf, type Step } from './step.ts';

/** An attempt without an end: its answer is looked for everywhere; otherwise time decides. */
export const endIntent: Step = (work) => {
  const { view, record } = work;
  const { phase } = record;
  if (phase.state !== 'intent') return goOn(work);
  const latest = latestOf(work);
  const intent = believedIntent(phase, view.timings, view.leased.storeNowEpochMs());
  const hasMovedOn = intent.baseFingerprint !== undefined && intent.baseFingerprint !== latest.fingerprint;
  // An intent that a wrong clock wrote is put right first.
  if (hasMovedOn && intent === phase) return goOn(work);
  return {
    kind: 'act',
    ...foreseeIntent(work, intent),
    act: async (attempt) => {
      const resolved = await resolveIntent(attempt, record, phase, latest);
      if (resolved.kind === 'done') return resolved;
      if (resolved.kind === 'unknown') return done(failEarly(attempt, record, resolved.failure));
      return goOn(resolved.kind === 'retry' ? { ...work, earlier: resolved.intent } : work);
    },
  };
};

const foreseeIntent = (
  { view, record }: GrantWork,
  intent: IntentPhase,
): Pick<Action, 'would' | 'reason'> => {
  if (intent.refusal !== undefined) {
    const reason =
      'the server refuses its token for good; before it is called dead, a newer one is looked for everywhere';
    return { would: 'leave', reason };
  }
  if (intent.again !== undefined)
    return { would: 'leave', reason: 'it is dead, and the answer to one more try never came' };
  const decision = decideByTime(view.trigger, record, intent, view.leased.storeNowEpochMs());
  return decision.kind === 'wait'
    ? {
        would: 'wait',
        reason: `the end of an earlier attempt is unknown; it is waited out until ${isoSeconds(decision.untilEpochMs)}`,
      }
    : {
        would: 'refresh',
        reason: 'the end of an earlier attempt is unknown, and the old token may be tried once more',
      };
};

/** Record and vault are made to agree: by the record, or by writing our newest token again. */
export const agreeWithVault: Step = (work) => {
  const { view, record } = work;
  const latest = latestOf(work);
  const agreed = reconcile(view, record, latest);
  if (agreed !== 'behind') return goOn({ ...work, ...agreed });
  const reason = 'an older token of ours lies on top in the vault; the newest one is put there again';
  return {
    kind: 'act',
    would: 'recover',
    reason,
    act: async (attempt) => {
      const healed = await heal(attempt, record, latest);
      if (!healed.ok) return afterFailing({ ...work, latest }, attempt, healed);
      const { value } = healed;
      return value.change === 'healed'
        ? afterHealing({ ...work, ...value }, attempt)
        : goOn({ ...work, ...value });
    },
  };
};

/** The vault was restored to a time before our newest token; the fallback store may have that one's successor. */
const afterFailing = async (
  { record, latest }: GrantWork & { latest: LatestToken },
  attempt: Attempt,
  failure: StoreFailure,
): Promise<Acted> => {
  if (failure.reason !== 'not_found') return done(failEarly(attempt, record, failure));
  const kept = await recoverFromFallback(attempt, record, [latest.version]);
  if (kept.kind === 'done') return kept;
  return done(failEarly(attempt, record, kept.kind === 'unknown' ? kept.failure : failure));
};

const afterHealing = async (work: GrantWork & { latest: LatestToken }, attempt: Attempt): Promise<Acted> => {
  const { record, latest } = work;
  if (record.phase.state !== 'intent') return done(recordReconciled(attempt, record, false));
  // The token that is being spent is on top again, and the window in which it may be sent again does not wait.
  const resolved = await resolveIntent(attempt, record, record.phase, latest);
  if (resolved.kind === 'done') return resolved;
  if (resolved.kind !== 'retry') return done(recordReconciled(attempt, record, false));
  return goOn({ ...work, earlier: resolved.intent });
};

/** An attempt stored its token and did not say so: it may have done that without a look at what lies below. */
export const finishCaughtUp: Step = (work) => {
  const { found, record, change } = work;
  const { phase, seq } = found;
  if (change !== 'caught_up' || phase.state !== 'intent') return goOn(work);
  const reason = 'the vault has a newer token of ours than the record knows; it is taken up';
  return endWith({ would: 'recover', reason }, async (attempt) => {
    const known = { versions: phase.baseVersions, fingerprints: [phase.baseFingerprint], seq };
    const below = await restoreCovered(attempt, record, known);
    if (below.kind === 'unknown') return failEarly(attempt, found, below.failure);
    const isRestored = below.kind === 'restored';
    return recordReconciled(
      attempt,
      isRestored ? { ...record, reconciledAtEpochMs: undefined } : record,
      true,
    );
  });
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

const done = async (outcome: Promise<RefreshOutcome>): Promise<Acted> => ({
  kind: 'done',
  outcome: await outcome,
});
