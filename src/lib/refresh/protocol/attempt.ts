import type { StoreAnswer } from '../../kernel/storeFailure.ts';
import type { Grant } from '../../oauth/rules/grant.ts';
import type { ProviderProfile } from '../../oauth/rules/providerProfile.ts';
import type { RefreshTrigger } from '../../oauth/rules/refreshTriggers.ts';
import type { LeasedRecord } from '../../stores/leasedRecord.ts';
import type { Seal, TokenVersion } from '../../stores/ports.ts';
import type { RefreshPorts } from '../ports.ts';
import type { FailedOutcome } from '../refreshOutcome.ts';
import type { AccessTokenWish } from '../rules/accessToken.ts';
import {
  type ControlPhase,
  type ControlRecord,
  type IntentPhase,
  NO_FAILURES,
} from '../rules/controlRecord.ts';
import { addFailure } from '../rules/refreshFailure.ts';
import type { RefreshTimings } from '../rules/refreshTimings.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What can be seen of a grant by whoever changes nothing: a dry run has no more. */
export interface GrantView {
  readonly ports: Pick<RefreshPorts, 'deployment' | 'newId'> & {
    readonly vault: Pick<RefreshPorts['vault'], 'readLatest' | 'listVersions'>;
    readonly fallback: Pick<RefreshPorts['fallback'], 'list'>;
    readonly clientCredentials: RefreshPorts['clientCredentials'];
  };
  readonly grant: Grant;
  readonly profile: ProviderProfile;
  readonly timings: RefreshTimings;
  readonly trigger: RefreshTrigger;
  /** Of whoever asks for an access token; absent: nobody does. */
  readonly wish?: AccessTokenWish | undefined;
  readonly leased: Pick<LeasedRecord<ControlRecord>, 'reading' | 'storeNowEpochMs'>;
}

/** One worker's work on one grant, from taking the lease to giving it back. */
export interface Attempt extends GrantView {
  readonly ports: RefreshPorts;
  readonly leased: LeasedRecord<ControlRecord>;
  /** Aborted: this process is about to end, and spends nothing from then on. */
  readonly stop: AbortSignal;
}

/** The latest version in the vault, with the fingerprint by which it is compared. */
export interface LatestToken extends TokenVersion {
  readonly fingerprint: string;
}

/** An attempt whose intent is written: by itself, or by an earlier one whose end it resolves. */
export interface DeclaredAttempt extends Attempt {
  readonly record: ControlRecord;
  readonly intent: IntentPhase;
  readonly base: LatestToken;
}

/** An attempt that holds a new token, whatever it was given for. */
export interface HoldingAttempt extends Attempt {
  readonly record: ControlRecord;
  readonly intent: Pick<IntentPhase, 'attemptId'>;
  readonly seal: Seal;
}

/** An attempt that is about to spend a token: nothing was sent, and what comes back can be sealed. */
export interface PreparedAttempt extends DeclaredAttempt {
  readonly seal: Seal;
  /** When the client's credential was made. Absent: nobody says. */
  readonly clientMadeEpochMs?: number | undefined;
}

/** Reads the latest version of the grant's secret. */
export const readLatestToken = async (
  { ports, grant }: Pick<GrantView, 'ports' | 'grant'>,
  salt: string,
): Promise<StoreAnswer<{ readonly latest: LatestToken }>> => {
  const read = await ports.vault.readLatest(grant.secret);
  if (!read.ok) return read;
  return { ok: true, latest: { ...read.latest, fingerprint: fingerprintOf(salt, read.latest.value) } };
};

/** The record after an attempt that failed without costing anything, in the phase that it leaves. */
export const withFailure = (
  attempt: Pick<Attempt, 'grant' | 'leased'>,
  record: ControlRecord,
  failed: Pick<FailedOutcome, 'code' | 'retryable' | 'retryAfterSeconds' | 'clientDigest'>,
  phase: ControlPhase,
): ControlRecord => ({
  ...record,
  phase,
  failures: addFailure(record.failures, {
    grantId: attempt.grant.id,
    code: failed.code,
    retryable: failed.retryable,
    retryAfterSeconds: failed.retryAfterSeconds,
    nowEpochMs: attempt.leased.storeNowEpochMs(),
    deadlineEpochMs: record.deadlineEpochMs,
    clientDigest: failed.clientDigest,
  }),
});

/** A delayed write lands within minutes, and a person pastes what is at hand: older ones are as good as unknown. */
const SPENT_KEPT = 30;

/** The spent tokens that a record remembers, after one more. */
export const withSpent = (
  { spentFingerprints = [] }: Pick<ControlRecord, 'spentFingerprints'>,
  fingerprint: string | undefined,
): readonly string[] =>
  fingerprint === undefined
    ? spentFingerprints
    : [...new Set([fingerprint, ...spentFingerprints])].slice(0, SPENT_KEPT);

/** The record once the vault is known to hold the token as its latest version. */
export const withStoredToken = (
  record: ControlRecord,
  stored: {
    readonly seq: number;
    readonly version: string;
    readonly fingerprint: string;
    /** Versions of the token before it, which may be switched off after the next success. */
    readonly previousVersions: readonly string[];
    readonly refreshedAtEpochMs: number | undefined;
    readonly deadlineEpochMs: number | undefined;
    /** Absent: to be looked at again soon. */
    readonly reconciledAtEpochMs: number | undefined;
  },
): ControlRecord => {
  const isSame = stored.fingerprint === record.fingerprint;
  const replaced = isSame
    ? {}
    : {
        previousFingerprint: record.fingerprint,
        isPreviousUnspent: undefined,
        spentFingerprints: withSpent(record, record.fingerprint),
      };
  return {
    ...record,
    ...stored,
    ...replaced,
    reservedSeq: Math.max(record.reservedSeq, stored.seq),
    failures: NO_FAILURES,
    phase: { state: 'idle' },
  };
};
