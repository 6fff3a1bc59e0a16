import type { AzureFailure } from '../../azure/azureErrorReason.ts';
import type { CredentialMetadata, VaultObjectKind } from '../rules/credential.ts';

export type Listing =
  | { readonly ok: true; readonly pages: number }
  /** Stopped half-way: what was handed over until then is not the whole vault. */
  | { readonly ok: false; readonly pages: number; readonly failure: AzureFailure };

export type VersionListing =
  | {
      readonly ok: true;
      readonly versions: readonly CredentialMetadata[];
      /** The `Date` of the answer: Key Vault's clock. Absent when it carried none. */
      readonly serverDateEpochMs?: number | undefined;
    }
  | AzureFailure;

/**
 * Takes one page of objects. A promise that it returns is waited for before the next page is asked for: so a
 * receiver that is slower than Key Vault holds the listing back instead of piling up what it was given.
 * @param serverDateEpochMs the `Date` of the page's answer: Key Vault's clock, by which a wrong local one shows
 */
export type OnPage = (
  objects: readonly CredentialMetadata[],
  serverDateEpochMs: number | undefined,
) => void | Promise<void>;

/**
 * What Key Vault tells about its objects without their values. An implementation is unable to read a
 * value: it holds no client method that could.
 *
 * Not guaranteed: a listing is no snapshot; objects that come and go while it runs may be in it or not.
 */
export interface Inventory {
  /**
   * Lists all objects of one kind in one vault, page after page, holding one page in memory at a time.
   * Retries what is worth retrying itself. Never rejects, unless `onPage` throws or rejects.
   */
  list(vaultUrl: string, kind: VaultObjectKind, onPage: OnPage, signal?: AbortSignal): Promise<Listing>;
  /** All versions of one object, each with its `version`. An object that does not exist has none. */
  listVersions(vaultUrl: string, kind: VaultObjectKind, name: string): Promise<VersionListing>;
}
