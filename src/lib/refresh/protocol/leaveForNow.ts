import type { StoreFailure } from '../../kernel/storeFailure.ts';
import { failedBeforeSending, passing, type RefreshOutcome } from '../refreshOutcome.ts';
import type { ControlRecord } from '../rules/controlRecord.ts';
import { type Attempt, withFailure } from './attempt.ts';
import { strangerOutcome } from './owner.ts';
import { rebuildRecord, unknownAttempt } from './rebuildRecord.ts';

/** The vault could not be read, or not be put right: nothing is spent. */
export const failEarly = async (
  attempt: Attempt,
  record: ControlRecord,
  failure: StoreFailure,
): Promise<RefreshOutcome> => {
  const outcome = failedBeforeSending(failure);
  await attempt.leased.write(withFailure(attempt, record, outcome, record.phase));
  return outcome;
};

/** Another Keywatch refreshes this secret. What our record says of an attempt stays as it is. */
export const leaveAlone = async (
  attempt: Attempt,
  record: ControlRecord,
  deployment: string,
): Promise<RefreshOutcome> => {
  const outcome = strangerOutcome(attempt, deployment);
  await attempt.leased.write(withFailure(attempt, record, outcome, record.phase));
  return outcome;
};

/** A record that cannot be read is kept aside for a person, and rebuilt. */
export const archiveUnreadable = async (
  attempt: Attempt,
  reading: Parameters<typeof rebuildRecord>[1],
): Promise<RefreshOutcome> => {
  const rebuilt = await rebuildRecord(attempt, reading);
  if (!rebuilt.ok) return { kind: 'transient_failure', ...rebuilt };
  return passing('transient_failure', {
    code: `control_record_${reading.why}`,
    needsPerson: true,
    message: `Grant ${attempt.grant.id}: its control record was ${reading.why} and is kept as ${rebuilt.aside}; ${rebuilt.record.phase.state === 'sealed' ? 'the sealed token in it is recovered next' : 'the grant waits until no earlier attempt can be under way'}.`,
    action: 'Find out who wrote the blob; look at the copy before deleting it.',
  });
};

/** Somebody may be spending the token: the record says so from now on, and the grant is waited for. */
export const assumeAttempt = async (attempt: Attempt, record: ControlRecord): Promise<RefreshOutcome> => {
  const isLost = attempt.leased.reading().kind === 'none' && attempt.trigger !== 'adopt';
  await attempt.leased.write(unknownAttempt(attempt, record));
  const shown = `Grant ${attempt.grant.id}: the vault shows a refresh under way`;
  const waits = 'the grant waits until no such attempt can be';
  return passing('transient_failure', {
    needsPerson: true,
    ...(isLost
      ? {
          code: 'control_record_missing',
          message: `${shown}, and its control record is gone; ${waits}.`,
          action: 'Find out who deleted the control blob.',
        }
      : {
          code: 'unknown_attempt',
          message: `${shown} that its control record does not know; ${waits}.`,
          action:
            'Nothing now. Unless you have just adopted the grant, find out whether another Keywatch refreshes this secret, or who restored the control store.',
        }),
  });
};
