import type { Finding } from '../../credentials/findings.ts';
import type { CredentialKind } from '../../credentials/kinds.ts';
import type { CredentialStatus, Suppression } from '../../credentials/statuses.ts';
import type { Renewal } from './renewal.ts';
import type { Judgement } from './resolve.ts';

export type VaultObjectKind = 'secret' | 'key' | 'certificate';

/** The kinds that a directory lists. */
export type ApplicationKind = Exclude<CredentialKind, VaultObjectKind>;

/**
 * What a source says about one credential without being asked for its value. There is no field for a
 * value, and none may be added: the scan must be unable to hold one.
 *
 * Times are milliseconds since 1970-01-01 UTC; `undefined` means that the source holds none.
 */
export interface CredentialMetadata {
  readonly kind: CredentialKind;
  readonly name: string;
  /** Absent in listings, which speak of an object's newest version without naming it. */
  readonly version: string | undefined;
  readonly enabled: boolean;
  readonly createdEpochMs: number | undefined;
  readonly notBeforeEpochMs: number | undefined;
  readonly expiresOnEpochMs: number | undefined;
  /** True of what only backs another credential, as the secret and the key of a certificate: reported once, as that. */
  readonly managed: boolean;
  /** Labels by which whoever owns it steers its alerts: tags in Key Vault. */
  readonly tags: Readonly<Record<string, string>>;
  /** What its source knows of it by looking at more than this one; absent: nothing. */
  readonly known?: SourceKnowledge | undefined;
}

/** What a source finds out about a credential from what lies beside it. */
export interface SourceKnowledge {
  /** The client id of the application in Entra ID whose credential it is. */
  readonly appId?: string | undefined;
  /** The rotation of Keywatch that made it. */
  readonly rotationId?: string | undefined;
  /** Who owns it by the place itself. Tags and rules come first: they were written for Keywatch. */
  readonly owner?: string | undefined;
  /** True where the place was not asked for owners, as long as nothing needs one. */
  readonly isOwnerUnread?: boolean;
  /** The name of what took over from it: its own end concerns nobody any more. */
  readonly supersededBy?: string | undefined;
  readonly findings?: readonly Finding[];
}

/** What Keywatch concludes of one credential at one instant. */
export interface Assessment {
  /** `VAULT/KIND/NAME`, or `grant/ID`: stable from scan to scan. */
  readonly credentialId: string;
  readonly kind: CredentialKind;
  /** The vault's name, or the application for the kinds of Entra ID. */
  readonly vault: string;
  readonly name: string;
  readonly version: string | undefined;
  /** Of a credential of an application: its client id. */
  readonly appId?: string | undefined;
  /** The rotation of Keywatch that made it. */
  readonly rotationId?: string | undefined;
  /** When that version was made, where the source says. */
  readonly createdEpochMs: number | undefined;
  readonly status: CredentialStatus;
  readonly expiresOnEpochMs: number | undefined;
  readonly notBeforeEpochMs: number | undefined;
  /** When the status becomes `warning`, and `critical`; absent without an expiry. */
  readonly warningAtEpochMs: number | undefined;
  readonly criticalAtEpochMs: number | undefined;
  /** Until when its end is reported at once; from then on it is the finding `ended_long_ago`. Absent without an end. */
  readonly alertUntilEpochMs?: number | undefined;
  readonly owner: string | undefined;
  /** Whether its place would say another owner and was not asked, or did not answer; absent: no. */
  readonly isOwnerUnread?: boolean;
  readonly runbook: string | undefined;
  /** Hosts that it is used at, by its tag; absent when the tag is, or is malformed. */
  readonly targets: readonly string[] | undefined;
  readonly findings: readonly Finding[];
  readonly suppressed: Suppression | undefined;
  readonly snoozedUntilEpochMs: number | undefined;
  /** Name of what took over from it; absent: nothing did. */
  readonly supersededBy?: string | undefined;
  /** Whether it renews itself, where somebody says so or its policy was asked. */
  readonly renewal?: Renewal | undefined;
  /** Who decided what; absent: nobody knows any more. */
  readonly judgement?: Judgement;
}

/** The id of a vault object: `VAULT/KIND/NAME`; the three kinds may share a name in one vault. */
export const credentialIdOf = (vault: string, kind: CredentialKind, name: string): string =>
  `${vault}/${kind}/${name}`;
