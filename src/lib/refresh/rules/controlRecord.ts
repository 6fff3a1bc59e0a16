import type { ObservedRotation } from './observedRotation.ts';
import type { ReportedFaults } from './reportedAnswerFaults.ts';

/** What the last attempts that did not succeed came to; cleared by a success. */
export interface RefreshFailures {
  readonly consecutive: number;
  /** Distinct days (UTC) with a failure: an outage of one day counts once, however often it was tried. */
  readonly days: number;
  /** The last day counted, as `2026-11-22`. */
  readonly lastDay: string | undefined;
  readonly lastCode: string | undefined;
  /** Whether only a person can help with that failure. */
  readonly lastPermanence?: 'permanent' | 'transient' | undefined;
  /** No attempt before this instant. */
  readonly notBeforeEpochMs: number;
}

/** Nothing is under way. */
export interface IdlePhase {
  readonly state: 'idle';
}

/**
 * A token may be spent at any moment, or is: between this record and the next one a POST is made.
 * The three instants are by the control store's clock.
 */
export interface IntentPhase {
  readonly state: 'intent';
  /** Reports the worker that wrote it that it is still its own. */
  readonly attemptId: string;
  readonly startedAtEpochMs: number;
  /** Until then whoever wrote it may still be at work: leave it alone. */
  readonly retryFromEpochMs: number;
  /** Until then the old token may be used again (grace providers); absent: never without waiting. */
  readonly graceUntilEpochMs: number | undefined;
  /** From then on no live worker can hold the answer any more: one more try with the old token costs nothing. */
  readonly lastResortFromEpochMs: number;
  /**
   * The sequence number that a new token of this attempt gets; no other attempt ever uses it, so that what turns
   * up late of an attempt with an unknown end is known to be older than what came after it.
   */
  readonly nextSeq: number;
  /** Which token is being spent. Absent: not known (the record was rebuilt). */
  readonly baseFingerprint: string | undefined;
  /** Versions of the vault secret that hold it. */
  readonly baseVersions: readonly string[];
  /** Start of the first attempt with this token whose end is unknown; grace is counted from it. */
  readonly graceAnchorEpochMs: number;
  /** An earlier attempt with the same token ended unknown. */
  readonly isRetry: boolean;
  /** People were told that this attempt's end is unknown. Written after telling them. */
  readonly reported: boolean;
  /** The answer, where it was that the token is refused for good. Absent: not known to be so. */
  readonly refusal?: TokenRefusal | undefined;
  /** The death that this attempt asks about once more: it stands unless the server answers with tokens. */
  readonly again?: DeadPhase | undefined;
}

/**
 * What the authorization server said when it refused a token for good: the token is not sent again, and is
 * called dead once every place was looked at where a newer one can be.
 */
export interface TokenRefusal {
  readonly oauthError: string | undefined;
  readonly httpStatus: number;
}

/** A new token was received and is kept here, sealed, until the vault has it. */
export interface SealedPhase {
  readonly state: 'sealed';
  readonly attemptId: string;
  readonly envelope: string;
  readonly seq: number;
  readonly fingerprint: string;
  readonly baseFingerprint: string | undefined;
  readonly baseVersions: readonly string[];
  readonly refreshedAtEpochMs: number;
  readonly deadlineEpochMs: number | undefined;
}

/** The authorization server refuses the token for good; it is not sent again. */
export interface DeadPhase {
  readonly state: 'dead';
  readonly sinceEpochMs: number;
  readonly reason: 'refused' | 'answer_lost';
  readonly oauthError: string | undefined;
  /** The token that is dead: another one in the vault brings the grant back to life. */
  readonly fingerprint: string;
  /** When it was last sent again without success; absent: never. */
  readonly triedEpochMs?: number | undefined;
  /** True when a try was asked for and the token was not judged: it is tried again. */
  readonly isAsked?: boolean | undefined;
  /** People were reported. Written after telling them: better told twice than never. */
  readonly reported: boolean;
}

export type ControlPhase = IdlePhase | IntentPhase | SealedPhase | DeadPhase;

/** What the control blob of a grant says. Holds no token, except sealed. */
export interface ControlRecord {
  readonly schema: 1;
  readonly grantId: string;
  /** Which deployment refreshes the grant, as the versions that it writes say too. */
  readonly deployment?: string | undefined;
  /**
   * The versions that the secret had before this deployment first wrote its name on one; absent once it is known
   * that no other deployment did the same at that moment.
   */
  readonly versionsBeforeClaim?: readonly string[] | undefined;
  /** Mixed into every fingerprint, so that equal tokens of two grants look different. */
  readonly salt: string;
  /** Of the newest token that is known to be in the vault; 0 before the first refresh. */
  readonly seq: number;
  /** The highest sequence number given to any attempt. */
  readonly reservedSeq: number;
  /** Version and fingerprint of the newest token known to be in the vault. */
  readonly version: string | undefined;
  readonly fingerprint: string | undefined;
  /** Of the token before that one. */
  readonly previousFingerprint: string | undefined;
  /** True when a person replaced that token before it was spent, so that it may still be good. */
  readonly isPreviousUnspent?: boolean | undefined;
  /** Of tokens that a refresh replaced or the server refused, newest first: whoever writes one again does not mean it. */
  readonly spentFingerprints?: readonly string[] | undefined;
  /** Versions that hold the token before that one; switched off after the next success. */
  readonly previousVersions: readonly string[];
  /** The server rotated against its configured class, so that the grant is treated as strict. */
  readonly observedRotation?: ObservedRotation | undefined;
  readonly consentedAtEpochMs: number | undefined;
  /** The end that no refresh moves: by then a person has to consent again. Absent: none is known. */
  readonly consentEndsAtEpochMs?: number | undefined;
  /** When the newest token was issued, which a refresh that keeps the old one does not change. Absent: not known. */
  readonly issuedAtEpochMs?: number | undefined;
  /** When the newest token was obtained; absent: it was written by someone else and never refreshed. */
  readonly refreshedAtEpochMs: number | undefined;
  readonly deadlineEpochMs: number | undefined;
  /** When the vault was last compared with this record. */
  readonly reconciledAtEpochMs: number | undefined;
  /** Which faults of the provider's answers people were told of, and when; absent: of none. */
  readonly reportedFaults?: ReportedFaults | undefined;
  readonly failures: RefreshFailures;
  readonly phase: ControlPhase;
}

export const NO_FAILURES: RefreshFailures = {
  consecutive: 0,
  days: 0,
  lastDay: undefined,
  lastCode: undefined,
  notBeforeEpochMs: 0,
};

/** The record of a grant that was never worked on. */
export const newControlRecord = (grantId: string, salt: string): ControlRecord => ({
  schema: 1,
  grantId,
  salt,
  seq: 0,
  reservedSeq: 0,
  version: undefined,
  fingerprint: undefined,
  previousFingerprint: undefined,
  previousVersions: [],
  consentedAtEpochMs: undefined,
  refreshedAtEpochMs: undefined,
  deadlineEpochMs: undefined,
  reconciledAtEpochMs: undefined,
  failures: NO_FAILURES,
  phase: { state: 'idle' },
});
