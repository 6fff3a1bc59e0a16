import type { Failure, Permanence } from '../kernel/failure.ts';
import type { AnswerDeviation } from '../oauth/rules/answerDeviation.ts';

/** An attempt that did not end well. */
export interface FailedOutcome extends Failure {
  readonly kind:
    | 'transient_failure'
    | 'misconfigured'
    | 'preflight_failed'
    | 'not_stored'
    | 'ambiguous'
    | 'dead';
  readonly oauthError?: string | undefined;
  readonly seq?: number | undefined;
  /** Where client or settings are at fault: {@link clientDigestOf} them, empty where the credential could not be opened. */
  readonly clientDigest?: string | undefined;
  /** Somebody should look into it although it goes on by itself; of a permanent one that is so without saying. */
  readonly needsPerson?: true;
}

type Told = Omit<FailedOutcome, 'kind' | 'ok' | 'retryable'>;

/** It goes on by itself. */
export const passing = (kind: FailedOutcome['kind'], told: Told): FailedOutcome => ({
  kind,
  ok: false,
  retryable: true,
  ...told,
});

/** It stays until somebody acts. */
export const lasting = (kind: FailedOutcome['kind'], told: Told): FailedOutcome => ({
  kind,
  ok: false,
  retryable: false,
  ...told,
});

/** What came of looking at one grant. The kinds up to `dead` are attempts and are told to the world. */
export type RefreshOutcome =
  | {
      readonly kind: 'refreshed';
      readonly rotated: boolean;
      readonly seq: number;
      readonly deadlineEpochMs: number | undefined;
      readonly httpStatus: number;
      /** What was wrong with the answer beside its token. */
      readonly deviations: readonly AnswerDeviation[];
    }
  | { readonly kind: 'recovered'; readonly seq: number; readonly deadlineEpochMs: number | undefined }
  | FailedOutcome
  /** Somebody else holds the lease. */
  | { readonly kind: 'busy' }
  /** An attempt whose end is unknown has to be waited out. */
  | {
      readonly kind: 'waiting';
      /** By the control store's clock. */
      readonly untilEpochMs: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'not_due';
      readonly reason: string;
      /** Of the failure that it cools down from; absent: it does not. */
      readonly coolingDownFrom?: Permanence | undefined;
    }
  /** This process was told to end before anything was spent: the message is for another one. */
  | { readonly kind: 'stopped' }
  /** Dead, reported when it died, and nobody wrote a new token since. */
  | {
      readonly kind: 'quarantined';
      readonly sinceEpochMs: number;
      /** What to do about it, in one sentence. */
      readonly action?: string | undefined;
    };

/** What came of a look that told nobody anything new. */
export const UNREPORTED = ['busy', 'waiting', 'not_due', 'stopped', 'quarantined'] as const;

/** A failure before anything was sent: what only a person can mend is a fault of the configuration. */
export const failedBeforeSending = (failure: Failure): FailedOutcome => ({
  kind: failure.retryable ? 'transient_failure' : 'misconfigured',
  ...failure,
});
