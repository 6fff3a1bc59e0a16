import type { RefreshOutcome } from '../../refreshOutcome.ts';
import type { ControlRecord, DeadPhase, IntentPhase } from '../../rules/controlRecord.ts';
import type { Attempt, GrantView, LatestToken } from '../attempt.ts';
import type { Reconciled } from '../reconcile.ts';

/** What is known of a grant while its steps are gone through; each step hands on what it learned. */
export interface GrantWork {
  readonly view: GrantView;
  readonly found: ControlRecord;
  /** The same, once it agrees with the vault. */
  readonly record: ControlRecord;
  /** Absent: the vault was not read yet. */
  readonly latest?: LatestToken;
  readonly change: Reconciled['change'];
  /** An attempt of which nothing is known, whose token may be sent once more. */
  readonly earlier?: IntentPhase | undefined;
  /** The death about which the server is asked once more. */
  readonly again?: DeadPhase;
  /** Why the token would be sent now. */
  readonly because?: string;
}

/** `lease_expired`: this process stood still past its lease before anything was spent; start again. */
export type Work = RefreshOutcome | { readonly kind: 'lease_expired' };

export interface Continuing {
  readonly kind: 'continue';
  readonly work: GrantWork;
}

export type Acted = Continuing | { readonly kind: 'done'; readonly outcome: Work };

/** What a step would do, in words for a dry run, and how a worker does it under the lease. */
export interface Action {
  readonly kind: 'act';
  readonly would: 'refresh' | 'recover' | 'wait' | 'leave' | 'unknown';
  /** One sentence for people. */
  readonly reason: string;
  /** What a person can do about it. */
  readonly advice?: string;
  readonly act: (attempt: Attempt) => Promise<Acted>;
}

/**
 * Answers one question about a grant. It reads at most, and changes nothing: what is to be changed is in the action
 * that it returns, so that a dry run asks the same questions in the same order as a worker.
 */
export type Step = (work: GrantWork) => Continuing | Action | Promise<Continuing | Action>;

export const goOn = (work: GrantWork): Continuing => ({ kind: 'continue', work });

export const endWith = (
  words: Pick<Action, 'would' | 'reason' | 'advice'>,
  end: (attempt: Attempt) => Promise<Work>,
): Action => ({
  kind: 'act',
  ...words,
  act: async (attempt) => ({ kind: 'done', outcome: await end(attempt) }),
});

/** @throws Error when no step has read the vault: the order of the steps is wrong */
export const latestOf = ({ latest }: GrantWork): LatestToken => {
  if (latest === undefined) throw new Error('a step needs the token before the vault was read');
  return latest;
};
