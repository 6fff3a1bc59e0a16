import type { AzureFailure } from '../azure/azureErrorReason.ts';
import { failureBeforeFirstPage } from './firstPage.ts';
import type { Inventory, ValueAccess, ValueAccessProbe } from './ports.ts';
import type { VaultObjectKind } from './rules/credential.ts';

/** What the current identity may do at one vault. */
export interface VaultAccess {
  readonly vaultUrl: string;
  /** Absent for a kind that may be listed. */
  readonly listing: Readonly<Record<VaultObjectKind, AzureFailure | undefined>>;
  readonly values: ValueAccess;
}

export interface CheckPorts {
  readonly inventory: Inventory;
  readonly valueAccess: Pick<ValueAccessProbe, 'mayReadValues'>;
}

/** Tries what a scan does, as far as one page, and asks whether more than that would be allowed. */
export const checkVault = async (
  { inventory, valueAccess }: CheckPorts,
  vaultUrl: string,
): Promise<VaultAccess> => {
  const listingOf = (kind: VaultObjectKind): Promise<AzureFailure | undefined> =>
    failureBeforeFirstPage((onPage) => inventory.list(vaultUrl, kind, onPage));
  const [secret, key, certificate] = await Promise.all([
    listingOf('secret'),
    listingOf('key'),
    listingOf('certificate'),
  ]);
  const reached = [secret, key, certificate].some(
    (failure) => failure === undefined || failure.httpStatus !== undefined,
  );
  const values = reached ? await valueAccess.mayReadValues(vaultUrl) : 'unknown';
  return { vaultUrl, listing: { secret, key, certificate }, values };
};
