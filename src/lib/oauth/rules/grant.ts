import { grantCredentialId } from '../../credentials/credentialIds.ts';
import type { FailureSubject } from '../../kernel/failure.ts';
import { vaultNameOf } from '../../kernel/vaultUrl.ts';
import type { ClientCredential } from '../clientAuthentication/clientCredential.ts';
import type { ProviderProfile } from './providerProfile.ts';

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
  /** What a person is asked for besides the scopes of the provider; absent: nothing. */
  readonly scopes?: readonly string[] | undefined;
  /** When the person consented, where the config knows it; else the first refresh is taken. */
  readonly consentedAtEpochMs?: number | undefined;
  /** Days between two rotations that an observed grant is allowed; absent: half of its lifetime. */
  readonly rotationCycleDays?: number | undefined;
  /** Hosts that its access tokens are used at: a label for alerts, never where anything is sent. */
  readonly targets?: readonly string[] | undefined;
  /** Whether each new access token is tried by the proof call of its provider; absent: no. */
  readonly prove?: boolean | undefined;
  /** Whether its access tokens are handed out, and to which object ids beside those with the role; absent: to nobody. */
  readonly accessTokens?: { readonly callers: readonly string[] } | undefined;
  readonly owner?: string | undefined;
  readonly runbook?: string | undefined;
  /** Where a person renews the consent when the grant is dead. */
  readonly reconnectUrl?: string | undefined;
}

/** A grant together with how its authorization server behaves. */
export interface ConfiguredGrant {
  readonly grant: Grant;
  readonly profile: ProviderProfile;
}

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
