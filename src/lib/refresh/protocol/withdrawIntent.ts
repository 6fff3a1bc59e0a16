import { type FailedOutcome, passing, type RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlPhase } from '../rules/controlRecord.ts';
import { type PreparedAttempt, withFailure } from './attempt.ts';

/**
 * The lease could not be made sure of after the intent was written, or the process is about to end, and
 * nothing was sent. Takes the intent back if it is still ours; if not, whoever has the lease now waits it out.
 */
export const withdrawIntent = async (
  prepared: PreparedAttempt,
  phase: ControlPhase,
): Promise<RefreshOutcome> => {
  const { leased, intent, record, stop } = prepared;
  const failed = stop.aborted ? undefined : leaseLost(prepared);
  const outcome = failed ?? ({ kind: 'stopped' } as const);
  const regained = await leased.regain();
  if (!regained.ok || regained.reading.kind !== 'record') return outcome;
  const current = regained.reading.record;
  const isOurs = current.phase.state === 'intent' && current.phase.attemptId === intent.attemptId;
  if (isOurs) {
    const withdrawn = { ...record, ...current, phase };
    await leased.write(failed === undefined ? withdrawn : withFailure(prepared, withdrawn, failed, phase));
  }
  return outcome;
};

const leaseLost = ({ grant }: PreparedAttempt): FailedOutcome =>
  passing('transient_failure', {
    code: 'lease_lost',
    message: `Grant ${grant.id}: the lease could not be held long enough for a request; nothing was sent.`,
    action:
      'Nothing now: it is tried again; if it lasts, look at the storage account and at the load of the app.',
  });
