import type { AzureFailure, PagedListing } from '../../src/lib/azure/azureErrorReason.ts';
import type { Inventory, VersionListing } from '../../src/lib/scan/ports.ts';
import type { CredentialMetadata, VaultObjectKind } from '../../src/lib/scan/rules/credential.ts';
import type { RenewalPolicy } from '../../src/lib/scan/rules/renewal.ts';

export interface FakeVault {
  /** Pages of each kind; a kind that is absent is an empty collection of one page. */
  readonly pages?: Partial<Record<VaultObjectKind, Iterable<readonly CredentialMetadata[]>>>;
  /** The clock of the vault, as its answers say it; absent: answers carry no date. */
  readonly serverDatesEpochMs?: readonly (number | undefined)[];
  /** Kinds whose listing breaks off after their pages. */
  readonly failures?: Partial<Record<VaultObjectKind, AzureFailure>>;
  readonly versions?: VersionListing;
  /** Of each object; absent: none renews. */
  readonly policy?: RenewalPolicy | AzureFailure;
}

/** A failure as an adapter would give it, and the changes that a test is about. */
export const inventoryFailure = (changes: Partial<AzureFailure> = {}): AzureFailure => ({
  ok: false,
  code: `scan_${changes.reason ?? 'forbidden'}`,
  reason: 'forbidden',
  retryable: false,
  message: 'kv-front-desk refused to list its secrets.',
  action: 'Give the identity the role Key Vault Reader.',
  httpStatus: 403,
  ...changes,
});

/** Hands out what each vault is said to hold; a vault that was not named does not exist. */
export const fakeInventory = (vaults: Readonly<Record<string, FakeVault>>): Inventory => ({
  async list(vaultUrl, kind, onPage): Promise<PagedListing> {
    const vault = vaults[vaultUrl];
    if (vault === undefined) {
      return {
        ok: false,
        pages: 0,
        failure: inventoryFailure({ reason: 'not_found', httpStatus: undefined }),
      };
    }
    let pages = 0;
    for (const page of vault.pages?.[kind] ?? [[]]) {
      await onPage(page, vault.serverDatesEpochMs?.[pages]);
      pages += 1;
    }
    const failure = vault.failures?.[kind];
    return failure === undefined ? { ok: true, pages } : { ok: false, pages, failure };
  },
  listVersions: async (vaultUrl): Promise<VersionListing> =>
    vaults[vaultUrl]?.versions ?? { ok: true, versions: [] },
  async renewalPolicy(vaultUrl) {
    const policy = vaults[vaultUrl]?.policy ?? { isEnabled: true, triggers: [] };
    return 'ok' in policy ? policy : { ok: true, policy };
  },
});
