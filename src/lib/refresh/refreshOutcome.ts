import type { AnswerFault } from '../oauth/rules/answerFault.ts';

/** What an attempt that did not end well tells people. Holds no token. */
export interface RefreshProblem {
  /** Stable, for queries. */
  readonly code: string;
  readonly permanence: 'permanent' | 'transient';
  /** What happened, in one sentence. */
  readonly detail: string;
  /** What to do about it, in one sentence. */
  readonly action: string;
  readonly oauthError?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly seq?: number | undefined;
  /** Somebody should look into it although it goes on by itself; of a permanent one that is so without saying. */
  readonly needsPerson?: true;
  readonly cause?: unknown;
}

/** What came of looking at one grant. The kinds up to `dead` are attempts and are told to the world. */
export type RefreshOutcome =
  | {
      readonly kind: 'refreshed';
      readonly rotated: boolean;
      readonly seq: number;
      readonly deadlineEpochMs: number | undefined;
      readonly httpStatus: number;
      /** What was wrong with the answer beside its token. */
      readonly faults: readonly AnswerFault[];
    }
  | { readonly kind: 'recovered'; readonly seq: number; readonly deadlineEpochMs: number | undefined }
  | ({
      readonly kind:
        | 'transient_failure'
        | 'misconfigured'
        | 'preflight_failed'
        | 'not_stored'
        | 'ambiguous'
        | 'dead';
    } & RefreshProblem)
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
      readonly coolingDownFrom?: RefreshProblem['permanence'] | undefined;
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

export type FailedOutcome = Extract<RefreshOutcome, { readonly code: string }>;
