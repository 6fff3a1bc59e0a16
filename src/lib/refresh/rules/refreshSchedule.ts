import { humanDuration } from '../../kernel/humanDuration.ts';
import { clockAheadAsAbsent, isoSeconds } from '../../kernel/instant.ts';
import { DAY_MS } from '../../kernel/time.ts';
import type { RefreshTrigger } from '../../oauth/rules/refreshTriggers.ts';
import type { ControlReading } from './controlRecordText.ts';
import { decideRefreshDue } from './refreshDue.ts';
import { coolDownEnd, isCoolingOfClient } from './refreshFailure.ts';

/** What the timer does about one grant. */
export type ScheduleDecision =
  | {
      readonly kind: 'send';
      readonly trigger: RefreshTrigger;
      readonly reason: string;
      readonly urgent: boolean;
    }
  | { readonly kind: 'leave'; readonly reason: string };

const RECONCILE_EVERY_MS = DAY_MS;
/** Every 15 minutes, and a little less: a look comes some seconds after the run that asked for it. */
const LOOK_AGAIN_EVERY_MS = 14 * 60_000;

/**
 * Whether a grant needs a worker now, from its control record alone (one cheap read, no lease). `urgent`
 * ones finish something that was begun and are not held back by a rate limit. The worker decides again.
 */
export const decideSchedule = (
  grantId: string,
  reading: ControlReading,
  nowEpochMs: number,
): ScheduleDecision => {
  if (reading.kind === 'none') {
    return send('due', 'Keywatch has never looked at this grant');
  }
  if (reading.kind === 'unreadable') return send('reconcile', `its control record is ${reading.why}`, true);
  const { record } = reading;
  const { phase } = record;
  if (phase.state === 'sealed')
    return send('reconcile', 'a new token is sealed and not in the vault yet', true);
  if (phase.state === 'intent' && phase.refusal !== undefined) {
    const reason = 'the server refuses its token for good; it is looked whether a newer one is somewhere';
    return send('reconcile', reason, true);
  }
  if (phase.state === 'intent') {
    return send(
      'reconcile',
      `a refresh began at ${isoSeconds(phase.startedAtEpochMs)} and has no end yet`,
      true,
    );
  }
  const reconciledAtEpochMs = clockAheadAsAbsent(record.reconciledAtEpochMs, nowEpochMs);
  const sinceReconciledMs = nowEpochMs - (reconciledAtEpochMs ?? Number.NEGATIVE_INFINITY);
  if (phase.state === 'dead') {
    const reason = `dead since ${humanDuration(nowEpochMs - phase.sinceEpochMs)}; a new version in the vault or --again has it tried`;
    return sinceReconciledMs >= LOOK_AGAIN_EVERY_MS ? send('reconcile', reason) : { kind: 'leave', reason };
  }
  if (record.reconciledAtEpochMs === undefined && record.refreshedAtEpochMs !== undefined) {
    return send('reconcile', 'the vault may hold another token than its control record says');
  }
  const due = decideRefreshDue({ grantId, record, nowEpochMs });
  if (due.kind === 'due') return send('due', due.reason);
  if (isCoolingOfClient(record.failures, nowEpochMs) && sinceReconciledMs >= LOOK_AGAIN_EVERY_MS)
    return send('reconcile', `${due.reason}; it is looked whether its client was mended`);
  const isReconcileDue =
    sinceReconciledMs >= RECONCILE_EVERY_MS && nowEpochMs >= coolDownEnd(record.failures, nowEpochMs);
  return isReconcileDue
    ? send('reconcile', `${due.reason}; the vault is compared with the record once a day`)
    : { kind: 'leave', reason: due.reason };
};

const send = (trigger: RefreshTrigger, reason: string, urgent = false): ScheduleDecision => ({
  kind: 'send',
  trigger,
  reason,
  urgent,
});
