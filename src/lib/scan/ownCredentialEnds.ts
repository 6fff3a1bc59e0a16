import type { Inventory } from './ports.ts';
import type { OwnCredential } from './rules/ownCredentials.ts';
import { currentVersion } from './rules/versions.ts';

/** Those that end, with the end of their current version. What may not be listed is left to the listing to say. */
export const ownCredentialEnds = async (
  inventory: Pick<Inventory, 'listVersions'>,
  credentials: readonly OwnCredential[],
): Promise<readonly (OwnCredential & { readonly expiresOnEpochMs: number })[]> => {
  const ends: (OwnCredential & { readonly expiresOnEpochMs: number })[] = [];
  for (const one of credentials) {
    const listing = await inventory.listVersions(one.vaultUrl, one.kind, one.name);
    const expiresOnEpochMs = listing.ok ? currentVersion(listing.versions)?.expiresOnEpochMs : undefined;
    if (expiresOnEpochMs !== undefined) ends.push({ ...one, expiresOnEpochMs });
  }
  return ends;
};
