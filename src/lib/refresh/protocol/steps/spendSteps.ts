import { notingAge } from '../../../oauth/notingAge.ts';
import { type FailedOutcome, failedBeforeSending } from '../../refreshOutcome.ts';
import type { ControlPhase, ControlRecord } from '../../rules/controlRecord.ts';
import { readStoredToken } from '../../rules/storedToken.ts';
import { type Attempt, withFailure } from '../attempt.ts';
import { exchange } from '../exchange.ts';
import { strangerOutcome } from '../owner.ts';
import { prepareAttempt } from '../prepareAttempt.ts';
import { recordAnswer } from '../recordAnswer.ts';
import { withdrawIntent } from '../withdrawIntent.ts';
import { endWith, type GrantWork, goOn, latestOf, type Step, type Work } from './step.ts';

/** What a person pasted wrongly is not sent. */
export const sendableToken: Step = (work) => {
  const token = readStoredToken(latestOf(work).value);
  if (token.ok) return goOn(work);
  return endWith({ would: 'leave', reason: token.message, advice: token.action }, (attempt) =>
    endUnspent(attempt, work, failedBeforeSending(token), work.record),
  );
};

/** A grant is on record before anything else: a record that vanishes later is then known to have vanished. */
export const putOnRecord: Step = (work) => {
  const { view, record, change, earlier } = work;
  if (view.leased.reading().kind !== 'none' && change !== 'adopted') return goOn(work);
  return {
    kind: 'act',
    ...refreshing(work),
    act: async (attempt) => {
      const known = await attempt.leased.write(
        earlier === undefined ? record : { ...record, phase: earlier },
      );
      return known.ok ? goOn(work) : { kind: 'done', outcome: { kind: 'transient_failure', ...known } };
    },
  };
};

/** Proves that a new token can be kept, sends the old one, and keeps what comes back. */
export const exchangeAndPersist: Step = (work) =>
  endWith(refreshing(work), async (attempt): Promise<Work> => {
    const { record, earlier, again } = work;
    const { store, madeEpochMs } = notingAge(attempt.ports.clientCredentials);
    const client = await attempt.grant.clientCredential.open(store);
    if (!client.ok) {
      const outcome = { ...failedBeforeSending(client), clientDigest: '' };
      return endUnspent(attempt, work, outcome, record);
    }
    // Each of the calls from here on leaves something behind for another worker to wait for.
    if (attempt.stop.aborted) return { kind: 'stopped' };
    const preparation = await prepareAttempt(attempt, record, latestOf(work), earlier, again);
    if (preparation.kind === 'lease_expired') return preparation;
    if (preparation.kind === 'yielded') {
      const outcome = strangerOutcome(attempt, preparation.deployment);
      return endUnspent(attempt, work, outcome, { ...record, versionsBeforeClaim: undefined });
    }
    if (preparation.kind === 'refused') {
      const outcome: FailedOutcome = { kind: 'preflight_failed', ...preparation.failure };
      return endUnspent(attempt, work, outcome, preparation.record);
    }
    const exchanged = await exchange(preparation.prepared, client.authenticate);
    if (exchanged.kind === 'fenced') return withdrawIntent(preparation.prepared, keptPhase(work));
    return recordAnswer({ ...preparation.prepared, clientMadeEpochMs: madeEpochMs() }, exchanged);
  });

const refreshing = ({ because = 'it was asked for' }: GrantWork) =>
  ({ would: 'refresh', reason: because }) as const;

/** What the record goes on saying when nothing was sent. */
const keptPhase = ({ earlier, again }: GrantWork): ControlPhase =>
  earlier ?? (again && { ...again, isAsked: true }) ?? { state: 'idle' };

const endUnspent = async (
  attempt: Attempt,
  work: GrantWork,
  outcome: FailedOutcome,
  record: ControlRecord,
): Promise<FailedOutcome> => {
  await attempt.leased.write(withFailure(attempt, record, outcome, keptPhase(work)));
  return outcome;
};
