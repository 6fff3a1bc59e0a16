import type { ControlPhase } from '../../domain/controlRecord.ts';
import { type ArmedAttempt, withFailure } from './attempt.ts';
import type { FailedOutcome } from './refreshOutcome.ts';

/**
 * The lease could not be made sure of after the intent was written, and nothing was sent. Takes the
 * intent back if it is still ours; if not, whoever has the lease now waits it out.
 */
export const withdrawIntent = async (armed: ArmedAttempt, phase: ControlPhase): Promise<FailedOutcome> => {
  const { journal, intent, grant, record } = armed;
  const outcome: FailedOutcome = {
    kind: 'transient_failure',
    code: 'lease_lost',
    permanence: 'transient',
    detail: `Grant ${grant.id}: the lease could not be held long enough for a request; nothing was sent.`,
    action:
      'Nothing now: it is tried again; if it lasts, look at the storage account and at the load of the app.',
  };
  const regained = await journal.regain();
  if (!regained.ok || regained.reading.kind !== 'record') return outcome;
  const current = regained.reading.record;
  const isOurs = current.phase.state === 'intent' && current.phase.attemptId === intent.attemptId;
  if (isOurs) {
    await journal.write(withFailure(armed, { ...record, ...current, phase }, outcome, phase));
  }
  return outcome;
};
