import type { AzureErrorReason, AzureFailure, PagedListing } from '../azure/azureErrorReason.ts';
import type { Clock } from '../kernel/clock.ts';
import { firstNamed } from '../kernel/firstNamed.ts';
import type { CredentialSource, Inventory, SourceTargets, VaultDiscovery } from './ports.ts';
import type { VaultPolicy } from './rules/assess.ts';
import type { VaultObjectKind } from './rules/credential.ts';
import { type VaultScope, watchedVaults } from './watchedVaults.ts';

export interface KeyVaultSourcePorts {
  readonly inventory: Pick<Inventory, 'list' | 'listVersions' | 'renewalPolicy'>;
  readonly discovery: VaultDiscovery;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

const KINDS: readonly VaultObjectKind[] = ['secret', 'key', 'certificate'];

/** Nobody is there to answer: asked for the next kind, it would make the caller wait as long again. */
const UNREACHABLE: ReadonlySet<AzureErrorReason> = new Set(['connection', 'tls', 'not_found']);

/** The vaults that are named and those of the subscriptions, each by its origin: secrets, then keys, then certificates. */
export const keyVaultSource = (
  { inventory, discovery, clock }: KeyVaultSourcePorts,
  scope: VaultScope,
  policyOf: (vaultUrl: string) => VaultPolicy,
): CredentialSource => ({
  name: 'keyvault',
  targets: () => vaultsOf(discovery, scope),
  watches: watchedVaults({ discovery, clock }, scope),
  policyOf,
  async list(vaultUrl, onPage, signal) {
    const listings: PagedListing[] = [];
    // One kind after the other: side by side they hold three times the pages, and a large scan is busy anyway.
    for (const kind of KINDS) {
      const listing = await inventory.list(vaultUrl, kind, onPage, signal);
      listings.push(listing);
      if (!listing.ok && UNREACHABLE.has(listing.failure.reason)) break;
    }
    const pages = listings.reduce((sum, one) => sum + one.pages, 0);
    const failure = listings.find((listing) => !listing.ok)?.failure;
    return failure === undefined ? { ok: true, pages } : { ok: false, pages, failure };
  },
  versions: (vaultUrl, { kind, name }, signal) =>
    inventory.listVersions(vaultUrl, kind as VaultObjectKind, name, signal),
  renewalPolicy: (vaultUrl, { kind, name }, signal) =>
    inventory.renewalPolicy(vaultUrl, kind === 'key' ? 'key' : 'certificate', name, signal),
});

const vaultsOf = async (
  discovery: VaultDiscovery,
  { vaultUrls, subscriptionIds }: VaultScope,
): Promise<SourceTargets> => {
  if (subscriptionIds.length === 0) return { targets: vaultUrls };
  const found = await discovery.discover(subscriptionIds);
  if (!found.ok) return { targets: vaultUrls, discovery: { found: 0, failure: found } };
  const { emptySubscriptionIds: empty } = found;
  return {
    targets: [...new Set([...vaultUrls, ...found.vaultUrls])],
    discovery: {
      found: found.vaultUrls.length,
      failure: empty.length === 0 ? undefined : nothingSeen(empty),
    },
  };
};

const MOST_NAMED = 5;

const nothingSeen = (subscriptionIds: readonly string[]): AzureFailure => {
  return {
    ok: false,
    code: 'discovery_not_found',
    reason: 'not_found',
    retryable: false,
    message: `No vault is to be seen in subscription ${firstNamed(subscriptionIds, MOST_NAMED)}.`,
    action:
      "Give Keywatch's scanner identity Key Vault Reader on the subscription; if it truly holds no vault, take it off the list.",
    httpStatus: 200,
  };
};
