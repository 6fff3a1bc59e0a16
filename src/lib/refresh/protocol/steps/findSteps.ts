import type { StoreFailure } from '../../../kernel/storeFailure.ts';
import type { ControlRecord } from '../../rules/controlRecord.ts';
import { readLatestToken } from '../attempt.ts';
import { highestInFallback } from '../findInFallback.ts';
import { archiveUnreadable, assumeAttempt, failEarly, leaveAlone } from '../leaveForNow.ts';
import { findOwner, mayBeUnderWay, ourNamesOf, showsUnknownAttempt, strangerOutcome } from '../owner.ts';
import { recoverSealed } from '../recoverSealed.ts';
import { type Action, endWith, goOn, latestOf, type Step } from './step.ts';

/** A record that cannot be read is archived, and an attempt is assumed to be under way. */
export const readableRecord: Step = (work) => {
  const reading = work.view.leased.reading();
  if (reading.kind !== 'unreadable') return goOn(work);
  const reason = `its control record is ${reading.why}: it is copied aside, and the grant waits until no attempt can be under way`;
  return endWith({ would: 'wait', reason }, (attempt) => archiveUnreadable(attempt, reading));
};

/** A sealed token goes to the vault, and nothing else happens: the old one has been spent. */
export const finishSealed: Step = (work) => {
  const { record } = work;
  const { phase } = record;
  if (phase.state !== 'sealed') return goOn(work);
  const reason = 'a new token is sealed and not in the vault yet';
  return endWith({ would: 'recover', reason }, (attempt) => recoverSealed(attempt, record, phase));
};

export const readVault: Step = async (work) => {
  const read = await readLatestToken(work.view, work.record.salt);
  return read.ok ? goOn({ ...work, latest: read.latest }) : unread(work.record, read);
};

/** A secret that another deployment refreshes is left alone; so is one whose token may be being spent. */
export const ownSecret: Step = async (work) => {
  const { view, found, record } = work;
  const latest = latestOf(work);
  const owner = await findOwner(view, record, ourNamesOf(found, record.deployment), latest);
  if (owner.kind === 'unknown') return unread(record, owner.failure);
  if (owner.kind === 'stranger' && view.trigger !== 'adopt') {
    const { message: reason, action: advice } = strangerOutcome(view, owner.deployment);
    return endWith({ would: 'leave', reason, advice }, (attempt) =>
      leaveAlone(attempt, record, owner.deployment),
    );
  }
  const isUnknown =
    owner.kind === 'stranger' ? mayBeUnderWay(view, latest) : showsUnknownAttempt(view, record, latest);
  // Adopted or not, from now on its version is one that our record names.
  if (!isUnknown) return goOn(work);
  const reason = 'the vault shows a refresh under way that its control record does not know';
  return endWith({ would: 'wait', reason }, (attempt) =>
    assumeAttempt(attempt, { ...record, version: latest.version }),
  );
};

/**
 * Where the record was lost, the fallback store may know better than the vault's tags how far it had come. What it has
 * is older than the vault's token, where that was not being spent: it was set aside, or gave way to a person's.
 */
export const countOn: Step = async (work) => {
  const { view, record } = work;
  if (record.fingerprint !== undefined) return goOn(work);
  const highest = await highestInFallback(view, record.reservedSeq);
  return highest.ok
    ? goOn({ ...work, record: { ...record, reservedSeq: highest.seq } })
    : unread(record, highest);
};

const unread = (record: ControlRecord, failure: StoreFailure): Action =>
  endWith({ would: 'unknown', reason: failure.message, advice: failure.action }, (attempt) =>
    failEarly(attempt, record, failure),
  );
