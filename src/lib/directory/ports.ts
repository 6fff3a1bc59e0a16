import type { AzureAnswer, AzureFailure, PagedListing } from '../azure/azureErrorReason.ts';
import type {
  DirectoryApplication,
  DirectoryObjectType,
  DirectoryOwner,
} from './rules/directoryApplication.ts';
import type { ManagementPolicies } from './rules/managementPolicies.ts';

/**
 * Takes one page. A promise that it returns is waited for before the next page is asked for.
 * @param serverDateEpochMs the `Date` of the page's answer; absent where it carried none
 */
export type OnDirectoryPage = (
  objects: readonly DirectoryApplication[],
  serverDateEpochMs: number | undefined,
) => void | Promise<void>;

/** A directory object by its own id. */
export interface DirectoryObject {
  readonly type: DirectoryObjectType;
  readonly id: string;
}

/**
 * What Entra ID says of applications and their credentials, without a value: an implementation is unable to read
 * one, since the directory shows it to nobody. Every question is a read and is asked again where that can help.
 * Nothing here rejects, unless `onPage` throws or rejects.
 *
 * Not guaranteed: a listing is no snapshot, and lags behind changes by minutes. An object may be gone by the time
 * that something else is asked of it: then it is absent from the answer, which is no failure.
 */
export interface Directory {
  /** Every application, or every service principal that has a credential, holding one page in memory at a time. */
  list(type: DirectoryObjectType, onPage: OnDirectoryPage, signal: AbortSignal): Promise<PagedListing>;
  /** Applications by their client ids, those that are there. */
  applicationsOf(
    appIds: readonly string[],
    signal: AbortSignal,
  ): Promise<AzureAnswer<{ readonly applications: readonly DirectoryApplication[] }>>;
  /**
   * The owners of each object, by its id; at most 100 an object. An object that nobody owns has an empty list; one
   * of which the owners alone are refused is absent.
   */
  ownersOf(
    objects: readonly DirectoryObject[],
    signal: AbortSignal,
  ): Promise<AzureAnswer<{ readonly owners: ReadonlyMap<string, readonly DirectoryOwner[]> }>>;
  /** Of these applications, by object id, those that have at least one federated credential. */
  federatedOf(
    applicationIds: readonly string[],
    signal: AbortSignal,
  ): Promise<AzureAnswer<{ readonly federated: ReadonlySet<string> }>>;
  /** What the tenant allows of credentials: its default and the policies of single applications. */
  managementPolicies(signal: AbortSignal): Promise<AzureAnswer<{ readonly policies: ManagementPolicies }>>;
}

/** A secret that was just made. Its value is shown this once: whoever holds it registers it before anything else. */
export interface AddedSecret {
  readonly ok: true;
  readonly keyId: string;
  readonly secretText: string;
  readonly endEpochMs: number | undefined;
}

/** A change of a secret that the directory did not confirm. */
export interface SecretChangeFailure extends AzureFailure {
  /**
   * True where the change may have been carried out all the same: no answer came, or none that can be read.
   * Read the application again before anything else is done: what was added is found by its display name.
   */
  readonly mayHaveHappened: boolean;
}

/**
 * The secrets of an application that the caller owns (`Application.ReadWrite.OwnedBy`): for the rotator alone.
 * Nothing here rejects.
 *
 * Not guaranteed: that a read shows a change of the last minutes; that a repeated `addSecret` makes one secret only
 * (each call makes one, and there is no idempotency key: the display name has to tell them apart); that a removal
 * that failed did not happen. Two changes of one application in quick succession may be refused (409), which is
 * retryable. Changes are never repeated by an implementation.
 */
export interface ApplicationSecrets {
  /** The application with its credentials; `undefined` where the directory has none by that client id. */
  readApplication(
    appId: string,
    signal: AbortSignal,
  ): Promise<AzureAnswer<{ readonly application: DirectoryApplication | undefined }>>;
  /** Makes a secret. Without an end the directory would give it two years, so one is always stated. */
  addSecret(
    applicationId: string,
    secret: { readonly displayName: string; readonly endEpochMs: number },
    signal: AbortSignal,
  ): Promise<AddedSecret | SecretChangeFailure>;
  /** Removes a secret; one that is gone already is removed. */
  removeSecret(
    applicationId: string,
    keyId: string,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true } | SecretChangeFailure>;
}

/** What an identity is and may do at Microsoft Graph. */
export type OwnRoles = AzureAnswer<{
  /** Whether it is the one who asks, and so tries all else itself. */
  readonly isAsking: boolean;
  /** Its object id. */
  readonly principalId: string | undefined;
  /** The names of its application permissions; absent: it is a person, or the token cannot be read. */
  readonly roles: readonly string[] | undefined;
}>;

/** Never rejects. Not guaranteed: that a role which was just given, or taken away, shows within a day. */
export interface RoleProbe {
  ownRoles(signal: AbortSignal): Promise<OwnRoles>;
}
