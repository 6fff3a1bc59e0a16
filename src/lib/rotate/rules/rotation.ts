import { rotationCredentialId } from '../../credentials/credentialIds.ts';
import { secretNameOf } from '../../directory/rules/rotatedName.ts';
import type { FailureSubject } from '../../kernel/failure.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/time.ts';
import type { SecretReference } from '../../oauth/rules/grant.ts';

/** The client secret of one application of Entra ID, and how it is rotated. Holds no secret. */
export interface Rotation {
  readonly id: string;
  /** The client id. */
  readonly appId: string;
  readonly tenantId: string;
  /** Of Entra ID, as in `login.microsoftonline.com`. */
  readonly authorityHost: string;
  /** What a new secret is proven with: one resource and `/.default`. */
  readonly scope: string;
  /** Where its consumers read it. */
  readonly secret: SecretReference;
  readonly lifetimeDays: number;
  /** It is due when so much of its life is over: 0 to 1. */
  readonly rotateAtShare: number;
  /** How long consumers may go on with the old one. */
  readonly keepOldDays: number;
  /** Key ids of secrets that somebody else made, and that may be removed all the same. */
  readonly adopt: readonly string[];
  readonly owner?: string | undefined;
  readonly runbook?: string | undefined;
}

export const rotationSubject = ({ id, owner, runbook }: Rotation): FailureSubject => ({
  credentialId: rotationCredentialId(id),
  owner,
  runbook,
});

/** The attempt that made a secret of this rotation; `undefined`: somebody else did. */
export const attemptOf = (rotationId: string, displayName: string | undefined): string | undefined => {
  const start = secretNameOf(rotationId, '');
  return displayName?.startsWith(start) && displayName.length > start.length
    ? displayName.slice(start.length)
    : undefined;
};

/** What the envelope of a rotation is sealed for: no id of a grant. */
export const rotationSeal = (rotationId: string): string => `rotation/${rotationId}`;

/** How often a rotation that somebody has to help is tried again. */
export const PERMANENT_RETRY_MS = 6 * HOUR_MS;
export const TRANSIENT_RETRY_MS = 5 * 60_000;
/** A rotation that was taken back is begun again after this. */
export const AFTER_TAKEN_BACK_MS = DAY_MS;
/**
 * From then on neither a read of the directory is behind, nor does a write land that was given up on, nor is a
 * worker at work that nobody heard of since.
 */
export const CERTAIN_AFTER_MS = HOUR_MS;
/** Of the record, for one turn. */
export const LEASE_MS = 60_000;
/** At the latest a rotation is looked at again after this. */
export const LOOK_EVERY_MS = DAY_MS;
/** A new secret is proven when it was accepted so often, */
export const PROOFS_NEEDED = 3;
/** the last time no longer ago than this, since a person may have removed it. */
export const PROOF_COUNTS_MS = 60_000;
/** so far apart. */
export const BETWEEN_PROOFS_MS = 20_000;
