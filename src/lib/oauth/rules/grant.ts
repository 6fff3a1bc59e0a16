import type { FailureSubject } from '../../kernel/failure.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { ClientCredential } from '../clientAuthentication/clientCredential.ts';

/** A secret of a vault, by name; never by version: consumers and Keywatch read the latest. */
export interface SecretReference {
  /** Origin of the vault, as in `https://NAME.vault.azure.net`. */
  readonly vaultUrl: string;
  readonly name: string;
}

/**
 * One refresh token at one authorization server for one client, as the config names it. It holds no
 * secret, only where secrets are kept.
 */
export interface Grant {
  /** Lower-case letters, digits and dashes; names the control blob and the credential `grant/ID`. */
  readonly id: string;
  /** Id of the provider profile. */
  readonly provider: string;
  readonly clientId: string;
  readonly clientCredential: ClientCredential;
  /** The secret whose value is the refresh token. */
  readonly secret: SecretReference;
  /**
   * `refreshed`: Keywatch is the one who refreshes. `observed`: another system does and writes the
   * token to the vault; Keywatch only says when the stored copy grows older than its cycle allows.
   */
  readonly mode: 'refreshed' | 'observed';
  /** When the person consented, where the config knows it; else the first refresh is taken. */
  readonly consentedAtEpochMs?: number | undefined;
  /** Days between two rotations that an observed grant is allowed; absent: half of its lifetime. */
  readonly rotationCycleDays?: number | undefined;
  /** Hosts that its access tokens are used at: a label for alerts, never where anything is sent. */
  readonly targets?: readonly string[] | undefined;
  readonly owner?: string | undefined;
  readonly runbook?: string | undefined;
  /** Where a person renews the consent when the grant is dead. */
  readonly reconnectUrl?: string | undefined;
}

/**
 * What made a worker look at a grant. A person's (`manual` and the two after it) refresh a grant that is not
 * due; all others find nothing to do when an earlier message already did it. `adopt`: takes the grant over
 * from another deployment; `again`: sends a token once more that was called dead.
 */
export const REFRESH_TRIGGERS = [
  'due',
  'watchdog',
  'reconcile',
  'new_version',
  'manual',
  'adopt',
  'again',
] as const;

export type RefreshTrigger = (typeof REFRESH_TRIGGERS)[number];

export const isByHand = (trigger: RefreshTrigger): boolean => ['manual', 'adopt', 'again'].includes(trigger);

/** What only a person may ask for, on a command line: it overrides what keeps a token from being sent twice. */
export const isPersonsWish = (trigger: RefreshTrigger): boolean => ['adopt', 'again'].includes(trigger);

/** The credential id of a grant, in telemetry and on the board. */
export const grantCredentialId = (grantId: string): string => `grant/${grantId}`;

/** Whom a failure of a grant concerns. */
export const grantSubject = ({ id, secret, owner, runbook }: Grant): FailureSubject => ({
  credentialId: grantCredentialId(id),
  vault: vaultNameOf(secret.vaultUrl),
  owner,
  runbook,
});

/**
 * No grant lies unused for longer, whatever life is claimed: idle limits that nobody states, revocations
 * and dead clients are found by the refresh then, not by the consumer. A run that comes late fits in.
 */
export const LONGEST_UNUSED_DAYS = 30;
