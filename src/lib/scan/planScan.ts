import type { AzureFailure } from '../azure/azureErrorReason.ts';
import type { VaultDiscovery } from './ports/vaultDiscovery.ts';
import type { ScanRequest } from './rules/scanRequest.ts';
import type { ScanMode } from './rules/vaultScan.ts';

export interface ScanScope {
  readonly vaultUrls: readonly string[];
  readonly subscriptionIds: readonly string[];
}

export interface ScanPlan {
  readonly requests: readonly ScanRequest[];
  /** How many vaults the subscriptions showed, those that are named as well among them. */
  readonly found: number;
  /** Why some or all subscriptions show no vault; whatever else is known is scanned all the same. */
  readonly discoveryFailure: AzureFailure | undefined;
}

/** Decides which vaults to scan now: those named and those found in the subscriptions, each once. */
export const planScan = async (
  discovery: VaultDiscovery,
  scope: ScanScope,
  modeOf: (vaultUrl: string) => ScanMode,
  newScanId: () => string,
): Promise<ScanPlan> => {
  const { vaultUrls: found, failure } = await search(discovery, scope.subscriptionIds);
  const vaultUrls = [...new Set([...scope.vaultUrls, ...found])];
  return {
    requests: vaultUrls.map((vaultUrl) => ({ vaultUrl, runId: newScanId(), mode: modeOf(vaultUrl) })),
    found: found.length,
    discoveryFailure: failure,
  };
};

const search = async (
  discovery: VaultDiscovery,
  subscriptionIds: readonly string[],
): Promise<{ readonly vaultUrls: readonly string[]; readonly failure: AzureFailure | undefined }> => {
  if (subscriptionIds.length === 0) return { vaultUrls: [], failure: undefined };
  const found = await discovery.discover(subscriptionIds);
  if (!found.ok) return { vaultUrls: [], failure: found };
  const { vaultUrls, emptySubscriptionIds } = found;
  return {
    vaultUrls,
    failure: emptySubscriptionIds.length === 0 ? undefined : nothingSeen(emptySubscriptionIds),
  };
};

const MOST_NAMED = 5;

const nothingSeen = (subscriptionIds: readonly string[]): AzureFailure => {
  const named = subscriptionIds.slice(0, MOST_NAMED).join(', ');
  const more = subscriptionIds.length - MOST_NAMED;
  return {
    ok: false,
    code: 'discovery_not_found',
    reason: 'not_found',
    retryable: false,
    message: `No vault is to be seen in subscription ${named}${more > 0 ? ` and ${more} more` : ''}.`,
    action:
      "Give Keywatch's scanner identity Key Vault Reader on the subscription; if it truly holds no vault, take it off the list.",
    httpStatus: 200,
  };
};
