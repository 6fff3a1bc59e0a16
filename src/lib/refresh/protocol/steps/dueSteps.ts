import { humanDuration } from '../../../kernel/humanDuration.ts';
import { clockAheadAsAbsent } from '../../../kernel/instant.ts';
import { HOUR_MS } from '../../../kernel/time.ts';
import { isByHand } from '../../../oauth/rules/refreshTriggers.ts';
import { decideAccessToken } from '../../rules/accessToken.ts';
import type { ControlRecord, DeadPhase } from '../../rules/controlRecord.ts';
import { type DueDecision, decideRefreshDue } from '../../rules/refreshDue.ts';
import { isCoolingOfClient } from '../../rules/refreshFailure.ts';
import { mayTryAgain } from '../../rules/tryAgain.ts';
import type { Attempt, GrantView } from '../attempt.ts';
import { markDead } from '../markDead.ts';
import { deadOutcome } from '../recordDead.ts';
import { recoverFromFallback } from '../recoverFromFallback.ts';
import { unlessRenewed } from '../renewedClient.ts';
import { endWith, type GrantWork, goOn, latestOf, type Step, type Work } from './step.ts';

type Due = Pick<Extract<DueDecision, { kind: 'postponed' }>, 'reason' | 'coolingDownFrom'> & {
  readonly kind: DueDecision['kind'];
};

const NOTED_EVERY_MS = 12 * HOUR_MS;

/** A dead token is not sent, unless the server may be asked once more. */
export const quarantineDead: Step = (work) => {
  const { view, record } = work;
  const { phase } = record;
  if (phase.state !== 'dead') return goOn(work);
  const age = humanDuration(view.leased.storeNowEpochMs() - phase.sinceEpochMs);
  const isTried = triesAgain(view, work, phase);
  return {
    kind: 'act',
    would: isTried ? 'refresh' : 'leave',
    reason: isTried
      ? `dead since ${age}, and the server is asked once more`
      : `dead since ${age}; a new version in the vault or --again has it tried`,
    act: async (attempt) => {
      const kept = await recoverFromFallback(attempt, record, record.previousVersions, true);
      if (kept.kind === 'done') return kept;
      if (triesAgain(attempt, work, phase)) return goOn({ ...work, again: phase });
      return { kind: 'done', outcome: await leaveDead(attempt, work, phase) };
    },
  };
};

const triesAgain = (
  { trigger, profile: { rotation }, leased }: GrantView,
  work: GrantWork,
  phase: DeadPhase,
): boolean =>
  mayTryAgain({
    phase,
    record: work.found,
    latest: latestOf(work),
    rotation,
    trigger,
    nowEpochMs: leased.storeNowEpochMs(),
  });

const leaveDead = async (attempt: Attempt, work: GrantWork, phase: DeadPhase): Promise<Work> => {
  await markDead(attempt, latestOf(work), phase.sinceEpochMs);
  // On record each time: the timer counts its 15 minutes from it.
  await attempt.leased.write(work.record);
  const dead = deadOutcome(attempt.grant, phase);
  return phase.reported
    ? { kind: 'quarantined', sinceEpochMs: phase.sinceEpochMs, action: dead.action }
    : dead;
};

/** Nothing is spent before its time, unless a person asks for it or it was begun. */
export const stopUnlessDue: Step = async (work) => {
  const { view, found, record, change, earlier, again } = work;
  if (earlier !== undefined || again !== undefined || isByHand(view.trigger)) return goOn(work);
  const nowEpochMs = view.leased.storeNowEpochMs();
  const due = decideDue(view, await unlessRenewed(view, record), nowEpochMs);
  const { reason } = due;
  if (due.kind === 'due') return goOn({ ...work, because: reason });
  return endWith({ would: 'leave', reason }, async (attempt) => {
    // On record each time it was looked at: the timer counts its 15 minutes from it.
    if (change !== 'none' || isCoolingOfClient(record.failures, nowEpochMs))
      await attempt.leased.write(record);
    else await noteReconciled(attempt, found, record);
    return { kind: 'not_due', reason, coolingDownFrom: due.coolingDownFrom };
  });
};

/** Whoever asks for an access token asks sooner than the schedule. */
const decideDue = (
  { grant, trigger, wish = {} }: GrantView,
  record: ControlRecord,
  nowEpochMs: number,
): Due => {
  if (trigger !== 'access_token' || grant.accessTokens === undefined)
    return decideRefreshDue({ grantId: grant.id, record, nowEpochMs });
  const { kind, reason } = decideAccessToken(record, wish, nowEpochMs);
  return { kind: kind === 'refresh' ? 'due' : 'not_due', reason };
};

/** Remembers that the vault was compared with the record, when that is news. */
const noteReconciled = async (attempt: Attempt, before: ControlRecord, now: ControlRecord): Promise<void> => {
  const nowEpochMs = attempt.leased.storeNowEpochMs();
  const last = clockAheadAsAbsent(before.reconciledAtEpochMs, nowEpochMs);
  const isNews = last === undefined || nowEpochMs - last >= NOTED_EVERY_MS;
  if (isNews || before.version !== now.version) await attempt.leased.write(now);
};
